#include <atomic>
#include <thread>

#include "console_backend/activity/guardrail_counts.h"
#include "console_backend/activity/requests.h"
#include "console_backend/guardrails/document.h"
#include "console_backend/guardrails/guard_check.h"
#include "console_backend/guardrails/guard_providers.h"
#include "console_backend/guardrails/templates.h"
#include "console_backend/keys/virtual_keys.h"
#include "store/migrations.h"
#include "tests/unit/console/fixture.h"

namespace sluice::console {
namespace {

constexpr const char* words = R"({"id":"projects","words":["Project Heron"]})";

std::string rule(const std::string& id, const std::string& names = "projects") {
  return R"({"id":")" + id + R"(","on":["input"],"detectors":[{"kind":"custom","names":[")" + names +
         R"("]}],"action":"redact","redaction":"hash"})";
}

class GuardrailsTest : public ConsoleTest {
 protected:
  void put(Part part, const std::string& id, const std::string& definition) {
    config([&](store::Session& s) { put_part(s, part, id, definition, clock.now()); });
  }
  std::vector<std::string> order() {
    std::vector<std::string> ids;
    for (const PartRow& row : config([](store::Session& s) { return parts(s, Part::rule); })) ids.push_back(row.id);
    return ids;
  }
  void put_provider(const char* id, std::optional<Secret> credential) {
    policy::GuardProvider settings{.id = id, .kind = "webhook", .url = "https://check.example.com/v1"};
    settings.options["offsets"] = "utf16";
    config([&](store::Session& s) { put_guard_provider(s, master, settings, credential, clock.now()); });
  }
  policy::GatewaySnapshot gateway() {
    const auto published = must(publisher->publish());
    return must(policy::parse_gateway_snapshot(
        must(wire::open_envelope(published->gateway_envelope, keys->policy.public_key()))));
  }
};

TEST_F(GuardrailsTest, rules_reach_devices_and_gateways_and_the_means_of_checks_gateways_only) {
  put(Part::word_list, "projects", words);
  put(Part::rule, "no-projects", rule("no-projects"));
  put_provider("own-check", Secret("a-credential"));
  const policy::GatewaySnapshot snapshot = gateway();
  ASSERT_EQ(snapshot.fleet.guardrails.rules.size(), 1U);
  EXPECT_EQ(snapshot.fleet.guardrails.rules[0].action, policy::GuardAction::redact);
  EXPECT_EQ(snapshot.fleet.guardrails.word_lists[0].words, std::vector<std::string>{"Project Heron"});
  ASSERT_EQ(snapshot.guard_providers.size(), 1U);
  EXPECT_EQ(snapshot.guard_providers[0].credential.reveal(), "a-credential");
  EXPECT_EQ(snapshot.guard_providers[0].options.at("offsets"), "utf16");
  EXPECT_EQ(snapshot.fleet.guardrails.providers, std::vector<std::string>{"own-check"});
  const std::string& fleet = publisher->current()->fleet_payload;
  EXPECT_THAT(fleet, testing::HasSubstr("no-projects"));
  EXPECT_THAT(fleet, testing::Not(testing::HasSubstr("a-credential")));
  EXPECT_THAT(fleet, testing::Not(testing::HasSubstr(std::string(snapshot.guard_hash_key.reveal()))));
}

TEST_F(GuardrailsTest, the_key_of_hashes_is_made_once_and_kept_sealed) {
  const std::string key(gateway().guard_hash_key.reveal());
  EXPECT_EQ(key.size(), 64U);
  EXPECT_EQ(gateway().guard_hash_key.reveal(), key);
  EXPECT_EQ(config([&](store::Session& s) {
              return s.number("SELECT COUNT(*) AS n FROM sealed_values WHERE sealed LIKE '%" + key + "%'");
            }),
            0);
}

TEST_F(GuardrailsTest, a_credential_is_kept_sealed_until_it_is_removed) {
  put_provider("own-check", Secret("a-credential"));
  put_provider("own-check", std::nullopt);
  EXPECT_EQ(gateway().guard_providers[0].credential.reveal(), "a-credential");
  EXPECT_EQ(config([](store::Session& s) {
              return s.number("SELECT COUNT(*) AS n FROM guardrail_providers WHERE credential_sealed LIKE '%a-cred%'");
            }),
            0);
  put_provider("own-check", Secret());
  EXPECT_TRUE(gateway().guard_providers[0].credential.empty());
}

