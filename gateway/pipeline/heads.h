// Heads on their way through: everything stands as it came (names, values, order) but for what is named here. Pure.
#pragma once
#include <optional>
#include <string_view>

#include "dialect/dialect.h"
#include "gateway/upstream/destination.h"
#include "http/message.h"
#include "policy/snapshot.h"

namespace sluice::gateway {

// A request of an intercepted app: connection fields, Expect and Sluice's own `sluice-*` fields are left out; the
// client's own credential passes byte for byte. Target and Host stay.
// A body that was rewritten goes uncoded with its new length.
http::RequestHead device_request_head(const http::RequestHead& received,
                                      std::optional<std::size_t> rewritten_size = std::nullopt);

// A request of an API client: connection fields, Expect, `sluice-*` and everything that may carry a client's credential
// are left out; Host becomes the provider's in its place; the provider's key stands where the client's credential in
// the same field stood, else at the end. `path` is the provider's path with the query. A changed body length is
// written in place of the old one.
struct ApiForward {
  const Destination& destination;
  const policy::ProviderSettings& provider;
  std::string_view path;
  std::size_t body_size = 0;
  bool rewritten = false;  // the body lost its content coding
};
http::RequestHead api_request_head(const http::RequestHead& received, const ApiForward& forward);

// Answers. An intercepted app sees the provider's own `x-request-id`; ours is `sluice-request-id` (and x-request-id
// when the provider sent none). An API client sees ours as `x-request-id` and the provider's as
// `x-upstream-request-id`; cookies of the provider stay out.
void dress_for_device(http::Fields& fields, std::string_view request_id);
void dress_for_api(http::Fields& fields, std::string_view request_id);

// The provider's own id of the request: `request-id` (Anthropic) or `x-request-id`; empty when it sent none.
std::string_view upstream_request_id(const http::Fields& fields) noexcept;

}  // namespace sluice::gateway
