// Captured connections from end to end in one process: a TLS client on one side, a gateway and an origin of the test's
// own on the other, real sockets of the loopback in between.
#include "agent/intercept/interceptor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "policy_fixture.h"
#include "tls/ca.h"

namespace sluice::agent {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

// The company: its authorities, and certificates signed by them.
struct Company {
  TimePoint now = wall_now();
  std::vector<std::string> domains{"openai.com"};
  tls::Authority root = *tls::make_root("Example Corp", domains, now);
  tls::Authority issuing = *tls::make_issuing_ca(root, "Example Corp", domains, now);
  tls::Authority identity = *tls::make_identity_ca("Example Corp", now);
  tls::Authority web = *tls::make_identity_ca("The Web", now);  // whom the origin's certificate is from

  static tls::SigningRequest request(const tls::EcKey& key) {
    return *tls::parse_signing_request(*tls::make_signing_request(key, "x"));
  }
  static tls::Identity signed_by(const tls::Authority& authority, const std::string& org, const std::string& unit,
                                 const std::string& name, TimePoint at) {
    const auto key = tls::EcKey::generate();
    const tls::IdentitySubject subject{.common_name = name, .organization = org, .unit = unit, .names = {name}};
    return {*tls::sign_identity(authority, request(key), subject, 24h, at), key.to_pem()};
  }
};

// An upstream that notes what it gets and answers with its own name.
class Upstream {
 public:
  Upstream(async::EventLoop& loop, std::string name, tls::ServerOptions options)
      : name_(std::move(name)),
        context_(*tls::TlsContext::server(std::move(options))),
        server_(loop, options_of(this)) {
    auto listener = *net::Listener::open(loop, *net::parse_address("127.0.0.1:0"));
    address = listener->local();
    server_.listen(std::move(listener), [this](net::Accepted accepted) { return prepare(std::move(accepted)); });
  }
  Task<void> stop() { return server_.drain(in(1s)); }
  net::Address address;
  std::vector<http::RequestHead> heads;
  std::vector<std::string> bodies;
  std::string reply, content_type;  // instead of its name

 private:
  static http::ServerOptions options_of(Upstream* self) {
    http::ServerOptions options;
    options.handler = [self](http::Exchange& exchange) { return self->answer(exchange); };
    return options;
  }
  Task<Result<http::Prepared>> prepare(net::Accepted accepted) {
    Result<net::TlsStreamPtr> stream = co_await net::accept_tls(std::move(accepted.stream), context_, in(5s));
    if (!stream) co_return fail(stream.error());
    co_return http::Prepared{std::move(*stream), {}};
  }
  Task<void> answer(http::Exchange& exchange) {
    heads.push_back(exchange.request());
    Result<std::string> body = co_await exchange.read_whole_body(1 << 20);
    bodies.push_back(body.value_or("?"));
    http::ResponseHead head;
    head.fields.add("X-Answer", "from " + name_);
    if (!content_type.empty()) head.fields.add("content-type", content_type);
    Result<void> sent = co_await exchange.respond(std::move(head), reply.empty() ? name_ : reply);
    static_cast<void>(sent);
  }
  std::string name_;
  tls::TlsContext context_;
  http::Server server_;
};

class FixedOwner final : public Attribution {
 public:
  Task<Result<ProcessFacts>> owner_of(SocketEnd, SocketEnd) override {
    ProcessFacts facts;
    facts.user = "ann";
    facts.exe = exe;
    co_return facts;
  }
  std::string exe = "/usr/bin/curl";
};

struct Answer {
  int status = 0;
  std::string body;
  std::string certificate_of;  // issuer of what the client was shown
};

class InterceptorTest : public testing::Test {
 public:
  InterceptorTest() {
    auto device = Company::signed_by(company.identity, "Example Corp", "device", "dev_1", company.now);
    DeviceIdentity identity;
    identity.device_id = "dev_1";
    identity.org = "Example Corp";
    identity.certificate = device.chain_pem;
    identity.key_pem = std::move(device.key_pem);
    identity.identity_ca = company.identity.certificate_pem;
    state.identity = std::make_shared<const DeviceIdentity>(std::move(identity));
    state.trust.installed = true;
    state.policy = testing_support::make_policy();
  }
  ~InterceptorTest() override { std::filesystem::remove_all(folder); }