TEST_F(GuardrailsTest, a_sealed_credential_opens_for_its_own_provider_only) {
  put_provider("one", Secret("a-credential"));
  put_provider("two", std::nullopt);
  config([](store::Session& s) {
    s.run(
        "UPDATE guardrail_providers SET credential_sealed = (SELECT credential_sealed FROM guardrail_providers "
        "WHERE id = 'one') WHERE id = 'two'");
  });
  EXPECT_FALSE(publisher->publish());
}

TEST_F(GuardrailsTest, a_keys_team_is_published) {
  config([&](store::Session& s) { return put_virtual_key(s, "ci", {.team_id = "platform"}, clock.now()); });
  config([&](store::Session& s) { return put_virtual_key(s, "ci", {.name = "CI"}, clock.now()); });
  const policy::GatewaySnapshot snapshot = gateway();
  const auto key = std::ranges::find(snapshot.virtual_keys, "ci", &policy::VirtualKey::id);
  ASSERT_NE(key, snapshot.virtual_keys.end());
  EXPECT_EQ(key->team, "platform");
}

TEST_F(GuardrailsTest, a_new_rule_stands_last_and_a_changed_one_stays_where_it_is) {
  for (const char* id : {"b", "c", "a"}) put(Part::rule, id, rule(id));
  put(Part::rule, "b", rule("b"));
  EXPECT_THAT(order(), testing::ElementsAre("b", "c", "a"));
}

TEST_F(GuardrailsTest, a_rule_is_moved_to_any_place) {
  for (const char* id : {"a", "b", "c", "d"}) put(Part::rule, id, rule(id));
  const auto move = [&](const char* id, std::size_t to) {
    config([&](store::Session& s) { move_rule(s, id, to); });
    return order();
  };
  EXPECT_THAT(move("d", 0), testing::ElementsAre("d", "a", "b", "c"));
  EXPECT_THAT(move("d", 2), testing::ElementsAre("a", "b", "d", "c"));
  EXPECT_THAT(move("a", 99), testing::ElementsAre("b", "d", "c", "a"));
  EXPECT_THAT(move("c", 2), testing::ElementsAre("b", "d", "c", "a"));
  EXPECT_THAT(move("nobody", 0), testing::ElementsAre("b", "d", "c", "a"));
}

TEST_F(GuardrailsTest, a_change_replaces_what_it_names_and_keeps_the_rest) {
  put(Part::word_list, "projects", words);
  put(Part::rule, "no-projects", rule("no-projects"));
  GuardRows rows = config([](store::Session& s) { return GuardRows::read(s); });
  const JsonValue body = must(parse_json(R"({"enabled":false,"message":"Not that."})"));
  ASSERT_EQ(must(rows.overlay(Part::rule, "no-projects", std::get<JsonObject>(body.data))), 0U);
  const policy::GuardRule changed = must(rows.document()).rules[0];
  EXPECT_FALSE(changed.enabled);
  EXPECT_EQ(changed.message, "Not that.");
  EXPECT_EQ(changed.redaction, policy::RedactionForm::hash);
}

TEST_F(GuardrailsTest, the_users_of_what_a_rule_names_are_known) {
  put(Part::word_list, "projects", words);
  put(Part::allow_list, "own", R"({"id":"own","texts":["x"]})");
  std::string with_allow = rule("no-projects");
  with_allow.back() = ',';
  put(Part::rule, "no-projects", with_allow + R"("allow":["own"]})");
  const policy::GuardrailDocument document = config([](store::Session& s) { return guardrail_document(s); });
  EXPECT_THAT(users_of_part(document, Part::word_list, "projects"), testing::ElementsAre("no-projects"));
  EXPECT_THAT(users_of_part(document, Part::allow_list, "own"), testing::ElementsAre("no-projects"));
  EXPECT_TRUE(users_of_part(document, Part::allow_list, "projects").empty());
  EXPECT_TRUE(users_of_provider(document, "projects").empty());
}

