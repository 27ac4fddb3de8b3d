#include "tls/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tls/ca.h"

namespace sluice::tls {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

SigningRequest request_for(const EcKey& key) {
  return *parse_signing_request(*make_signing_request(key, "whoever"));
}

// Both authorities of an organisation and what they sign, as of now.
struct Pki {
  Authority root = *make_root("Example", {"anthropic.com"}, wall_now());
  Authority issuing = *make_issuing_ca(root, "Example", {"anthropic.com"}, wall_now());
  Authority identity_ca = *make_identity_ca("Example", wall_now());
  EcKey key = EcKey::generate();

  [[nodiscard]] Identity leaf(std::string_view host, TimePoint at = wall_now()) const {
    return {*sign_leaf(issuing, request_for(key), host, "dev_1", at), key.to_pem()};
  }
  [[nodiscard]] Identity identity(const std::string& name, hours life = hours(24), TimePoint at = wall_now()) const {
    const IdentitySubject subject{name, "Example", "device", {name == "10.1.0.2" ? name : name + ".example"}};
    return {*sign_identity(identity_ca, request_for(key), subject, life, at), key.to_pem()};
  }
  [[nodiscard]] TlsContext server(std::string_view host = "api.anthropic.com") const {
    return *TlsContext::server({.identity = leaf(host)});
  }
  [[nodiscard]] TlsContext client() const { return *TlsContext::client({.trust = BundleTrust{root.certificate_pem}}); }
};

// Two engines and the wire between them, which delivers at most `piece` bytes at a time.
struct Pair {
  TlsEngine client, server;
  std::size_t piece = 64 * 1024;
  std::optional<Error> client_error, server_error;

  Pair(const TlsContext& client_side, const TlsContext& server_side, std::string_view host = "api.anthropic.com")
      : client(TlsEngine::connect(client_side, host)), server(TlsEngine::accept(server_side)) {}

  static void deliver(TlsEngine& from, TlsEngine& to, std::size_t piece) {
    std::string bytes;
    from.take_output(bytes);
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      to.feed(std::string_view(bytes).substr(at, piece));
      if (piece < 64) (void)to.handshake();  // a step after every piece: state must survive any fragmentation
    }
  }
  static bool step(TlsEngine& engine, std::optional<Error>& error) {
    if (error) return false;
    const auto outcome = engine.handshake();
    if (!outcome) error = outcome.error();
    return outcome && *outcome == Handshake::done;
  }
  bool handshake() {
    for (int round = 0; round < 8; ++round) {
      const bool client_done = step(client, client_error);
      deliver(client, server, piece);
      const bool server_done = step(server, server_error);
      deliver(server, client, piece);
      if (client_done && server_done) return true;
      if (client_error && server_error) return false;
    }
    // In TLS 1.3 a client is done before the server has looked at its certificate: the refusal arrives as an alert.
    if (server_error && !client_error) {
      std::array<char, 16> into{};
      const auto read = client.read(into);
      if (!read) client_error = read.error();
    }
    return false;
  }
};

std::string read_all(TlsEngine& engine) {
  std::string text;
  std::array<char, 4096> into{};
  for (;;) {
    const auto read = engine.read(into);
    if (!read || read->state != Read::State::data) return text;
    text.append(into.data(), read->bytes);
  }
}