  // Runs `body` with everything up; the loop ends with it.
  void run(Task<void> (InterceptorTest::*body)()) {
    loop.post([this, body] { tasks.start(all(body)); });
    loop.run();
  }
  Task<void> all(Task<void> (InterceptorTest::*body)()) {
    tls::ServerOptions gateway_options;
    gateway_options.identity = Company::signed_by(company.identity, "Example Corp", gateway_unit, "gw_1", company.now);
    gateway_options.client_certificate = tls::ClientCertificate::required;
    gateway_options.client_ca_pem = company.identity.certificate_pem;
    gateway = std::make_unique<Upstream>(loop, "gateway", std::move(gateway_options));
    tls::ServerOptions origin_options;
    origin_options.identity = Company::signed_by(company.web, "Web", "site", "api.openai.com", company.now);
    origin = std::make_unique<Upstream>(loop, "origin", std::move(origin_options));
    gateway_url = "https://" + net::to_string(gateway->address);
    co_await (this->*body)();
    forwarder.forget_connections();
    interceptor.drain();
    co_await connections.stop();
    co_await gateway->stop();
    co_await origin->stop();
    loop.stop();
  }
  Task<void> serve_one(net::Listener* listener) {
    Result<net::Accepted> accepted = co_await listener->accept();
    if (accepted) co_await interceptor.serve(std::move(accepted->stream), accepted->peer, origin->address);
  }
  // What an app sees: its TLS connection to `host`, captured, and one request on it.
  Task<Answer> ask(std::string host, http::RequestHead head, std::string body) {
    auto listener = *net::Listener::open(loop, *net::parse_address("127.0.0.1:0"));
    connections.start(serve_one(listener.get()));
    Result<net::StreamPtr> transport = co_await net::connect(listener->local(), in(5s));
    tls::ClientOptions options;
    options.trust = tls::BundleTrust{company.root.certificate_pem + company.web.certificate_pem};
    Result<net::TlsStreamPtr> stream =
        co_await net::connect_tls(std::move(*transport), *tls::TlsContext::client(std::move(options)), host, in(5s));
    if (!stream) co_return Answer{.status = -1, .body = stream.error().message(), .certificate_of = ""};
    Answer answer;
    answer.certificate_of = (*stream)->peer()->issuer_cn;
    http::ClientConnection connection(std::move(*stream));
    Result<void> sent = co_await connection.send(head, body, in(5s));
    Result<http::ResponseHead> got = co_await connection.read_head(in(10s));
    if (!sent || !got) co_return answer;
    answer.status = got->status;
    Result<std::string> text = co_await connection.read_whole_body(1 << 20, in(5s));
    answer.body = text.value_or("?");
    co_return answer;
  }
  static http::RequestHead post(std::string target) {
    http::RequestHead head;
    head.method = "POST";
    head.target = std::move(target);
    head.fields = {{"Host", "api.openai.com"}, {"X-Odd-Case", " a  b"}, {"authorization", "Bearer sk-x"}};
    return head;
  }

  Task<void> inference_goes_to_the_gateway();
  Task<void> the_rest_goes_to_the_origin();
  Task<void> a_denied_app_is_refused();
  Task<void> an_ungoverned_host_is_not_decrypted();
  Task<void> a_browser_passes();
  Task<void> without_trust_nothing_is_decrypted();
  Task<void> a_gateway_that_is_away_is_said_so();
  Task<void> a_gateway_that_is_away_is_passed_by();
  Task<void> what_goes_past_the_gateway_is_guarded();
  Task<void> a_rule_blocks_past_the_gateway();
  Task<void> answers_past_the_gateway_are_guarded();
  Task<void> whole_answers_past_the_gateway_are_guarded();
  Task<void> an_unknown_form_past_the_gateway(std::string on_failure, int status);
  Task<void> an_unknown_form_passes() { return an_unknown_form_past_the_gateway("pass", 200); }
  Task<void> an_unknown_form_is_blocked() { return an_unknown_form_past_the_gateway("block", 400); }
  Task<void> the_rules_of_a_request_stay_with_it();
  Task<void> a_device_is_no_gateway();
  // The gateway is gone, the policy lets requests go direct, and `rule` is one of its guardrails.
  Task<void> go_direct_under(std::string rule);

