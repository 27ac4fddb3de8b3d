#include "fetch/fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <future>

#include "base/clock.h"
#include "tls/ca.h"
#include "tls/keys.h"
#include "tls_server.h"

namespace sluice::fetch {
namespace {

using testing::HasSubstr;
using testing::Not;

// An organisation's identity CA, a server identity under it for 127.0.0.1, and a client's.
struct World {
  tls::EcKey server_key = tls::EcKey::generate();
  tls::EcKey client_key = tls::EcKey::generate();
  std::string ca_pem, server_pem, client_pem;

  World() {
    const auto ca = *tls::make_identity_ca("Example", wall_now());
    ca_pem = ca.certificate_pem;
    server_pem = sign(ca, server_key, "console");
    client_pem = sign(ca, client_key, "device");
  }
  static std::string sign(const tls::Authority& ca, const tls::EcKey& key, std::string unit) {
    const auto request = *tls::parse_signing_request(*tls::make_signing_request(key, "x"));
    const tls::IdentitySubject subject{
        .common_name = "dev_1", .organization = "Example", .unit = std::move(unit), .names = {"127.0.0.1"}};
    return *tls::sign_identity(ca, request, subject, std::chrono::hours(1), wall_now());
  }
  [[nodiscard]] tls::TlsContext context(tls::ClientCertificate client = tls::ClientCertificate::none) const {
    tls::ServerOptions options;
    options.identity = {.chain_pem = server_pem, .key_pem = server_key.to_pem()};
    options.client_certificate = client;
    options.client_ca_pem = client == tls::ClientCertificate::none ? std::string() : ca_pem;
    return *tls::TlsContext::server(std::move(options));
  }
  [[nodiscard]] Peer pinned() const { return {.pin = server_key.pin()}; }
};

const World& world() {
  static const World made;
  return made;
}

std::string answer(std::string_view body, std::string_view fields = "") {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(fields) + "\r\n" +
         std::string(body);
}

TEST(Fetch, SendsMethodFieldsAndBodyAndReadsTheAnswer) {
  std::string seen;
  TlsServer server(world().context(), [&](std::string request) {
    seen = std::move(request);
    return answer("{}", "ETag: \"1.2\"\r\nX-Twice: a\r\n");
  });
  Fetcher fetcher(world().pinned());
  const auto response = fetcher.fetch({.method = "POST",
                                       .url = server.url("/edge/v1/enrol?wait=1"),
                                       .headers = {{"if-none-match", "\"1.1\""}, {"content-type", "application/json"}},
                                       .body = R"({"token":"t"})"});
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "{}");
  EXPECT_EQ(response->header("ETag"), "\"1.2\"");
  EXPECT_EQ(response->header("absent"), std::nullopt);
  EXPECT_THAT(seen, HasSubstr("POST /edge/v1/enrol?wait=1 HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("if-none-match: \"1.1\"\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\n\r\n{\"token\":\"t\"}"));
  EXPECT_THAT(seen, Not(HasSubstr("Expect")));
}

TEST(Fetch, KeepsItsConnectionAndForgetsTheLastRequest) {
  std::string seen;
  TlsServer server(world().context(), [&](std::string request) {
    seen = std::move(request);
    return answer("x");
  });
  Fetcher fetcher(world().pinned());
  ASSERT_TRUE(fetcher.fetch({.method = "POST", .url = server.url("/a"), .headers = {{"x-a", "1"}}, .body = "body"}));
  ASSERT_TRUE(fetcher.fetch({.url = server.url("/b")}));
  EXPECT_THAT(seen, HasSubstr("GET /b"));
  EXPECT_THAT(seen, Not(HasSubstr("x-a")));
  EXPECT_THAT(seen, Not(HasSubstr("body")));
  EXPECT_EQ(server.connections(), 1);
}

TEST(Fetch, RefusesAnotherKeyThanThePinnedOneBeforeItSendsAnything) {
  bool asked = false;
  TlsServer server(world().context(), [&](const std::string&) {
    asked = true;
    return answer("x");
  });
  const auto response = fetch_once({.pin = world().client_key.pin()}, {.url = server.url("/"), .body = "secret"});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::untrusted);
  EXPECT_THAT(response.error().detail, HasSubstr("127.0.0.1:"));
  EXPECT_FALSE(asked);
}