TEST(engine, a_handshake_and_data_pass_in_pieces_of_any_size) {
  const Pki pki;
  const TlsContext server = pki.server();
  const TlsContext client = pki.client();
  std::string body;
  for (int i = 0; i < 100'000; ++i) body.push_back(static_cast<char>('a' + i % 26));
  for (const std::size_t piece : {1UL, 2UL, 3UL, 5UL, 7UL, 64UL, 1000UL, 65536UL}) {
    Pair pair(client, server);
    pair.piece = piece;
    ASSERT_TRUE(pair.handshake()) << piece << (pair.client_error ? pair.client_error->message() : "");
    EXPECT_EQ(pair.client.version(), "TLSv1.3");
    ASSERT_TRUE(pair.client.write(body));
    Pair::deliver(pair.client, pair.server, piece);
    EXPECT_EQ(read_all(pair.server), body) << piece;
    ASSERT_TRUE(pair.server.write("short answer"));
    Pair::deliver(pair.server, pair.client, piece);
    EXPECT_EQ(read_all(pair.client), "short answer") << piece;
  }
}

TEST(engine, bytes_read_before_the_engine_existed_are_preloaded) {
  const Pki pki;
  Pair pair(pki.client(), pki.server());
  ASSERT_TRUE(pair.client.handshake());
  std::string hello;
  pair.client.take_output(hello);
  pair.server.feed(hello);
  EXPECT_TRUE(pair.server.has_input());
  EXPECT_TRUE(pair.handshake());
}

TEST(engine, bytes_received_in_place_are_read) {
  const Pki pki;
  Pair pair(pki.client(), pki.server());
  ASSERT_TRUE(pair.handshake());
  (void)read_all(pair.client);
  ASSERT_TRUE(pair.server.write("in place"));
  std::string bytes;
  pair.server.take_output(bytes);
  const auto room = pair.client.prepare(bytes.size());
  ASSERT_GE(room.size(), bytes.size());
  std::ranges::copy(bytes, room.begin());
  pair.client.commit(bytes.size());
  EXPECT_EQ(read_all(pair.client), "in place");
}

TEST(engine, a_certificate_of_another_authority_is_not_trusted_and_the_reason_is_named) {
  const Pki pki, other;
  Pair pair(other.client(), pki.server());
  EXPECT_FALSE(pair.handshake());
  ASSERT_TRUE(pair.client_error);
  EXPECT_EQ(pair.client_error->code, ErrorCode::untrusted);
  EXPECT_THAT(pair.client_error->detail, HasSubstr("certificate of api.anthropic.com: "));
  EXPECT_THAT(pair.client_error->detail, HasSubstr("issuer"));
  ASSERT_TRUE(pair.server_error);
  EXPECT_EQ(pair.server_error->code, ErrorCode::untrusted);
  EXPECT_THAT(pair.server_error->detail, HasSubstr("unknown CA"));
}

TEST(engine, an_expired_certificate_is_not_trusted) {
  const Pki pki;
  const auto server = *TlsContext::server({.identity = pki.leaf("api.anthropic.com", wall_now() - hours(49))});
  Pair pair(pki.client(), server);
  EXPECT_FALSE(pair.handshake());
  ASSERT_TRUE(pair.client_error);
  EXPECT_EQ(pair.client_error->code, ErrorCode::untrusted);
  EXPECT_THAT(pair.client_error->detail, HasSubstr("expired"));
}

TEST(engine, a_certificate_for_another_host_is_not_trusted) {
  const Pki pki;
  Pair pair(pki.client(), pki.server("api.anthropic.com"), "console.anthropic.com");
  EXPECT_FALSE(pair.handshake());
  ASSERT_TRUE(pair.client_error);
  EXPECT_THAT(pair.client_error->detail, HasSubstr("certificate of console.anthropic.com: hostname mismatch"));
}

TEST(engine, addresses_are_verified_against_address_names_only) {
  const Pki pki;
  const auto server = *TlsContext::server({.identity = pki.identity("10.1.0.2")});
  const auto client = *TlsContext::client({.trust = BundleTrust{pki.identity_ca.certificate_pem}});
  Pair right(client, server, "10.1.0.2");
  EXPECT_TRUE(right.handshake()) << (right.client_error ? right.client_error->message() : "");
  Pair wrong(client, server, "10.1.0.3");
  EXPECT_FALSE(wrong.handshake());
  EXPECT_THAT(wrong.client_error->detail, HasSubstr("IP address mismatch"));
  Pair nonsense(client, server, "not a host");
  EXPECT_FALSE(nonsense.handshake());
}

TEST(engine, the_name_constraint_stops_what_a_stolen_issuing_key_signs) {
  // sign_leaf would refuse these; signing an identity with the issuing CA's key is what a thief would do.
  const Pki pki;
  const auto client = pki.client();
  for (const std::string& name : {std::string("bank.example"), std::string("anthropic.com.evil.example"),
                                  std::string("10.0.0.1"), std::string("2001:db8::1")}) {
    const IdentitySubject subject{"x", "Example", "thief", {name}};
    const auto leaf = *sign_identity(pki.issuing, request_for(pki.key), subject, hours(1), wall_now());
    const auto server = *TlsContext::server({.identity = {leaf + pki.issuing.certificate_pem, pki.key.to_pem()}});
    Pair pair(client, server, name);
    EXPECT_FALSE(pair.handshake()) << name;
    ASSERT_TRUE(pair.client_error) << name;
    EXPECT_EQ(pair.client_error->code, ErrorCode::untrusted);
    EXPECT_THAT(pair.client_error->detail, HasSubstr("subtree violation")) << name;
  }
  // The same way with a permitted name works, so it is the constraint that stopped the others.
  const IdentitySubject permitted{"x", "Example", "thief", {"api.anthropic.com"}};
  const auto leaf = *sign_identity(pki.issuing, request_for(pki.key), permitted, hours(1), wall_now());
  Pair pair(client, *TlsContext::server({.identity = {leaf + pki.issuing.certificate_pem, pki.key.to_pem()}}));
  EXPECT_TRUE(pair.handshake()) << (pair.client_error ? pair.client_error->message() : "");
}

TEST(engine, a_pinned_key_is_all_that_counts) {
  const Pki pki;
  const auto server = *TlsContext::server({.identity = pki.identity("console", hours(1), wall_now() - hours(9))});
  const auto right = *TlsContext::client({.trust = PinTrust{pki.key.pin()}});
  Pair good(right, server, "192.0.2.7");
  EXPECT_TRUE(good.handshake()) << (good.client_error ? good.client_error->message() : "");
  const auto wrong = *TlsContext::client({.trust = PinTrust{EcKey::generate().pin()}});
  Pair bad(wrong, server, "192.0.2.7");
  EXPECT_FALSE(bad.handshake());
  ASSERT_TRUE(bad.client_error);
  EXPECT_EQ(bad.client_error->code, ErrorCode::untrusted);
  EXPECT_THAT(bad.client_error->detail, HasSubstr("the pinned key is sha256//"));
  EXPECT_FALSE(TlsContext::client({.trust = PinTrust{"sha256//short"}}));
}

TEST(engine, an_authority_is_trusted_whatever_the_name_but_no_other) {
  const Pki pki;
  const auto server = *TlsContext::server({.identity = pki.identity("gateway", hours(1), wall_now())});
  const auto right = *TlsContext::client({.trust = AuthorityTrust{pki.identity_ca.certificate_pem}});
  Pair good(right, server, "gateway.example");
  EXPECT_TRUE(good.handshake()) << (good.client_error ? good.client_error->message() : "");
  ASSERT_TRUE(good.client.peer());
  const auto other = *make_identity_ca("Example", wall_now());
  Pair bad(*TlsContext::client({.trust = AuthorityTrust{other.certificate_pem}}), server, "gateway.example");
  EXPECT_FALSE(bad.handshake());
  ASSERT_TRUE(bad.client_error);
  EXPECT_EQ(bad.client_error->code, ErrorCode::untrusted);
}

struct Devices {
  Pki pki;
  TlsContext server = make(hours(0));
  [[nodiscard]] TlsContext make(hours grace, ClientCertificate ask = ClientCertificate::required) const {
    return *TlsContext::server({.identity = pki.identity("gw"),
                                .client_certificate = ask,
                                .client_ca_pem = pki.identity_ca.certificate_pem,
                                .expired_client_grace = grace});
  }
  [[nodiscard]] TlsContext client(std::optional<Identity> identity) const {
    return *TlsContext::client(
        {.trust = BundleTrust{pki.identity_ca.certificate_pem}, .identity = std::move(identity)});
  }
};

TEST(engine, a_required_client_certificate_is_verified_and_its_facts_are_given) {
  const Devices devices;
  Pair pair(devices.client(devices.pki.identity("dev_1")), devices.server, "gw.example");
  ASSERT_TRUE(pair.handshake()) << (pair.server_error ? pair.server_error->message() : "");
  ASSERT_TRUE(pair.server.peer());
  EXPECT_EQ(pair.server.peer()->subject_cn, "dev_1");
  EXPECT_EQ(pair.server.peer()->subject_ou, "device");
  // Revocation is the caller's: the serial is what the snapshot lists.
  EXPECT_EQ(pair.server.peer()->serial.size(), 32U);
}

TEST(engine, an_absent_client_certificate_is_refused_when_required_and_taken_when_optional) {
  const Devices devices;
  Pair pair(devices.client(std::nullopt), devices.server, "gw.example");
  EXPECT_FALSE(pair.handshake());
  ASSERT_TRUE(pair.server_error);
  EXPECT_EQ(pair.server_error->code, ErrorCode::unauthenticated);
  ASSERT_TRUE(pair.client_error);
  EXPECT_EQ(pair.client_error->code, ErrorCode::untrusted);
  Pair optional(devices.client(std::nullopt), devices.make(hours(0), ClientCertificate::optional), "gw.example");
  EXPECT_TRUE(optional.handshake());
  EXPECT_FALSE(optional.server.peer());
}

TEST(engine, a_client_certificate_of_a_stranger_is_refused) {
  const Devices devices;
  const Pki stranger;
  Pair pair(devices.client(stranger.identity("dev_1")), devices.server, "gw.example");
  EXPECT_FALSE(pair.handshake());
  ASSERT_TRUE(pair.server_error);
  EXPECT_EQ(pair.server_error->code, ErrorCode::untrusted);
  EXPECT_THAT(pair.server_error->detail, HasSubstr("certificate of the client: "));
}

TEST(engine, an_expired_client_certificate_is_taken_within_the_grace_only) {
  const Devices devices;
  const auto client = devices.client(devices.pki.identity("dev_1", hours(1), wall_now() - hours(49)));
  Pair strict(client, devices.server, "gw.example");
  EXPECT_FALSE(strict.handshake());
  EXPECT_THAT(strict.server_error->detail, HasSubstr("expired"));
  Pair within(client, devices.make(hours(72)), "gw.example");
  ASSERT_TRUE(within.handshake());
  EXPECT_LT(within.server.peer()->not_after, wall_now());
  Pair beyond(client, devices.make(hours(24)), "gw.example");
  EXPECT_FALSE(beyond.handshake());
}

TEST(engine, alpn_is_answered_only_when_offered_and_in_common) {
  const Pki pki;
  const auto offering = [&](std::vector<std::string> alpn) {
    return *TlsContext::client({.trust = BundleTrust{pki.root.certificate_pem}, .alpn = std::move(alpn)});
  };
  const TlsContext server = pki.server();
  Pair both(offering({"h2", "http/1.1"}), server);
  ASSERT_TRUE(both.handshake());
  EXPECT_EQ(both.client.alpn(), "http/1.1");
  Pair none(offering({}), server);
  ASSERT_TRUE(none.handshake());
  EXPECT_EQ(none.server.alpn(), "");
  Pair other(offering({"h2"}), server);
  ASSERT_TRUE(other.handshake());
  EXPECT_EQ(other.client.alpn(), "");
}

TEST(engine, a_second_connection_to_the_same_host_resumes_with_the_peer_still_known) {
  const Devices devices;
  const TlsContext client = devices.client(devices.pki.identity("dev_1"));
  Pair first(client, devices.server, "gw.example");
  ASSERT_TRUE(first.handshake());
  EXPECT_FALSE(first.client.resumed());
  ASSERT_TRUE(first.server.write("x"));
  Pair::deliver(first.server, first.client, 4096);
  EXPECT_EQ(read_all(first.client), "x");
  Pair second(client, devices.server, "gw.example");
  ASSERT_TRUE(second.handshake());
  EXPECT_TRUE(second.client.resumed());
  ASSERT_TRUE(second.server.peer());
  EXPECT_EQ(second.server.peer()->subject_cn, "dev_1");
  // A session belongs to its host: another name verifies from the start, and fails here.
  Pair elsewhere(client, devices.server, "other.example");
  EXPECT_FALSE(elsewhere.handshake());
}

TEST(engine, connections_that_were_dropped_without_an_end_are_resumed_again_and_again) {
  const Pki pki;
  const TlsContext client = pki.client(), server = pki.server();
  for (int i = 0; i < 8; ++i) {
    Pair pair(client, server);
    ASSERT_TRUE(pair.handshake());
    EXPECT_EQ(read_all(pair.client), "");
    EXPECT_EQ(pair.client.resumed(), i != 0) << i;
  }
}

TEST(engine, the_end_of_a_stream_is_told_from_a_cut) {
  const Pki pki;
  const TlsContext client = pki.client(), server = pki.server();
  std::array<char, 64> into{};
  Pair closed(client, server);
  ASSERT_TRUE(closed.handshake());
  ASSERT_TRUE(closed.client.write("last words"));
  closed.client.close_notify();
  Pair::deliver(closed.client, closed.server, 4096);
  auto read = closed.server.read(into);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->bytes, 10U);
  read = closed.server.read(into);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->state, Read::State::closed);
  Pair cut(client, server);
  ASSERT_TRUE(cut.handshake());
  cut.server.end_of_input();
  read = cut.server.read(into);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->state, Read::State::truncated);
}