  static std::filesystem::path new_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "interceptor_test_XXXXXX").string();
    return ::mkdtemp(name.data());
  }
  // The machine's store, for connections to the origin; read when the forwarder is made.
  bool use_own_store() {
    (void)write_file_atomically(folder / "web.pem", company.web.certificate_pem);
    return ::setenv("SSL_CERT_FILE", (folder / "web.pem").c_str(), 1) == 0;
  }

  const std::filesystem::path folder = new_folder();
  Company company;
  const bool own_store = use_own_store();
  SystemClock clock;
  DeviceState state;
  FixedOwner owner;
  std::vector<audit::Refusal> refusals;
  std::string gateway_url;
  std::string gateway_unit = "gateway";
  async::EventLoop loop;
  async::WorkerPool workers{2};
  async::TaskGroup tasks{loop};
  async::TaskGroup connections{loop};
  std::unique_ptr<Upstream> gateway, origin;
  std::function<void()> on_way_to_gateway = [] {};
  Forwarder forwarder{loop, workers, state, [this] {
                        on_way_to_gateway();
                        return gateway_url;
                      }};
  LeafStore leaves{connections, workers, clock, folder / "leaves",
                   [this](const std::string& host, const std::string& csr) -> Result<wire::LeafResponse> {
                     const auto request = tls::parse_signing_request(csr);
                     return wire::LeafResponse{
                         .chain = *tls::sign_leaf(company.issuing, *request, host, "dev_1", company.now),
                         .not_after = company.now + 48h};
                   }};
  std::vector<audit::Record> records;  // of requests that went past the gateway
  DirectGuard direct{forwarder, [this](audit::Record record) {
                       records.push_back(std::move(record));
                       return Result<void>();
                     }};
  Interceptor interceptor{{.state = state,
                           .attribution = owner,
                           .leaves = leaves,
                           .forwarder = forwarder,
                           .clock = clock,
                           .direct = direct,
                           .record = [this](audit::Refusal refusal) { refusals.push_back(std::move(refusal)); }}};
};