TEST_F(GuardrailsTest, errors_speak_of_the_part_that_is_put_and_name_the_rule_elsewhere) {
  put(Part::rule, "other", rule("other"));
  policy::GuardrailDocument document;
  document.rules.resize(2);
  document.rules[0].id = "other";
  const auto seen = [&](const char* detail, std::size_t index) {
    return seen_from({ErrorCode::invalid_argument, detail}, Part::rule, index, &document).detail;
  };
  EXPECT_EQ(seen("rules[1].on: must not be empty", 1), "on: must not be empty");
  EXPECT_EQ(seen("rules[1]: is too much", 1), "is too much");
  EXPECT_EQ(seen("rules[0].on: must not be empty", 1), "rules[0].on: must not be empty (rule other)");
  EXPECT_EQ(seen("rules[10].on: x", 1), "rules[10].on: x");
}

// One document with the parts and the rule of every template, as if each had been saved as it is.
JsonObject all_templates() {
  std::map<std::string, JsonArray> lists;
  for (std::string_view text : guardrail_templates()) {
    const JsonValue one = must(parse_json(text));
    for (const char* field : {"id", "title", "description"}) EXPECT_NE(one.find(field), nullptr) << text;
    lists["rules"].push_back(*one.find("rule"));
    for (const JsonMember& member : std::get<JsonObject>(one.find("parts")->data)) {
      for (const JsonValue& part : std::get<JsonArray>(member.value.data)) lists[member.key].push_back(part);
    }
  }
  JsonObject document;
  for (auto& [name, list] : lists) document.push_back({name, JsonValue{std::move(list)}});
  return document;
}

TEST(GuardrailTemplates, every_one_can_be_saved_as_it_is_beside_all_others) {
  const std::string text = JsonWriter().value(JsonValue{all_templates()}).take();
  const policy::GuardrailDocument document = must(policy::parse_guardrails(text));
  EXPECT_EQ(document.rules.size(), guardrail_templates().size());
  GuardCheck check;
  const auto guard = check.compile(must(check.turn()), document, Secret(std::string(64, 'k')));
  EXPECT_TRUE(guard) << guard.error().message();
}

class GuardCheckTest : public testing::Test {
 protected:
  static policy::GuardrailDocument document(const char* regex) {
    return must(policy::parse_guardrails(std::string(R"({"patterns":[{"id":"p","regex":")") + regex + R"("}],)" +
                                         R"("rules":[{"id":"r","on":["input"],"action":"flag",)" +
                                         R"("detectors":[{"kind":"custom","names":["p"]}]}]})"));
  }
  GuardCheck check;
  Secret key = Secret(std::string(64, 'k'));
};

TEST_F(GuardCheckTest, the_same_document_is_compiled_once) {
  const GuardCheck::Turn turn = must(check.turn());
  const auto first = must(check.compile(turn, document("a{3}b"), key));
  EXPECT_EQ(must(check.compile(turn, document("a{3}b"), key)), first);
  EXPECT_NE(must(check.compile(turn, document("a{3}c"), key)), first);
}

TEST_F(GuardCheckTest, a_document_that_comes_back_soon_is_not_compiled_again_and_an_old_one_is_forgotten) {
  const GuardCheck::Turn turn = must(check.turn());
  const std::weak_ptr<const guard::Guard> first = must(check.compile(turn, document("a{3}b"), key));
  must(check.compile(turn, document("switched"), key));
  EXPECT_EQ(must(check.compile(turn, document("a{3}b"), key)), first.lock());
  for (std::size_t i = 0; i < GuardCheck::most_kept; ++i) {
    must(check.compile(turn, document(("other" + std::to_string(i)).c_str()), key));
  }
  EXPECT_TRUE(first.expired());
}

TEST_F(GuardCheckTest, a_document_that_does_not_compile_leaves_the_last_one_as_it_was) {
  const GuardCheck::Turn turn = must(check.turn());
  const auto first = must(check.compile(turn, document("a{3}b"), key));
  EXPECT_FALSE(check.compile(turn, document("(?i)["), key));
  EXPECT_EQ(must(check.compile(turn, document("a{3}b"), key)), first);
}

TEST_F(GuardCheckTest, turns_are_taken_one_after_the_other_and_too_many_are_sent_away) {
  std::atomic<int> inside = 0, sent_away = 0, served = 0;
  std::vector<std::thread> threads;
  GuardCheck::Turn first = must(check.turn());
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const Result<GuardCheck::Turn> turn = check.turn();
      if (!turn) {
        EXPECT_EQ(turn.error().code, ErrorCode::overloaded);
        ++sent_away;
        return;
      }
      EXPECT_EQ(inside.fetch_add(1), 0);
      inside.fetch_sub(1);
      ++served;
    });
  }
  while (sent_away < 8 - GuardCheck::most_waiting) std::this_thread::yield();
  first.unlock();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(served, GuardCheck::most_waiting);
}