TEST(engine, a_connection_that_ends_in_the_handshake_says_so) {
  const Pki pki;
  Pair pair(pki.client(), pki.server());
  pair.server.end_of_input();
  const auto outcome = pair.server.handshake();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::connection_closed);
}

TEST(engine, bytes_that_are_not_tls_or_were_changed_are_malformed) {
  const Pki pki;
  Pair pair(pki.client(), pki.server());
  pair.server.feed("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  const auto outcome = pair.server.handshake();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::malformed);
  Pair changed(pki.client(), pki.server());
  ASSERT_TRUE(changed.handshake());
  ASSERT_TRUE(changed.client.write("secret"));
  std::string bytes;
  changed.client.take_output(bytes);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  changed.server.feed(bytes);
  std::array<char, 64> into{};
  const auto read = changed.server.read(into);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::malformed);
}

TEST(engine, a_context_names_the_part_that_is_wrong) {
  const Pki pki;
  const auto no_chain = TlsContext::server({.identity = {"", pki.key.to_pem()}});
  EXPECT_THAT(no_chain.error().detail, HasSubstr("identity.chain_pem"));
  const auto other_key =
      TlsContext::server({.identity = {pki.leaf("api.anthropic.com").chain_pem, EcKey::generate().to_pem()}});
  EXPECT_THAT(other_key.error().detail, HasSubstr("does not belong"));
  const auto no_ca = TlsContext::server(
      {.identity = pki.identity("gw"), .client_certificate = ClientCertificate::required, .client_ca_pem = "x"});
  EXPECT_THAT(no_ca.error().detail, HasSubstr("client_ca_pem"));
}

TEST(engine, writing_before_the_handshake_is_an_error) {
  const Pki pki;
  TlsEngine engine = TlsEngine::connect(pki.client(), "api.anthropic.com");
  EXPECT_FALSE(engine.write("too early"));
}

}  // namespace
}  // namespace sluice::tls