Task<void> InterceptorTest::inference_goes_to_the_gateway() {
  http::RequestHead head = post("/v1/chat/completions?x=1");
  head.fields.add("Sluice-App", "forged");
  Answer answer = co_await ask("api.openai.com", std::move(head), R"({"model":"gpt-5"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "gateway");
  EXPECT_THAT(answer.certificate_of, HasSubstr("Issuing"));
  EXPECT_EQ(origin->heads.size(), 0U);
  if (gateway->heads.size() != 1) co_return;
  std::vector<std::string> fields;
  for (const auto field : gateway->heads[0].fields)
    fields.push_back(std::string(field.name) + ":" + std::string(field.value));
  EXPECT_EQ(gateway->heads[0].target, "/v1/chat/completions?x=1");
  EXPECT_THAT(fields,
              ElementsAre("Host:api.openai.com", "X-Odd-Case:a  b", "authorization:Bearer sk-x", "content-length:17",
                          "sluice-app:curl", "sluice-user:ann", "sluice-process:/usr/bin/curl"));
  EXPECT_THAT(gateway->bodies, ElementsAre(R"({"model":"gpt-5"})"));
}
TEST_F(InterceptorTest, SendsInferenceToTheGatewayAsItCameWithOurFactsBehind) {
  run(&InterceptorTest::inference_goes_to_the_gateway);
}

Task<void> InterceptorTest::the_rest_goes_to_the_origin() {
  http::RequestHead head = post("/v1/files");
  head.fields.add("Sluice-App", "forged");
  Answer answer = co_await ask("api.openai.com", std::move(head), "data");
  EXPECT_EQ(answer.body, "origin");
  EXPECT_THAT(answer.certificate_of, HasSubstr("Issuing"));
  EXPECT_EQ(gateway->heads.size(), 0U);
  if (origin->heads.size() != 1) co_return;
  EXPECT_FALSE(origin->heads[0].fields.get("sluice-app")) << "our facts are for the gateway only";
}
TEST_F(InterceptorTest, SendsTheRestOfAGovernedHostToItsOrigin) {
  run(&InterceptorTest::the_rest_goes_to_the_origin);
}

Task<void> InterceptorTest::a_denied_app_is_refused() {
  owner.exe = "/usr/local/bin/codex";
  Answer answer = co_await ask("api.openai.com", post("/v1/responses"), R"({"model":"gpt-5","stream":true})");
  EXPECT_THAT(answer.body, HasSubstr("Use Claude Code instead."));
  EXPECT_EQ(gateway->heads.size() + origin->heads.size(), 0U);
  EXPECT_EQ(refusals.size(), 1U);
  EXPECT_EQ(state.counters.refused, 1);
}
TEST_F(InterceptorTest, RefusesADeniedAppOnTheDevice) {
  run(&InterceptorTest::a_denied_app_is_refused);
}

Task<void> InterceptorTest::an_ungoverned_host_is_not_decrypted() {
  policy::FleetSnapshot fleet = testing_support::fleet_snapshot();
  fleet.hosts.pop_back();
  state.policy = std::make_shared<const policy::Policy>(std::move(fleet));
  Answer answer = co_await ask("api.openai.com", post("/v1/chat/completions"), "{}");
  EXPECT_EQ(answer.body, "origin");
  EXPECT_THAT(answer.certificate_of, HasSubstr("Identity")) << "the origin's own certificate";
  EXPECT_EQ(state.counters.spliced, 1);
  EXPECT_EQ(state.counters.intercepted, 0);
}
TEST_F(InterceptorTest, DoesNotDecryptAHostThatIsNotGoverned) {
  run(&InterceptorTest::an_ungoverned_host_is_not_decrypted);
}

Task<void> InterceptorTest::a_browser_passes() {
  owner.exe = "/usr/lib/chromium/chromium";
  Answer answer = co_await ask("api.openai.com", post("/v1/chat/completions"), "{}");
  EXPECT_EQ(answer.body, "origin");
  EXPECT_EQ(state.counters.intercepted, 0);
}
TEST_F(InterceptorTest, DoesNotShowABrowserACertificateThatItDoesNotTrust) {
  run(&InterceptorTest::a_browser_passes);
}

Task<void> InterceptorTest::without_trust_nothing_is_decrypted() {
  state.trust.installed = false;
  Answer answer = co_await ask("api.openai.com", post("/v1/chat/completions"), "{}");
  EXPECT_EQ(answer.body, "origin");
  EXPECT_EQ(state.counters.failed_open, 1);
}
TEST_F(InterceptorTest, FailsOpenWhileProgramsDoNotTrustTheRoot) {
  run(&InterceptorTest::without_trust_nothing_is_decrypted);
}

Task<void> InterceptorTest::a_gateway_that_is_away_is_said_so() {
  co_await gateway->stop();
  Answer answer = co_await ask("api.openai.com", post("/v1/chat/completions"), "{}");
  EXPECT_EQ(answer.status, 400) << "the one status that every client shows at once";
  EXPECT_THAT(answer.body, HasSubstr("cannot be reached"));
  EXPECT_EQ(origin->heads.size(), 0U);
}
TEST_F(InterceptorTest, SaysThatTheGatewayCannotBeReached) {
  run(&InterceptorTest::a_gateway_that_is_away_is_said_so);
}

Task<void> InterceptorTest::a_gateway_that_is_away_is_passed_by() {
  policy::FleetSnapshot fleet = testing_support::fleet_snapshot();
  fleet.gateway_down = policy::GatewayDown::direct;
  state.policy = std::make_shared<const policy::Policy>(std::move(fleet));
  co_await gateway->stop();
  Answer answer = co_await ask("api.openai.com", post("/v1/chat/completions"), "{}");
  EXPECT_EQ(answer.body, "origin");
}
TEST_F(InterceptorTest, PassesByAGatewayThatIsAwayWhereThePolicySaysSo) {
  run(&InterceptorTest::a_gateway_that_is_away_is_passed_by);
}

Task<void> InterceptorTest::go_direct_under(std::string rule) {
  policy::FleetSnapshot fleet = testing_support::fleet_snapshot();
  fleet.gateway_down = policy::GatewayDown::direct;
  fleet.guardrails =
      *policy::parse_guardrails(R"({"rules":[)" + rule + R"(],"patterns":[{"id":"employee","regex":"EMP-[0-9]{6}"}]})");
  state.guard = *guard::Guard::compile(*policy::parse_guardrails(policy::print_guardrails(fleet.guardrails)),
                                       {.hash_key = Secret(std::string(32, 'k'))});
  state.policy = std::make_shared<const policy::Policy>(std::move(fleet));
  co_await gateway->stop();
}

Task<void> InterceptorTest::what_goes_past_the_gateway_is_guarded() {
  co_await go_direct_under(
      R"({"id":"r","on":["input"],"detectors":[{"kind":"custom","names":["employee"]}],"action":"redact"})");
  Answer answer = co_await ask("api.openai.com", post("/v1/chat/completions"),
                               R"({"model":"gpt-5","messages":[{"role":"user","content":"I am EMP-123456."}]})");
  EXPECT_EQ(answer.body, "origin");
  EXPECT_THAT(origin->bodies,
              ElementsAre(R"({"model":"gpt-5","messages":[{"role":"user","content":"I am [EMPLOYEE]."}]})"));
  if (records.size() != 2) co_return ADD_FAILURE() << records.size() << " records instead of intent and completion";
  const auto& completion = std::get<audit::Completion>(records[1]);
  EXPECT_EQ(completion.request_id, std::get<audit::Intent>(records[0]).request.request_id);
  EXPECT_EQ(completion.outcome.guardrails.at(0).action, "redact");
}
TEST_F(InterceptorTest, AppliesTheRulesToWhatGoesPastTheGateway) {
  run(&InterceptorTest::what_goes_past_the_gateway_is_guarded);
}

Task<void> InterceptorTest::a_rule_blocks_past_the_gateway() {
  co_await go_direct_under(
      R"({"id":"r","name":"Staff","on":["input"],"detectors":[{"kind":"custom","names":["employee"]}],"action":"block"})");
  Answer answer = co_await ask("api.openai.com", post("/v1/chat/completions"),
                               R"({"model":"gpt-5","messages":[{"role":"user","content":"I am EMP-123456."}]})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("Staff"));
  EXPECT_EQ(origin->heads.size(), 0U);
  if (records.size() != 1) co_return ADD_FAILURE() << records.size() << " records instead of a refusal";
  EXPECT_EQ(std::get<audit::Refusal>(records[0]).outcome.decision, audit::Decision::denied);
}
TEST_F(InterceptorTest, BlocksPastTheGatewayWhatARuleBlocks) {
  run(&InterceptorTest::a_rule_blocks_past_the_gateway);
}

// A policy that comes while the gateway is tried for a request: it lets no request go direct and has no rules to apply.
Task<void> InterceptorTest::the_rules_of_a_request_stay_with_it() {
  co_await go_direct_under(
      R"({"id":"r","on":["input"],"detectors":[{"kind":"custom","names":["employee"]}],"action":"block"})");
  on_way_to_gateway = [this] {
    state.policy = std::make_shared<const policy::Policy>(testing_support::fleet_snapshot());
    state.guard = nullptr;
  };
  Answer answer = co_await ask("api.openai.com", post("/v1/chat/completions"),
                               R"({"model":"gpt-5","messages":[{"role":"user","content":"I am EMP-123456."}]})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(origin->heads.size(), 0U);
}
TEST_F(InterceptorTest, ARequestThatGoesPastTheGatewayDoesSoUnderTheRulesOfThePolicyThatLetsIt) {
  run(&InterceptorTest::the_rules_of_a_request_stay_with_it);
}

Task<void> InterceptorTest::answers_past_the_gateway_are_guarded() {
  co_await go_direct_under(
      R"({"id":"r","on":["output"],"detectors":[{"kind":"custom","names":["employee"]}],"action":"redact"})");
  const auto chunk = [](std::string_view text) {
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + std::string(text) + "\"}}]}\n\n";
  };
  origin->content_type = "text/event-stream";
  origin->reply = chunk("She is EM") + chunk("P-1234") + chunk("56, yes") + "data: [DONE]\n\n";
  Answer answer = co_await ask("api.openai.com", post("/v1/chat/completions"),
                               R"({"model":"gpt-5","stream":true,"messages":[{"role":"user","content":"who?"}]})");
  EXPECT_EQ(answer.body, chunk("She is [EMPLOYEE]") + chunk("") + chunk(", yes") + "data: [DONE]\n\n");
}
TEST_F(InterceptorTest, GuardsStreamedAnswersPastTheGateway) {
  run(&InterceptorTest::answers_past_the_gateway_are_guarded);
}

// The policy knows the path as one of inference, however it is written; what its body is, nobody can tell.
Task<void> InterceptorTest::an_unknown_form_past_the_gateway(std::string on_failure, int status) {
  co_await go_direct_under(
      R"({"id":"r","on":["output"],"detectors":[{"kind":"custom","names":["employee"]}],"action":"block","on_failure":")" +
      on_failure + "\"}");
  origin->content_type = "text/event-stream";
  origin->reply = R"(data: {"choices":[{"index":0,"delta":{"content":"EMP-123456"}}]})"
                  "\n\n";
  Answer answer = co_await ask("api.openai.com", post("/v1/%63hat/completions"), R"({"model":"gpt-5","messages":[]})");
  EXPECT_EQ(answer.status, status);
  if (status == 200) EXPECT_EQ(answer.body, origin->reply);
  if (records.size() != 2) co_return ADD_FAILURE() << records.size() << " records instead of intent and completion";
  EXPECT_EQ(std::get<audit::Completion>(records[1]).outcome.guardrails.at(0).action, "not_checked");
}
TEST_F(InterceptorTest, PassesAStreamOfUnknownFormAsNotChecked) {
  run(&InterceptorTest::an_unknown_form_passes);
}
TEST_F(InterceptorTest, BlocksAStreamOfUnknownFormWhereTheRuleSaysSo) {
  run(&InterceptorTest::an_unknown_form_is_blocked);
}

Task<void> InterceptorTest::whole_answers_past_the_gateway_are_guarded() {
  co_await go_direct_under(
      R"({"id":"r","name":"Staff","on":["output"],"detectors":[{"kind":"custom","names":["employee"]}],"action":"redact"})");
  const std::string_view question = R"({"model":"gpt-5","messages":[{"role":"user","content":"who?"}]})";
  origin->content_type = "application/json";
  origin->reply = R"({"choices":[{"index":0,"message":{"content":"She is EMP-123456."}}], "x":1})";
  Answer answer = co_await ask("api.openai.com", post("/v1/chat/completions"), std::string(question));
  EXPECT_EQ(answer.body, R"({"choices":[{"index":0,"message":{"content":"She is [EMPLOYEE]."}}], "x":1})");
  origin->reply = "no JSON";
  answer = co_await ask("api.openai.com", post("/v1/chat/completions"), std::string(question));
  EXPECT_EQ(answer.status, 400) << "what cannot be read cannot be checked, and the rule blocks then";
  EXPECT_THAT(answer.body, HasSubstr("Staff"));
}
TEST_F(InterceptorTest, GuardsWholeAnswersPastTheGateway) {
  run(&InterceptorTest::whole_answers_past_the_gateway_are_guarded);
}

Task<void> InterceptorTest::a_device_is_no_gateway() {
  Answer answer = co_await ask("api.openai.com", post("/v1/chat/completions"), "{}");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(gateway->heads.size(), 0U) << "a request went to something that only has a device's certificate";
}
TEST_F(InterceptorTest, TrustsNoDeviceAsAGateway) {
  gateway_unit = "device";
  run(&InterceptorTest::a_device_is_no_gateway);
}

}  // namespace
}  // namespace sluice::agent
