#include "console_backend/api/answering.h"

namespace sluice::console {

void add_security_fields(http::Fields& fields) {
  // No exception for inline styles: the page makes no <style> element (console_backend/web/README.md).
  fields.set("content-security-policy",
             "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'");
  fields.set("x-content-type-options", "nosniff");
  fields.set("referrer-policy", "no-referrer");
  fields.set("cross-origin-opener-policy", "same-origin");
  fields.set("cross-origin-resource-policy", "same-origin");
}

http::ResponseHead head_of(const Outcome& outcome, std::string& body) {
  http::ResponseHead head;
  if (outcome) {
    head.status = outcome->status;
    head.fields = outcome->fields;
    if (!outcome->content_type.empty()) head.fields.set("content-type", outcome->content_type);
    body = outcome->body;
  } else {
    const Problem& what = outcome.error();
    head = http::error_head(what.error);
    if (what.status != 0) head.status = what.status;
    if (head.status == 401) head.fields.set("www-authenticate", "Bearer");
    if (head.status == 429 || head.status == 503)
      head.fields.set("retry-after", std::to_string(what.retry_after.count()));
    body = http::error_body(what.error, what.field);
  }
  if (!head.fields.get("cache-control")) head.fields.set("cache-control", "no-store");
  return head;
}

}  // namespace sluice::console
