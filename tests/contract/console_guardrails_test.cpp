#include "console_backend/guardrails/templates.h"
#include "guard/custom/templates.h"
#include "policy/guardrails.h"
#include "tests/contract/console_fixture.h"
#include "wire/signed.h"

namespace sluice::console {
namespace {

fetch::Response call(const std::string& method, const std::string& path, const std::string& body = "") {
  return running().call(method, "/api/guardrails" + path, body);
}
std::string error_of(const fetch::Response& answer, const char* part) {
  return at(parsed(answer.body), std::string("error.") + part);
}
std::string newest_action() {
  return at(parsed(running().call("GET", "/api/audit?limit=1").body), "items.0.action");
}
// A rule that looks for the words of a list of its own.
void add_rule(const std::string& id, const std::string& more = "") {
  ASSERT_EQ(call("PUT", "/word-lists/" + id + "-words", R"({"words":["Project )" + id + R"("]})").status, 201);
  const fetch::Response made = call("PUT", "/rules/" + id,
                                    R"({"on":["input"],"detectors":[{"kind":"custom","names":[")" + id +
                                        R"(-words"]}],"action":"redact")" + more + "}");
  ASSERT_EQ(made.status, 201) << made.body;
}

TEST(ConsoleGuardrails, a_rule_is_created_with_defaults_changed_in_parts_and_published) {
  add_rule("first");
  const JsonValue made = parsed(call("GET", "/rules/first").body);
  EXPECT_EQ(at(made, "enabled"), "true");
  EXPECT_EQ(at(made, "on_failure"), "block");
  EXPECT_EQ(at(made, "stream_cap_bytes"), "4096");
  const std::string before = at(parsed(running().call("GET", "/api/policy").body), "version");
  const fetch::Response changed = call("PUT", "/rules/first", R"({"enabled":false,"name":"The first"})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(newest_action(), "guardrail_rule.put");
  EXPECT_EQ(at(parsed(changed.body), "detectors.0.names.0"), "first-words");
  EXPECT_EQ(at(parsed(changed.body), "enabled"), "false");
  const JsonValue policy = parsed(running().call("GET", "/api/policy").body);
  EXPECT_EQ(std::stoi(at(policy, "version")), std::stoi(before) + 1);
  EXPECT_THAT(JsonWriter().value(*policy.find("guardrails")).take(), testing::HasSubstr("The first"));
}

TEST(ConsoleGuardrails, what_cannot_be_enforced_is_refused_with_the_fields_path_and_not_stored) {
  struct Case {
    const char *path, *body, *field;
  };
  const Case cases[] = {
      {"/rules/bad", R"({"on":["input"],"detectors":[{"kind":"secrets"}]})", "action"},
      {"/rules/bad", R"({"on":[],"detectors":[{"kind":"secrets"}],"action":"flag"})", "on"},
      {"/rules/bad", R"({"on":["input"],"detectors":[{"kind":"secrets"}],"action":"flag","surprise":1})", "surprise"},
      {"/rules/bad", R"({"on":["input"],"detectors":[{"kind":"custom","names":["nobody"]}],"action":"flag"})",
       "detectors[0].names[0]"},
      {"/rules/bad", R"({"on":["input"],"detectors":[{"kind":"pii","types":["shoe_size"]}],"action":"flag"})",
       "detectors[0].types[0]"},
      {"/rules/bad", R"({"on":["output"],"detectors":[{"kind":"injection"}],"action":"block"})", "detectors[0]"},
      {"/rules/bad", R"({"on":["input"],"detectors":[{"kind":"secrets","names":["no-such-rule"]}],"action":"flag"})",
       "detectors[0].names[0]"},
      {"/rules/bad", R"({"on":["input"],"detectors":[{"kind":"secrets"}],"action":"flag","allow":["x"]})", "allow[0]"},
      {"/rules/bad", R"({"on":["input"],"detectors":[{"kind":"secrets"}],"action":"flag","position":-1})", "position"},
      {"/rules/bad", R"({"id":"other"})", "id"},
      {"/patterns/bad", R"({"regex":"(["})", "regex"},
      {"/patterns/bad", R"({"regex":"(?=x)x"})", "regex"},
      {"/patterns/bad", R"({})", "regex"},
      {"/word-lists/bad", R"({"words":[""]})", "words[0]"},
      {"/topics/bad", R"({"words":["a"],"least":0})", "least"},
      {"/topics/bad", R"({"words":["a"],"least":2})", "least"},
      {"/allow-lists/bad", R"({"regexes":["("]})", "regexes[0]"},
      {"/allow-lists/bad", "{}", "texts"},
      {"/gitleaks/bad", R"({"toml":"this is no toml ["})", "toml"},
      {"/providers/bad", R"({"kind":"oracle","url":"https://x.example"})", "kind"},
      {"/providers/bad", R"({"kind":"webhook","url":"http://x.example"})", "url"},
      {"/providers/bad", R"({"kind":"lakera","url":"https://x.example"})", "credential"},
      {"/providers/bad", R"({"kind":"lakera","url":"https://x.example","credential":null})", "credential"},
      {"/providers/bad", R"({"kind":"bedrock","url":"https://x.example","credential":"a:b"})", "options.region"},
      {"/providers/bad", R"({"kind":"webhook","url":"https://x.example","timeout_ms":0})", "timeout_ms"},
      {"/providers/bad", R"({"kind":"webhook","url":"https://x.example","credential":""})", "credential"},
      {"/providers/bad", R"({"kind":"webhook","url":"https://x.example","surprise":""})", "surprise"},
      {"/providers/bad", R"({"kind":"webhook","url":"https://x.example","options":{"x":"y"}})", "options.x"},
      {"/providers/bad", R"({"kind":"webhook","url":"https://x.example","credential":"a\nb"})", "credential"},
  };
  for (const Case& one : cases) {
    const fetch::Response answer = call("PUT", one.path, one.body);
    EXPECT_EQ(answer.status, 400) << one.body << answer.body;
    EXPECT_EQ(error_of(answer, "field"), one.field) << one.body << answer.body;
    EXPECT_EQ(error_of(answer, "code"), "invalid_argument") << one.body << answer.body;
    EXPECT_EQ(call("GET", one.path).status, 404) << one.path;
  }
  EXPECT_EQ(error_of(call("PUT", "/rules/a%20b", "{}"), "field"), "id");
}

TEST(ConsoleGuardrails, a_change_that_breaks_a_rule_elsewhere_names_that_rule) {
  ASSERT_EQ(call("PUT", "/patterns/narrow", R"({"regex":"case-[0-9]{4}"})").status, 201);
  ASSERT_EQ(call("PUT", "/rules/no-cap",
                 R"({"on":["output"],"detectors":[{"kind":"custom","names":["narrow"]}],"action":"redact",)"
                 R"("stream_cap_bytes":0})")
                .status,
            201);
  const fetch::Response answer = call("PUT", "/patterns/narrow", R"({"regex":"case-[0-9]+"})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(error_of(answer, "message"), testing::HasSubstr("(rule no-cap)"));
  EXPECT_EQ(at(parsed(call("GET", "/patterns/narrow").body), "regex"), "case-[0-9]{4}");
}

TEST(ConsoleGuardrails, a_scope_may_name_what_is_not_there_and_every_answer_says_so) {
  const auto key = [](const char* body) {
    return running().call("PUT", "/api/governance/virtual-keys/scoped", body).status;
  };
  const auto app = R"({"decision":"denied"})";
  ASSERT_EQ(key(R"({"team_id":"scoped-team"})"), 201);
  ASSERT_EQ(running().call("PUT", "/api/catalog/apps/scoped-app/decision", app).status, 200);
  add_rule("scoped", R"(,"scope":{"users":["nobody"],"teams":["scoped-team","gone"],"keys":["scoped","lost"],)"
                     R"("apps":["scoped-app","no-app"]})");
  const std::string four = R"([{"path":"scope.users[0]","message":"No device has reported the user nobody"},)"
                           R"({"path":"scope.teams[1]","message":"No virtual key belongs to the team gone"},)"
                           R"({"path":"scope.keys[1]","message":"There is no virtual key lost"},)"
                           R"({"path":"scope.apps[1]","message":"No app no-app is known"}])";
  EXPECT_EQ(at(parsed(call("GET", "/rules/scoped").body), "warnings"), four);
  EXPECT_EQ(at(parsed(call("PUT", "/rules/scoped", R"({"name":"For some"})").body), "warnings"), four);
  ASSERT_EQ(key(R"({"team_id":null})"), 200);
  const JsonValue listed = parsed(call("GET", "/rules?limit=200").body);
  for (const JsonValue& rule : std::get<JsonArray>(listed.find("items")->data)) {
    if (at(rule, "id") != "scoped") continue;
    EXPECT_EQ(at(rule, "warnings.1.path"), "scope.teams[0]") << "the last key of the team has left it";
  }
  EXPECT_EQ(at(parsed(call("PUT", "/rules/scoped", R"({"scope":{}})").body), "warnings"), "[]");
}

TEST(ConsoleGuardrails, what_a_rule_names_is_not_removed) {
  add_rule("user");
  const fetch::Response used = call("DELETE", "/word-lists/user-words");
  EXPECT_EQ(used.status, 409);
  EXPECT_THAT(error_of(used, "message"), testing::HasSubstr("is used by rule user"));
  EXPECT_EQ(call("DELETE", "/rules/user").status, 204);
  EXPECT_EQ(call("DELETE", "/word-lists/user-words").status, 204);
  EXPECT_EQ(newest_action(), "guardrail_word_list.delete");
  EXPECT_EQ(call("DELETE", "/word-lists/user-words").status, 404);
}

TEST(ConsoleGuardrails, rules_are_listed_in_their_order_page_by_page) {
  for (const char* id : {"order-1", "order-2", "order-3"}) add_rule(id);
  EXPECT_EQ(at(parsed(call("PUT", "/rules/order-3", R"({"position":0})").body), "position"), "0");
  std::vector<std::string> ids;
  for (std::string cursor; ids.size() < 100;) {
    const JsonValue page = parsed(call("GET", "/rules?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor)).body);
    for (const char* item : {"items.0", "items.1"}) {
      const std::string id = at(page, std::string(item) + ".id");
      if (id.empty()) continue;
      EXPECT_EQ(at(page, std::string(item) + ".position"), std::to_string(ids.size()));
      ids.push_back(id);
    }
    cursor = at(page, "next_cursor");
    if (cursor == "null") break;
  }
  EXPECT_EQ(ids.front(), "order-3");
  EXPECT_EQ(std::ranges::count(ids, "order-1"), 1);
  EXPECT_LT(std::ranges::find(ids, "order-1"), std::ranges::find(ids, "order-2"));
}

TEST(ConsoleGuardrails, whoever_means_to_create_changes_nothing_that_is_there) {
  ASSERT_EQ(call("PUT", "/word-lists/taken", R"({"words":["first"]})").status, 201);
  const fetch::Response answer =
      running().call("PUT", "/api/guardrails/word-lists/taken", R"({"words":["second"]})", {{"if-none-match", "*"}});
  EXPECT_EQ(answer.status, 409) << answer.body;
  EXPECT_THAT(call("GET", "/word-lists/taken").body, testing::HasSubstr("first"));
  EXPECT_EQ(call("DELETE", "/word-lists/taken").status, 204);
}

TEST(ConsoleGuardrails, the_credential_of_an_external_check_never_comes_back_and_stays_until_removed) {
  const fetch::Response made = call(
      "PUT", "/providers/vendor",
      R"({"kind":"lakera","url":"https://vendor.example/v2","credential":"very-secret","options":{"project_id":"p"}})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(at(parsed(call("PUT", "/providers/vendor", R"({"timeout_ms":500})").body), "has_credential"), "true");
  EXPECT_THAT(call("PUT", "/providers/vendor", R"({"url":"https://elsewhere.example"})").body,
              testing::HasSubstr("credential: must be given again"))
      << "it would go to another host";
  for (const char* path : {"/api/guardrails/providers", "/api/guardrails/providers/vendor", "/api/guardrails/document",
                           "/api/policy", "/api/audit"}) {
    EXPECT_THAT(running().call("GET", path).body, testing::Not(testing::HasSubstr("very-secret"))) << path;
  }
  EXPECT_EQ(at(parsed(call("PUT", "/providers/vendor", R"({"credential":null})").body), "error.field"), "credential")
      << "lakera wants one";
  EXPECT_EQ(at(parsed(call("GET", "/providers/vendor").body), "options.project_id"), "p");
  ASSERT_EQ(call("PUT", "/providers/own", R"({"kind":"webhook","url":"https://x.example","credential":"kept"})").status,
            201);
  EXPECT_EQ(at(parsed(call("PUT", "/providers/own", R"({"credential":null})").body), "has_credential"), "false");
  EXPECT_EQ(call("DELETE", "/providers/own").status, 204);
}

TEST(ConsoleGuardrails, a_rule_does_not_come_into_force_that_asks_a_check_without_its_credential) {
  // As a version stored it that did not ask for one.
  ASSERT_EQ(call("PUT", "/providers/older", R"({"kind":"lakera","url":"https://x.example","credential":"c"})").status,
            201);
  running().config("UPDATE guardrail_providers SET credential_sealed = '' WHERE id = 'older'");
  const std::string rule = R"({"on":["input"],"detectors":[{"kind":"external","names":["older"]}],"action":"flag"})";
  const fetch::Response refused = call("PUT", "/rules/asks-older", rule);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(at(parsed(refused.body), "error.field"), "detectors[0].names[0]");
  EXPECT_THAT(refused.body, testing::HasSubstr("credential is missing: an API key"));
  EXPECT_EQ(call("PUT", "/providers/older", R"({"credential":"c"})").status, 200);
  EXPECT_EQ(call("PUT", "/rules/asks-older", rule).status, 201);
  running().config("UPDATE guardrail_providers SET credential_sealed = '' WHERE id = 'older'");
  EXPECT_EQ(at(parsed(call("GET", "/rules/asks-older").body), "warnings.0.path"), "detectors[0].names[0]");
  EXPECT_EQ(call("PUT", "/rules/asks-older", R"({"enabled":false})").status, 200) << "it can be switched off";
  EXPECT_EQ(call("DELETE", "/rules/asks-older").status, 204);
  EXPECT_EQ(call("DELETE", "/providers/older").status, 204);
}

TEST(ConsoleGuardrails, an_external_check_that_a_rule_asks_is_not_removed) {
  ASSERT_EQ(call("PUT", "/providers/asked", R"({"kind":"webhook","url":"https://x.example"})").status, 201);
  ASSERT_EQ(call("PUT", "/rules/asks",
                 R"({"on":["input"],"detectors":[{"kind":"external","names":["asked"]}],)"
                 R"("action":"flag"})")
                .status,
            201);
  EXPECT_EQ(call("DELETE", "/providers/asked").status, 409);
  EXPECT_EQ(call("DELETE", "/rules/asks").status, 204);
  EXPECT_EQ(call("DELETE", "/providers/asked").status, 204);
}

TEST(ConsoleGuardrails, a_gitleaks_file_is_told_by_its_size_and_read_whole) {
  const std::string toml = "[[rules]]\\nid = 'own'\\nregex = 'own-[0-9a-f]{32}'\\n";
  const fetch::Response put = call("PUT", "/gitleaks/own", R"({"toml":")" + toml + R"("})");
  ASSERT_EQ(put.status, 201) << put.body;
  const JsonValue list = parsed(call("GET", "/gitleaks").body);
  EXPECT_EQ(at(list, "items.0.bytes"), "48");
  EXPECT_EQ(at(list, "items.0.toml"), "");
  EXPECT_EQ(at(parsed(call("GET", "/gitleaks/own").body), "toml").size(), 48U);
  ASSERT_EQ(call("PUT", "/rules/names-own",
                 R"({"on":["input"],"detectors":[{"kind":"secrets","names":["own"]}],"action":"flag"})")
                .status,
            201);
  const fetch::Response needed = call("DELETE", "/gitleaks/own");
  EXPECT_EQ(needed.status, 409) << "gateways would refuse the policy without it";
  EXPECT_THAT(needed.body, testing::HasSubstr("names-own"));
  EXPECT_EQ(call("DELETE", "/rules/names-own").status, 204);
  EXPECT_EQ(call("DELETE", "/gitleaks/own").status, 204);
}

TEST(ConsoleGuardrails, a_file_may_be_larger_than_other_bodies_and_has_a_bound_of_its_own) {
  const std::string large = R"({"toml":")" + std::string(1'100'000, '#') + R"("})";
  const fetch::Response file = call("PUT", "/gitleaks/large", large);
  EXPECT_EQ(file.status, 400);
  EXPECT_EQ(error_of(file, "field"), "toml");
  EXPECT_EQ(call("PUT", "/patterns/large", large).status, 413);
}

TEST(ConsoleGuardrails, the_whole_document_can_be_read_by_who_checks_policies) {
  add_rule("whole");
  const Result<policy::GuardrailDocument> document = policy::parse_guardrails(call("GET", "/document").body);
  ASSERT_TRUE(document) << document.error().message();
  EXPECT_EQ(std::ranges::count(document->rules, "whole", &policy::GuardRule::id), 1);
}

// What comes with a rule (a template's word list) and the rule itself stand or fall together.
constexpr const char* with_parts =
    R"({"on":["input"],"detectors":[{"kind":"custom","names":["along-words"]}],"action":"flag","position":0,)"
    R"("parts":{"word_lists":[{"id":"along-words","words":["Project Heron"]}]}})";

TEST(ConsoleGuardrails, a_rule_and_what_comes_with_it_are_saved_in_one_change) {
  const std::string before = at(parsed(running().call("GET", "/api/policy").body), "version");
  const fetch::Response made = call("PUT", "/rules/along", with_parts);
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(at(parsed(made.body), "position"), "0");
  EXPECT_EQ(at(parsed(made.body), "parts"), "");
  EXPECT_EQ(at(parsed(call("GET", "/word-lists/along-words").body), "caseless"), "true");
  EXPECT_EQ(std::stoi(at(parsed(running().call("GET", "/api/policy").body), "version")), std::stoi(before) + 1);
  EXPECT_EQ(at(parsed(running().call("GET", "/api/audit?limit=1").body), "items.0.note"), "with word list along-words");
  const fetch::Response again = call("PUT", "/rules/along-2", with_parts);
  EXPECT_EQ(again.status, 409) << "the list may have been filled since";
  EXPECT_EQ(error_of(again, "field"), "parts.word_lists[0]");
  EXPECT_EQ(call("DELETE", "/rules/along").status, 204);
  EXPECT_EQ(call("DELETE", "/word-lists/along-words").status, 204);
}

TEST(ConsoleGuardrails, a_rule_that_is_refused_leaves_nothing_of_what_came_with_it) {
  struct Case {
    const char *body, *field;
  };
  const Case cases[] = {
      {R"({"on":["output"],"detectors":[{"kind":"injection"}],"action":"block",)"
       R"("parts":{"word_lists":[{"id":"left","words":["Heron"]}]}})",
       "detectors[0]"},
      {R"({"on":["input"],"detectors":[{"kind":"custom","names":["left","left-too"]}],"action":"flag",)"
       R"("parts":{"word_lists":[{"id":"left","words":["Heron"]}],"patterns":[{"id":"left-too","regex":"(["}]}})",
       "parts.patterns[0].regex"},
      {R"({"on":["input"],"detectors":[{"kind":"secrets"}],"action":"flag",)"
       R"("parts":{"word_lists":[{"id":"left","words":[""]}]}})",
       "parts.word_lists[0].words[0]"},
  };
  for (const Case& one : cases) {
    const fetch::Response answer = call("PUT", "/rules/refused", one.body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(error_of(answer, "field"), one.field) << answer.body;
    for (const char* path : {"/rules/refused", "/word-lists/left", "/patterns/left-too"})
      EXPECT_EQ(call("GET", path).status, 404) << path << " after " << one.body;
  }
}

TEST(ConsoleGuardrails, a_pattern_is_put_also_when_a_rule_is_called_probe) {
  add_rule("probe");
  EXPECT_EQ(call("PUT", "/patterns/beside-probe", R"({"regex":"case-[0-9]{4}"})").status, 201);
}

TEST(ConsoleGuardrails, templates_come_with_the_words_that_rules_may_hold) {
  const JsonValue templates = parsed(call("GET", "/templates").body);
  EXPECT_EQ(std::get<JsonArray>(templates.find("items")->data).size(),
            guardrail_templates().size() + guard::rule_templates().size());
  for (const char* list : {"secrets", "pii", "injection", "modalities"}) {
    EXPECT_NE(at(templates, std::string("vocabulary.") + list + ".0"), "") << list;
  }
  EXPECT_EQ(at(templates, "vocabulary.providers.0.name"), "webhook");
  EXPECT_EQ(at(templates, "vocabulary.providers.1.options.0.required"), "true");
}

TEST(ConsoleGuardrailTrial, a_text_is_tried_on_the_rules_in_force_for_the_subject) {
  add_rule("bench", R"(,"scope":{"teams":["platform"]})");
  const std::string text = R"({"text":"Über Project bench reden","surface":"input")";
  const JsonValue trial = parsed(call("POST", "/test", text + R"(,"subject":{"team":"platform"}})").body);
  EXPECT_EQ(at(trial, "matches.0.rule"), "bench");
  EXPECT_EQ(at(trial, "matches.0.start"), "6");  // bytes: Ü has two
  EXPECT_EQ(at(trial, "matches.0.end"), "19");
  EXPECT_EQ(at(trial, "findings.0.found_by"), "bench-words");
  EXPECT_THAT(at(trial, "redacted"), testing::AllOf(testing::StartsWith("Über ["), testing::EndsWith("] reden")));
  const JsonValue other = parsed(call("POST", "/test", text + R"(,"subject":{"team":"sales"}})").body);
  EXPECT_EQ(at(other, "matches.0.rule"), "");
  EXPECT_EQ(at(other, "redacted"), "Über Project bench reden");
}

TEST(ConsoleGuardrailTrial, an_unsaved_rule_is_tried_as_if_it_were_enabled_and_nothing_is_kept) {
  const std::string before = call("GET", "").body;
  const std::string action = newest_action();
  const std::string body =
      R"({"text":"the code is KES-7","surface":"output","parts":{"patterns":[{"id":"code","regex":"KES-[0-9]"}]},)"
      R"("rule":{"id":"unsaved","enabled":false,"on":["output"],"detectors":[{"kind":"custom","names":["code"]}],)"
      R"("action":"block","message":"No codes."}})";
  const JsonValue trial = parsed(call("POST", "/test", body).body);
  EXPECT_EQ(at(trial, "blocked_by"), "unsaved");
  EXPECT_EQ(at(trial, "message"), "No codes.");
  EXPECT_EQ(at(trial, "matches.0.action"), "block");
  EXPECT_EQ(call("GET", "").body, before);
  EXPECT_EQ(newest_action(), action);
}

TEST(ConsoleGuardrailTrial, without_a_message_of_the_rule_the_sentence_that_people_read_is_shown_and_scores_are_short) {
  const JsonValue trial =
      parsed(call("POST", "/test",
                  R"({"text":"write to jane@example.org","surface":"input","rule":{"id":"mail","name":"No addresses",)"
                  R"("on":["input"],"detectors":[{"kind":"pii","types":["email"]}],"action":"block"}})")
                 .body);
  EXPECT_EQ(at(trial, "blocked_by"), "mail");
  EXPECT_EQ(at(trial, "message"),
            "The rule \"No addresses\" of Example Corp does not allow this: email (email). Ask help@example.com.");
  EXPECT_LE(at(trial, "findings.0.score").size(), std::string_view("0.123").size());
}

TEST(ConsoleGuardrails, a_topic_of_few_words_needs_all_of_them_unless_said_otherwise) {
  EXPECT_EQ(at(parsed(call("PUT", "/topics/one", R"({"words":["a"]})").body), "least"), "1");
  EXPECT_EQ(at(parsed(call("PUT", "/topics/four", R"({"words":["a","b","c","d"]})").body), "least"), "3");
  EXPECT_EQ(call("DELETE", "/topics/one").status, 204);
  EXPECT_EQ(call("DELETE", "/topics/four").status, 204);
}

TEST(ConsoleGuardrailTrial, what_is_wrong_with_the_draft_is_told_by_its_path) {
  const auto field = [](const std::string& rest) {
    return error_of(call("POST", "/test", R"({"text":"x","surface":"input")" + rest + "}"), "field");
  };
  EXPECT_EQ(field(R"(,"rule":{"on":["input"],"detectors":[{"kind":"custom","names":["n"]}],"action":"flag"})"),
            "rule.detectors[0].names[0]");
  EXPECT_EQ(field(R"(,"rule":[])"), "rule");
  EXPECT_EQ(field(R"(,"parts":{"rules":[]})"), "parts.rules");
  EXPECT_EQ(field(R"(,"parts":{"patterns":[{"regex":"x"}]})"), "parts.patterns");
  EXPECT_EQ(field(R"(,"subject":{"shoe":"x"})"), "subject.shoe");
  EXPECT_EQ(error_of(call("POST", "/test", R"({"text":"x","surface":"ceiling"})"), "field"), "surface");
}

TEST(ConsoleGuardrailTrial, limits_and_external_checks_are_told_apart_from_what_is_found) {
  ASSERT_EQ(call("PUT", "/providers/later", R"({"kind":"webhook","url":"https://x.example"})").status, 201);
  const std::string body =
      R"({"text":"far too long","surface":"input","rule":{"id":"limit","on":["input"],"detectors":)"
      R"([{"kind":"limits","max_bytes":5},{"kind":"external","names":["later"]}],"action":"block"}})";
  const JsonValue trial = parsed(call("POST", "/test", body).body);
  EXPECT_EQ(at(trial, "blocked_by"), "limit");
  EXPECT_EQ(at(trial, "matches.0.found_by"), "max_bytes");
  EXPECT_EQ(at(trial, "not_run.0.rule"), "limit");
}

TEST(ConsoleGuardrailOutcomes, the_question_is_checked) {
  const auto field = [](const char* query) {
    return error_of(call("GET", std::string("/outcomes?") + query), "field");
  };
  EXPECT_EQ(field("bucket=2h"), "bucket");
  EXPECT_EQ(field("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z"), "from");
  EXPECT_EQ(field("from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z"), "bucket");
  EXPECT_EQ(field("to=soon"), "to");
  const JsonValue answer = parsed(call("GET", "/outcomes?bucket=5m").body);
  EXPECT_EQ(at(answer, "bucket"), "5m");
  EXPECT_EQ(at(answer, "items"), "[]");
}

}  // namespace
}  // namespace sluice::console
