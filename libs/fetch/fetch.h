// The control-plane HTTPS client: check-in, snapshots, events, enrolment. Blocking, for a plain thread; the data path
// has its own client (libs/net, libs/http). libcurl stays private here.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace sluice::fetch {

using Headers = std::vector<std::pair<std::string, std::string>>;

// Whom we talk to and how both sides prove who they are.
struct Peer {
  // "sha256//BASE64" of the server's public key (SPKI). With a pin the certificate's chain, name and dates are not
  // looked at: the key itself is what is trusted. Without one, the chain and the name must verify.
  std::string pin = {};
  std::string ca_pem = {};  // trust anchors instead of the system's; empty for the system's
  std::string client_certificate_pem = {};
  Secret client_key_pem = {};
};

struct Request {
  std::string method = "GET";
  std::string url = {};  // https only
  Headers headers = {};
  std::string body = {};
  std::chrono::milliseconds timeout{30'000};  // for the whole exchange; a long poll needs its wait on top
  std::chrono::milliseconds connect_timeout{10'000};
  std::size_t largest_response = 16 * 1024 * 1024;
};

struct Response {
  int status = 0;
  Headers headers = {};  // names in lower case
  std::string body = {};
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

// Keeps its connection between calls. One thread at a time. Redirects are not followed, proxy variables of the
// environment are not read.
class Fetcher {
 public:
  explicit Fetcher(Peer peer);
  ~Fetcher();
  Fetcher(Fetcher&&) noexcept;
  Fetcher& operator=(Fetcher&&) noexcept;

  // Any HTTP status is a Response. Errors name the host and the cause: invalid_argument (not https), resolve_failed,
  // connect_failed, untrusted (pin or chain), timed_out, connection_closed, too_large, and cancelled within 200 ms of
  // a stop request.
  Result<Response> fetch(const Request& request, std::stop_token stop = {});

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

// One exchange on a connection of its own.
Result<Response> fetch_once(Peer peer, const Request& request, std::stop_token stop = {});

}  // namespace sluice::fetch
