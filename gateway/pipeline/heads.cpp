#include "gateway/pipeline/heads.h"

#include <string>

#include "gateway/edge/credentials.h"

namespace sluice::gateway {
namespace {

using http::equal_ignoring_case;

constexpr std::string_view own_prefix = "sluice-";

bool is_own(std::string_view name) noexcept {
  return name.size() >= own_prefix.size() && equal_ignoring_case(name.substr(0, own_prefix.size()), own_prefix);
}

// The body was read whole and "100 Continue" sent where it was asked for: Expect has done its work.
bool is_expect(std::string_view name) noexcept {
  return equal_ignoring_case(name, "expect");
}

http::RequestHead start_head(const http::RequestHead& received, std::string_view target) {
  http::RequestHead head{.method = received.method, .target = std::string(target), .fields = {}};
  head.fields.reserve(received.fields.size() + 2, 2048);
  return head;
}

}  // namespace

http::RequestHead device_request_head(const http::RequestHead& received, std::optional<std::size_t> rewritten_size) {
  http::RequestHead head = start_head(received, received.target);
  for (const http::Field field : received.fields)
    if (!is_own(field.name) && !is_expect(field.name)) head.fields.add(field.name, field.value);
  http::remove_hop_by_hop(head.fields);
  if (rewritten_size) {
    head.fields.remove("content-encoding");
    head.fields.remove("transfer-encoding");
    head.fields.set("content-length", std::to_string(*rewritten_size));
  }
  return head;
}

http::RequestHead api_request_head(const http::RequestHead& received, const ApiForward& forward) {
  http::RequestHead head = start_head(received, join_path(forward.destination.base_path, forward.path));
  const bool with_key = !forward.provider.api_key.empty();
  const ProviderCredential credential = provider_credential(forward.provider.dialect, forward.provider.api_key);
  bool placed = !with_key;
  for (const http::Field field : received.fields) {
    if (equal_ignoring_case(field.name, "host")) {
      head.fields.add(field.name, forward.destination.authority);
    } else if (!placed && equal_ignoring_case(field.name, credential.field)) {
      head.fields.add(field.name, credential.value);
      placed = true;
    } else if (equal_ignoring_case(field.name, "content-length")) {
      head.fields.add(field.name, std::to_string(forward.body_size));
    } else if (!is_client_credential(field.name) && !is_own(field.name) && !is_expect(field.name)) {
      head.fields.add(field.name, field.value);
    }
  }
  if (!placed) head.fields.add(credential.field, credential.value);
  if (!head.fields.get("host")) head.fields.add("Host", forward.destination.authority);  // HTTP/1.0 need not send it
  http::remove_hop_by_hop(head.fields);
  if (forward.rewritten) head.fields.remove("content-encoding");
  return head;
}

void dress_for_device(http::Fields& fields, std::string_view request_id) {
  http::remove_hop_by_hop(fields);
  if (!fields.get("x-request-id")) fields.add("x-request-id", request_id);
  fields.set("sluice-request-id", request_id);
}

void dress_for_api(http::Fields& fields, std::string_view request_id) {
  http::remove_hop_by_hop(fields);
  fields.remove("set-cookie");
  fields.remove_prefix(own_prefix);
  const std::string theirs(fields.get("x-request-id").value_or(""));
  fields.set("x-request-id", request_id);
  if (!theirs.empty()) fields.set("x-upstream-request-id", theirs);
}

std::string_view upstream_request_id(const http::Fields& fields) noexcept {
  if (const auto id = fields.get("request-id")) return id->substr(0, 200);
  if (const auto id = fields.get("x-request-id")) return id->substr(0, 200);
  return {};
}

}  // namespace sluice::gateway