// The data of the version before it.
TEST(GuardrailMigrationTest, keys_of_the_version_before_belong_to_no_team) {
  const Folder folder;
  const auto database = must(store::Database::open(folder.path / "config.db"));
  ASSERT_EQ(must(store::migrate(*database, config_migrations(), 1)), 1);
  must(database->write([](store::Session& s) {
    s.run(
        "INSERT INTO virtual_keys (id, name, key_sha256, key_hint, enabled, fleet_default, created_at, updated_at) "
        "VALUES ('ci', 'CI', 'x', 'y', 1, 0, 1, 1)");
  }));
  must(store::migrate(*database, config_migrations()));
  const auto key = must(database->read([](store::Session& s) { return find_virtual_key(s, "ci"); }));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->name, "CI");
  EXPECT_EQ(key->team_id, "");
}

class GuardrailCountsTest : public ConsoleTest {
 protected:
  void complete(const std::string& request, std::vector<audit::GuardrailOutcome> outcomes, TimePoint time) {
    audit::Completion one{time, request, {}};
    one.outcome.guardrails = std::move(outcomes);
    audit([&](store::Session& s) { return join_request(s, {"gw_1", 1, one}); });
  }
  std::vector<GuardrailCount> counts(std::chrono::seconds step, const std::string& rule = "") {
    return audit([&](store::Session& s) {
      return guardrail_counts(s, {test_start, test_start + std::chrono::hours(24), step, rule}, 1000);
    });
  }
};

TEST_F(GuardrailCountsTest, a_request_counts_once_for_each_thing_that_a_rule_did_and_findings_by_their_number) {
  complete("req_1", {{"secrets", "redact", "input", "github-pat", 2}, {"secrets", "redact", "input", "aws-key", 3}},
           test_start);
  complete("req_2", {{"secrets", "redact", "input", "github-pat", 1}, {"pii", "flag", "output", "email", 1}},
           test_start + std::chrono::minutes(4));
  const std::vector<GuardrailCount> all = counts(guardrail_bucket);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].rule, "pii");
  EXPECT_EQ(all[1].time, test_start);
  EXPECT_EQ(all[1].requests, 2);
  EXPECT_EQ(all[1].findings, 6);
}

TEST_F(GuardrailCountsTest, a_completion_that_comes_twice_counts_once) {
  for (int i = 0; i < 2; ++i) complete("req_1", {{"secrets", "block", "input", "github-pat", 1}}, test_start);
  EXPECT_EQ(counts(guardrail_bucket).at(0).requests, 1);
}

TEST_F(GuardrailCountsTest, longer_steps_add_up_the_shorter_ones_and_a_rule_can_be_asked_for) {
  for (int i = 0; i < 3; ++i) {
    complete("req_" + std::to_string(i), {{"secrets", "block", "input", "x", 1}, {"pii", "flag", "input", "y", 1}},
             test_start + std::chrono::minutes(20 * i));
  }
  EXPECT_EQ(counts(guardrail_bucket, "pii").size(), 3U);
  const std::vector<GuardrailCount> hourly = counts(std::chrono::hours(1), "secrets");
  ASSERT_EQ(hourly.size(), 1U);
  EXPECT_EQ(hourly[0].requests, 3);
}

}  // namespace
}  // namespace sluice::console
