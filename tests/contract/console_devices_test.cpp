#include <future>

#include "audit/chain.h"
#include "base/random.h"
#include "policy/snapshot.h"
#include "tests/contract/console_fixture.h"
#include "tls/certificate.h"
#include "wire/signed.h"

namespace sluice::console {
namespace {

std::string code_of(const fetch::Response& answer) {
  return at(parsed(answer.body), "error.code");
}

policy::FleetSnapshot snapshot_in(const fetch::Response& answer) {
  return must(policy::parse_fleet_snapshot(must(wire::open_envelope(answer.body, running().policy_key))));
}

audit::Record refusal(const std::string& id) {
  audit::Refusal one{wall_now(), {}, {}};
  one.request.request_id = id;
  one.request.app = "app-of-" + id;
  one.request.team = "team-of-" + id;
  one.request.user = "=ada";
  one.outcome.decision = audit::Decision::denied;
  one.outcome.reason = "not \"allowed\", sorry";
  one.outcome.status = 400;
  return one;
}

std::vector<std::string> chain_of(const std::string& origin, const std::vector<audit::Record>& records) {
  std::vector<std::string> lines;
  audit::Hash last = audit::chain_start(origin);
  for (const audit::Record& record : records) {
    const audit::DraftRecord draft = audit::draft(record, random_bytes(16));
    const audit::ChainedLine line = audit::chain(draft, "\"" + origin + "\"", lines.size() + 1, last);
    last = line.hash;
    lines.push_back(line.text);
  }
  return lines;
}

// The chained lines of `count` refusals named PREFIX_0, PREFIX_1, …
std::vector<std::string> chain_of(const std::string& origin, const std::string& prefix, int count) {
  std::vector<audit::Record> records;
  for (int i = 0; i < count; ++i) records.push_back(refusal(prefix + "_" + std::to_string(i)));
  return chain_of(origin, records);
}

TEST(ConsoleDevices, without_a_certificate_only_enrolment_answers) {
  for (const char* path : {"/edge/v1/renew", "/edge/v1/leaf", "/edge/v1/inventory", "/edge/v1/events",
                           "/edge/v1/snapshot", "/gateway/v1/snapshot", "/gateway/v1/events"}) {
    fetch::Peer peer;
    peer.pin = running().pin;
    fetch::Request request;
    request.method = std::string_view(path).ends_with("snapshot") ? "GET" : "POST";
    request.url = running().devices + path;
    if (request.method == "POST") request.headers = {{"content-length", "1000000"}};  // nobody waits for the rest
    if (request.method == "POST") request.body = "{";
    EXPECT_EQ(must(fetch::fetch_once(std::move(peer), request)).status, 401) << path;
  }
}

TEST(ConsoleDevices, an_enrolment_is_small) {
  for (const char* path : {"/edge/v1/enrol", "/gateway/v1/enrol"}) {
    fetch::Peer peer;
    peer.pin = running().pin;
    fetch::Request request;
    request.method = "POST";
    request.url = running().devices + path;
    request.body = std::string(70'000, ' ');
    EXPECT_EQ(must(fetch::fetch_once(std::move(peer), request)).status, 413) << path;
  }
}

TEST(ConsoleDevices, a_gateway_that_says_its_version_is_shown_with_it) {
  Enrolled gateway(running(), wire::Party::gateway, "gw-version");
  const auto version = [&](const std::string& agent) {
    EXPECT_EQ(gateway.call("GET", "/snapshot", "", {{"user-agent", agent}}).status, 200);
    const JsonValue list = parsed(running().call("GET", "/api/gateways").body);
    for (int i = 0;; ++i) {
      const std::string item = "items." + std::to_string(i);
      const std::string name = at(list, item + ".name");
      if (name == "gw-version" || name.empty()) return at(list, item + ".version");
    }
  };
  EXPECT_EQ(version("curl/8"), "null");
  EXPECT_EQ(version("sluice-gateway/<script>"), "null");
  EXPECT_EQ(version("sluice-gateway/0.1.0"), "0.1.0");
}

TEST(ConsoleDevices, an_enrolled_device_gets_a_signed_policy_of_its_organisation) {
  Enrolled device(running());
  const fetch::Response answer = device.call("GET", "/snapshot");
  ASSERT_EQ(answer.status, 200);
  const policy::FleetSnapshot snapshot = snapshot_in(answer);
  EXPECT_EQ(snapshot.org, device.facts.org);
  EXPECT_EQ(answer.header("etag"), wire::SnapshotVersion({snapshot.epoch, snapshot.version}).etag());
}

TEST(ConsoleDevices, a_poll_that_knows_the_policy_waits_and_a_change_answers_it_at_once) {
  Enrolled device(running());
  const std::string etag(*device.call("GET", "/snapshot").header("etag"));
  EXPECT_EQ(device.call("GET", "/snapshot?wait=0", "", {{"if-none-match", etag}}).status, 304);
  std::future<fetch::Response> poll = std::async(
      std::launch::async, [&] { return device.call("GET", "/snapshot?wait=25", "", {{"if-none-match", etag}}); });
  EXPECT_EQ(poll.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout);
  const fetch::Response decided =
      running().call("PUT", "/api/catalog/apps/polled-app/decision", R"({"decision":"denied","note":"no"})");
  ASSERT_EQ(decided.status, 200);
  const SteadyPoint answered = steady_now();
  const fetch::Response answer = poll.get();
  EXPECT_LT(steady_now() - answered, std::chrono::seconds(1));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(std::to_string(snapshot_in(answer).version), at(parsed(decided.body), "snapshot_version"));
}

TEST(ConsoleDevices, a_leaf_is_signed_for_governed_hosts_only) {
  Enrolled device(running());
  const std::string csr = must(tls::make_signing_request(device.key, "laptop"));
  const fetch::Response leaf = device.call("POST", "/leaf", wire::print(wire::LeafRequest{"api.anthropic.com", csr}));
  ASSERT_EQ(leaf.status, 200);
  const tls::CertificateFacts facts = must(tls::certificate_facts(must(wire::parse_leaf_response(leaf.body)).chain));
  EXPECT_EQ(facts.subject_serial, device.facts.id);
  const fetch::Response other = device.call("POST", "/leaf", wire::print(wire::LeafRequest{"bank.example", csr}));
  EXPECT_EQ(other.status, 403);
  EXPECT_EQ(code_of(other), "not_governed");
}

TEST(ConsoleDevices, an_inventory_shows_on_the_device_and_in_the_catalogue) {
  Enrolled device(running(), wire::Party::device, "inventory-host");
  const wire::Inventory inventory{
      "inventory-host", "Debian 12", "0.1.0",
      "capturing",      "",          {{"inventory-app", "Inventory App", "1.2", "/usr/bin/x", "ada"}},
      {5, 6, 7, 8}};
  ASSERT_EQ(device.call("POST", "/inventory", wire::print(inventory)).status, 200);
  const JsonValue detail = parsed(running().call("GET", "/api/devices/" + device.facts.id).body);
  EXPECT_EQ(at(detail, "state"), "active");
  EXPECT_EQ(at(detail, "user"), "ada");
  EXPECT_EQ(at(detail, "found_apps.0.decision"), "pending");
  EXPECT_EQ(at(detail, "counters.spliced"), "6");
  const JsonValue catalogue = parsed(running().call("GET", "/api/catalog/apps?q=inventory-app").body);
  EXPECT_EQ(at(catalogue, "items.0.name"), "Inventory App");
  EXPECT_EQ(at(catalogue, "items.0.devices"), "1");
}

TEST(ConsoleDevices, events_become_log_rows_and_name_their_app_in_the_catalogue) {
  Enrolled gateway(running(), wire::Party::gateway, "gw-events");
  const wire::EventsRequest batch{gateway.facts.id, chain_of(gateway.facts.id, "req_events", 3)};
  const fetch::Response taken = gateway.call("POST", "/events", wire::print(batch));
  ASSERT_EQ(taken.status, 200) << taken.body;
  EXPECT_EQ(must(wire::parse_events_response(taken.body)).accepted_through, 3);
  const JsonValue row = parsed(running().call("GET", "/api/logs/req_events_1").body);
  EXPECT_EQ(at(row, "decision"), "denied");
  EXPECT_EQ(at(row, "origin"), gateway.facts.id);
  EXPECT_EQ(at(row, "team"), "team-of-req_events_1");
  EXPECT_EQ(at(row, "tokens.input"), "null");
  EXPECT_EQ(at(parsed(running().call("GET", "/api/logs?team=team-of-req_events_1").body), "items.0.request_id"),
            "req_events_1");
  EXPECT_EQ(at(parsed(running().call("GET", "/api/logs?guardrail=none-such").body), "items.0.request_id"), "");
  EXPECT_EQ(at(parsed(running().call("GET", "/api/logs?virtual_key=none-such").body), "items.0.request_id"), "");
  EXPECT_EQ(at(parsed(running().call("GET", "/api/catalog/apps?q=app-of-req_events_1").body), "items.0.requests_24h"),
            "1");
}

TEST(ConsoleDevices, an_answer_that_was_stopped_shows_what_it_cost) {
  Enrolled gateway(running(), wire::Party::gateway, "gw-stopped");
  audit::Intent intent{wall_now(), {}};
  intent.request.request_id = "req_stopped";
  audit::Completion stopped{wall_now(), "req_stopped", {}};
  stopped.outcome.decision = audit::Decision::denied;
  stopped.outcome.attempts = 1;
  stopped.outcome.tokens = audit::Tokens{.input = 12, .output = 5, .estimated = true};
  const wire::EventsRequest batch{gateway.facts.id, chain_of(gateway.facts.id, {intent, stopped})};
  ASSERT_EQ(gateway.call("POST", "/events", wire::print(batch)).status, 200);
  const JsonValue row = parsed(running().call("GET", "/api/logs/req_stopped").body);
  EXPECT_EQ(at(row, "tokens.input"), "12");
  EXPECT_EQ(at(row, "tokens.output"), "5");
  EXPECT_EQ(at(row, "tokens.estimated"), "true");
  const std::string csv = running().call("GET", "/api/logs?format=csv&q=req_stopped").body;
  EXPECT_THAT(csv, testing::HasSubstr("tokens.cache_write,tokens.estimated,cost_nanodollars,"));
  EXPECT_THAT(csv, testing::HasSubstr(",12,5,0,0,true,,"));
}

TEST(ConsoleDevices, usage_that_the_provider_did_not_tell_is_null_in_rows_and_empty_in_exports) {
  Enrolled gateway(running(), wire::Party::gateway, "gw-untold");
  audit::Intent intent{wall_now(), {}};
  intent.request.request_id = "req_untold";
  audit::Completion untold{wall_now(), "req_untold", {}};
  untold.outcome.attempts = 1;
  untold.outcome.status = 200;
  const wire::EventsRequest batch{gateway.facts.id, chain_of(gateway.facts.id, {intent, untold})};
  ASSERT_EQ(gateway.call("POST", "/events", wire::print(batch)).status, 200);
  const JsonValue row = parsed(running().call("GET", "/api/logs/req_untold").body);
  EXPECT_EQ(at(row, "tokens.input"), "null");
  EXPECT_EQ(at(row, "tokens.cache_write"), "null");
  EXPECT_EQ(at(row, "cost_nanodollars"), "null");
  EXPECT_EQ(at(row, "overhead_us"), "0");
  EXPECT_THAT(running().call("GET", "/api/logs?format=csv&q=req_untold").body,
              testing::HasSubstr(",false,,,,,,,0,0,1,"));
}

TEST(ConsoleDevices, an_export_holds_every_row_and_no_formula) {
  Enrolled gateway(running(), wire::Party::gateway, "gw-export");
  const std::vector<std::string> lines_of_chain = chain_of(gateway.facts.id, "req_export", 1200);
  for (auto first = lines_of_chain.begin(); first != lines_of_chain.end(); first += 200) {
    const wire::EventsRequest batch{gateway.facts.id, {first, first + 200}};
    ASSERT_EQ(gateway.call("POST", "/events", wire::print(batch)).status, 200);
  }
  const fetch::Response csv = running().call("GET", "/api/logs?format=csv&q=req_export_");
  EXPECT_EQ(csv.header("content-type"), "text/csv; charset=utf-8");
  EXPECT_EQ(std::ranges::count(csv.body, '\n'), 1201);
  EXPECT_THAT(csv.body, testing::HasSubstr(",'=ada,"));
  EXPECT_THAT(csv.body, testing::HasSubstr(R"("not ""allowed"", sorry")"));
  const fetch::Response lines = running().call("GET", "/api/logs?format=json&q=req_export_");
  EXPECT_EQ(std::ranges::count(lines.body, '\n'), 1200);
  EXPECT_EQ(at(parsed(running().call("GET", "/api/logs?format=csv&limit=5").body), "error.field"), "limit");
}

TEST(ConsoleDevices, a_gateway_is_no_device_and_a_device_no_gateway) {
  Enrolled device(running());
  Enrolled gateway(running(), wire::Party::gateway, "gw-kind");
  const auto snapshot = [](Enrolled& who, const char* path) {
    fetch::Peer peer;
    peer.pin = running().pin;
    peer.client_certificate_pem = who.facts.certificate;
    peer.client_key_pem = who.key.to_pem();
    fetch::Request request;
    request.url = running().devices + path;
    return must(fetch::fetch_once(std::move(peer), request));
  };
  EXPECT_EQ(snapshot(device, "/gateway/v1/snapshot").status, 403);
  EXPECT_EQ(snapshot(gateway, "/edge/v1/snapshot").status, 403);
  const fetch::Response own = snapshot(gateway, "/gateway/v1/snapshot");
  ASSERT_EQ(own.status, 200);
  EXPECT_EQ(
      must(policy::parse_gateway_snapshot(must(wire::open_envelope(own.body, running().policy_key)))).providers.size(),
      3U);
}

TEST(ConsoleDevices, a_revoked_device_is_refused_at_once_even_in_a_waiting_poll) {
  Enrolled device(running());
  const std::string etag(*device.call("GET", "/snapshot").header("etag"));
  std::future<fetch::Response> poll = std::async(
      std::launch::async, [&] { return device.call("GET", "/snapshot?wait=25", "", {{"if-none-match", etag}}); });
  EXPECT_EQ(poll.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout);
  const std::string path = "/api/devices/" + device.facts.id + "/revoke";
  ASSERT_EQ(running().call("POST", path, R"({"note":"lost"})").status, 200);
  EXPECT_EQ(code_of(poll.get()), "revoked");
  EXPECT_EQ(code_of(device.call("GET", "/snapshot")), "revoked");
  EXPECT_EQ(running().call("POST", path, R"({"note":"again"})").status, 409);
  const std::string serial = must(tls::certificate_facts(device.facts.certificate)).serial;
  EXPECT_THAT(running().call("GET", "/api/policy").body,
              testing::HasSubstr(serial.substr(serial.find_first_not_of('0'))));
  const JsonValue detail = parsed(running().call("GET", "/api/devices/" + device.facts.id).body);
  EXPECT_EQ(at(detail, "revocation.note"), "lost");
  EXPECT_EQ(at(detail, "state"), "revoked");
}

policy::FleetSnapshot fleet_of(Enrolled& device) {
  const std::string envelope = device.call("GET", "/snapshot").body;
  return must(policy::parse_fleet_snapshot(must(wire::open_envelope(envelope, running().policy_key))));
}

// ABS() of the least number fails when it is run, as a full disk would, and not as a broken constraint.
TEST(ConsoleDevices, a_decision_for_a_device_whose_removal_was_not_published_goes_when_that_is_tried_again) {
  Enrolled device(running());
  const std::string path = "/api/catalog/apps/untold-app/decision";
  ASSERT_EQ(running().call("PUT", path, R"({"decision":"pending"})").status, 200);
  const std::string approved = R"({"decision":"approved","scope":"device","device_id":")" + device.facts.id + "\"}";
  ASSERT_EQ(running().call("PUT", path, approved).status, 200);
  const auto decisions = [&] {
    return std::ranges::count(fleet_of(device).device_decisions, device.facts.id, &policy::DeviceDecision::device_id);
  };
  ASSERT_EQ(decisions(), 1);
  running().config(
      "CREATE TRIGGER untold BEFORE UPDATE ON deployment WHEN NEW.name = 'version' "
      "BEGIN SELECT ABS(-9223372036854775807 - 1); END");
  EXPECT_GE(running().call("DELETE", path + "?device_id=" + device.facts.id).status, 500);
  running().config("DROP TRIGGER untold");
  EXPECT_EQ(decisions(), 1);
  EXPECT_EQ(running().call("DELETE", path + "?device_id=" + device.facts.id).status, 404);
  EXPECT_EQ(decisions(), 0);
}

TEST(ConsoleDevices, a_revocation_that_could_not_be_published_is_published_when_it_is_tried_again) {
  Enrolled device(running());
  const std::string path = "/api/devices/" + device.facts.id + "/revoke";
  std::string serial = must(tls::certificate_facts(device.facts.certificate)).serial;
  serial.erase(0, serial.find_first_not_of('0'));
  running().config(
      "CREATE TRIGGER untold BEFORE UPDATE ON deployment WHEN NEW.name = 'version' "
      "BEGIN SELECT ABS(-9223372036854775807 - 1); END");
  EXPECT_GE(running().call("POST", path, R"({"note":"lost"})").status, 500);
  running().config("DROP TRIGGER untold");
  EXPECT_THAT(running().call("GET", "/api/policy").body, testing::Not(testing::HasSubstr(serial)));
  EXPECT_EQ(running().call("POST", path, R"({"note":"lost"})").status, 409);
  EXPECT_THAT(running().call("GET", "/api/policy").body, testing::HasSubstr(serial));
  EXPECT_THAT(running().call("GET", "/api/audit").body,
              testing::HasSubstr(R"("device.revoke","target":")" + device.facts.id));
}

TEST(ConsoleDevices, a_denial_and_a_revocation_are_published_also_when_they_cannot_be_noted) {
  Enrolled device(running()), lost(running());
  std::string serial = must(tls::certificate_facts(lost.facts.certificate)).serial;
  serial.erase(0, serial.find_first_not_of('0'));
  running().audit(
      "CREATE TRIGGER unnoted BEFORE INSERT ON admin_actions BEGIN SELECT ABS(-9223372036854775807 - 1); END");
  EXPECT_GE(running().call("PUT", "/api/catalog/apps/unnoted-app/decision", R"({"decision":"denied"})").status, 500);
  EXPECT_GE(running().call("POST", "/api/devices/" + lost.facts.id + "/revoke", R"({"note":"lost"})").status, 500);
  running().audit("DROP TRIGGER unnoted");
  const policy::FleetSnapshot fleet = fleet_of(device);
  const auto app = std::ranges::find(fleet.apps, "unnoted-app", &policy::AppEntry::app);
  ASSERT_NE(app, fleet.apps.end());
  EXPECT_EQ(app->decision, policy::Decision::denied);
  EXPECT_THAT(running().call("GET", "/api/policy").body, testing::HasSubstr(serial));
}

TEST(ConsoleDevices, renewal_keeps_the_name_and_gives_a_new_serial) {
  Enrolled device(running());
  const std::string csr = must(tls::make_signing_request(device.key, "laptop"));
  const fetch::Response renewed = device.call("POST", "/renew", wire::print(wire::RenewRequest{csr}));
  ASSERT_EQ(renewed.status, 200);
  const tls::CertificateFacts before = must(tls::certificate_facts(device.facts.certificate));
  const tls::CertificateFacts after =
      must(tls::certificate_facts(must(wire::parse_renew_response(renewed.body)).certificate));
  EXPECT_EQ(after.subject_cn, before.subject_cn);
  EXPECT_NE(after.serial, before.serial);
}

TEST(ConsoleDevices, an_ended_certificate_opens_the_two_paths_of_renewal_for_small_bodies_and_no_other) {
  Enrolled device(running());
  const std::string large(70'000, ' ');
  EXPECT_EQ(device.call("POST", "/renew", large).status, 413);
  const Keys keys = running().keys();
  const tls::SigningRequest request =
      must(tls::parse_signing_request(must(tls::make_signing_request(device.key, "laptop"))));
  device.facts.certificate = must(tls::sign_identity(keys.identity, request, {device.facts.id, keys.org, "device", {}},
                                                     std::chrono::hours(24), wall_now() - std::chrono::hours(48)));
  EXPECT_EQ(device.call("POST", "/renew", "{}").status, 400);
  EXPECT_EQ(device.call("POST", "/renew", large).status, 413);
  const fetch::Response other = device.call("POST", "/leaf/renew", "{", {{"content-length", "1000000"}});
  EXPECT_EQ(other.status, 403);
  EXPECT_EQ(code_of(other), "expired");
}

TEST(ConsoleDevices, a_certificate_of_another_authority_is_refused) {
  Enrolled device(running());
  const tls::Authority other = must(tls::make_identity_ca("Example Corp", wall_now()));
  const tls::SigningRequest request =
      must(tls::parse_signing_request(must(tls::make_signing_request(device.key, "laptop"))));
  device.facts.certificate = must(tls::sign_identity(other, request, {device.facts.id, "Example Corp", "device", {}},
                                                     std::chrono::hours(24), wall_now()));
  EXPECT_ANY_THROW(device.call("GET", "/snapshot"));
}

TEST(ConsoleLive, a_change_is_told_without_being_asked_for) {
  fetch::Peer peer;
  peer.pin = running().pin;
  fetch::Request request;
  request.url = running().web + "/api/live";
  request.headers = {{"authorization", "Bearer " + running().token}};
  request.timeout = std::chrono::seconds(30);
  std::future<Result<fetch::Response>> stream =
      std::async(std::launch::async, [&] { return fetch::fetch_once(std::move(peer), request); });
  EXPECT_EQ(stream.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout);
  running().call("PUT", "/api/catalog/apps/live-app/decision", R"({"decision":"denied"})");
  EXPECT_EQ(stream.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout);
  running().stop();  // a draining console ends the stream in order
  const fetch::Response told = must(stream.get());
  running().start();
  EXPECT_EQ(told.header("content-type"), "text/event-stream");
  EXPECT_THAT(told.body, testing::StartsWith("event: change\ndata: {\"topics\":[\"devices\",\"apps\",\"logs\""));
  EXPECT_THAT(told.body.substr(told.body.find("\n\n")), testing::HasSubstr("\"apps\""));
}

}  // namespace
}  // namespace sluice::console