TEST(Fetch, VerifiesTheChainWithoutAPin) {
  TlsServer server(world().context(), [](const std::string&) { return answer("x"); });
  const Request request{.url = server.url("/")};
  EXPECT_TRUE(fetch_once({.ca_pem = world().ca_pem}, request));
  EXPECT_EQ(fetch_once({}, request).error().code, ErrorCode::untrusted);
  const auto other = *tls::make_identity_ca("Other", wall_now());
  EXPECT_EQ(fetch_once({.ca_pem = other.certificate_pem}, request).error().code, ErrorCode::untrusted);
}

TEST(Fetch, ShowsItsClientCertificate) {
  TlsServer server(world().context(tls::ClientCertificate::required), [](const std::string&) { return answer("x"); });
  const Request request{.url = server.url("/")};
  EXPECT_FALSE(fetch_once(world().pinned(), request));
  const auto response = fetch_once({.pin = world().server_key.pin(),
                                    .client_certificate_pem = world().client_pem,
                                    .client_key_pem = world().client_key.to_pem()},
                                   request);
  EXPECT_TRUE(response) << response.error().message();
}

TEST(Fetch, EndsALongPollWhenItIsAskedToStop) {
  std::promise<void> reached, release;
  TlsServer server(world().context(), [&](const std::string&) {
    reached.set_value();
    release.get_future().wait();
    return std::string();
  });
  std::stop_source source;
  std::optional<Result<Response>> response;
  std::jthread poller(
      [&] { response = fetch_once(world().pinned(), {.url = server.url("/wait")}, source.get_token()); });
  reached.get_future().wait();
  const auto before = steady_now();
  source.request_stop();
  poller.join();
  EXPECT_LT(steady_now() - before, std::chrono::milliseconds(200));
  EXPECT_EQ(response->error().code, ErrorCode::cancelled);
  release.set_value();
}

TEST(Fetch, TimesOut) {
  std::promise<void> release;
  TlsServer server(world().context(), [&](const std::string&) {
    release.get_future().wait();
    return std::string();
  });
  const auto response =
      fetch_once(world().pinned(), {.url = server.url("/"), .timeout = std::chrono::milliseconds(50)});
  EXPECT_EQ(response.error().code, ErrorCode::timed_out);
  release.set_value();
}

TEST(Fetch, RefusesAnAnswerAboveTheLimit) {
  TlsServer server(world().context(), [](const std::string&) { return answer(std::string(4097, 'x')); });
  Request request{.url = server.url("/"), .largest_response = 4096};
  EXPECT_EQ(fetch_once(world().pinned(), request).error().code, ErrorCode::too_large);
  request.largest_response = 4097;
  EXPECT_TRUE(fetch_once(world().pinned(), request));
}

TEST(Fetch, NamesWhatWentWrong) {
  TlsServer closing(world().context(), [](const std::string&) { return std::string(); });
  EXPECT_EQ(fetch_once(world().pinned(), {.url = closing.url("/")}).error().code, ErrorCode::connection_closed);
  EXPECT_EQ(fetch_once({}, {.url = "https://127.0.0.1:1/"}).error().code, ErrorCode::connect_failed);
  EXPECT_EQ(fetch_once({}, {.url = "https://nowhere.invalid/"}).error().code, ErrorCode::resolve_failed);
  EXPECT_EQ(fetch_once({}, {.url = "http://127.0.0.1/"}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(fetch_once({}, {.url = "https://h/", .headers = {{"a", "b\r\nc: d"}}}).error().code,
            ErrorCode::invalid_argument);
}

TEST(Fetch, IgnoresProxiesOfTheEnvironment) {
  ::setenv("HTTPS_PROXY", "http://127.0.0.1:1", 1);
  ::setenv("https_proxy", "http://127.0.0.1:1", 1);
  TlsServer server(world().context(), [](const std::string&) { return answer("x"); });
  EXPECT_TRUE(fetch_once(world().pinned(), {.url = server.url("/")}));
  ::unsetenv("HTTPS_PROXY");
  ::unsetenv("https_proxy");
}

TEST(Fetch, DoesNotFollowRedirects) {
  TlsServer server(world().context(), [](const std::string&) {
    return std::string("HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  });
  const auto response = fetch_once(world().pinned(), {.url = server.url("/")});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
}

}  // namespace
}  // namespace sluice::fetch
