// How a refusal must look so that the client shows its text to a person, at once and without retries. The table behind
// it is measured with the real clients: HTTP 400 with the provider's own JSON is the only status that all of them treat
// as final and show; 401, 403, 404, 429, 5xx, resets and redirects make some retry for minutes or hide the text.
#pragma once
#include <string>
#include <string_view>

#include "dialect/dialect.h"
#include "dialect/errors.h"

namespace sluice::policy {

struct RefusalRequest {
  std::string_view app = {};  // "codex", "gemini-cli", …; decides the form
  dialect::Operation operation = dialect::Operation::chat_completions;
  bool streamed = false;
  std::string_view reason = {};     // one or two sentences for a person
  std::string_view reference = {};  // appended as "Reference …." when it is not empty and not in the reason already
  std::string_view request_id = {};
  std::string_view model = {};           // echoed where the form has a model field; may be empty
  std::string_view code = "app_denied";  // Sluice's error name
  std::string_view path = {};            // request target; Gemini Code Assist (/v1internal:…) wraps its answers
  bool wants_json = false;               // RequestFacts::wants_json: an answer's text must be JSON then
};

// The answer to an intercepted app. Send head and body in one write: Codex shows nothing when they are split over two
// TLS records. The caller drains the request body first.
dialect::Answer refusal_to_app(const RefusalRequest& request);

// The refusal of a request that is no inference (another path of a governed host): 400 with the dialect's error.
dialect::Answer refusal_to_app(dialect::Dialect dialect, std::string_view reason, std::string_view reference,
                               std::string_view request_id);

// "Example Corp does not allow Codex. <note> Ask it@example.com. Reference QX7-1234." Empty parts are left out.
std::string refusal_text(std::string_view org, std::string_view app_name, std::string_view note,
                         std::string_view contact, std::string_view reference);

}  // namespace sluice::policy
