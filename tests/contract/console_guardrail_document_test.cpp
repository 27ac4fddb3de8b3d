// /api/guardrails/document: out, in, and what would change.
#include "policy/guardrails.h"
#include "tests/contract/console_fixture.h"

namespace sluice::console {
namespace {

fetch::Response call(const std::string& method, const std::string& rest, const std::string& body = "",
                     fetch::Headers headers = {}) {
  return running().call(method, "/api/guardrails" + rest, body, std::move(headers));
}
std::string document() {
  return call("GET", "/document").body;
}
std::string field_of(const fetch::Response& answer) {
  return at(parsed(answer.body), "error.field");
}
// "rule:first:changed word_list:words:added": only what differs, in the answer's order.
std::string changes_of(const fetch::Response& answer) {
  const JsonValue body = parsed(answer.body);
  const JsonValue* const changes = body.find("changes");
  if (changes == nullptr) return answer.body;
  std::string text;
  for (const JsonValue& one : std::get<JsonArray>(changes->data))
    text += (text.empty() ? "" : " ") + at(one, "part") + ":" + at(one, "id") + ":" + at(one, "change");
  return text;
}
std::string version() {
  return at(parsed(running().call("GET", "/api/policy").body), "version");
}

constexpr std::string_view first_document =
    R"({"rules":[{"id":"one","on":["input"],"detectors":[{"kind":"custom","names":["words"]}],"action":"flag"},)"
    R"({"id":"two","on":["input"],"detectors":[{"kind":"secrets"}],"action":"flag"},)"
    R"({"id":"three","on":["input"],"detectors":[{"kind":"pii"}],"action":"flag"}],)"
    R"("word_lists":[{"id":"words","words":["Heron"]}],"patterns":[{"id":"kept","regex":"K-[0-9]"}]})";
constexpr std::string_view second_document =
    R"({"rules":[{"id":"two","on":["input"],"detectors":[{"kind":"secrets"}],"action":"block"},)"
    R"({"id":"three","on":["input"],"detectors":[{"kind":"pii"}],"action":"flag"},)"
    R"({"id":"one","on":["input"],"detectors":[{"kind":"custom","names":["kept"]}],"action":"flag"}],)"
    R"("patterns":[{"id":"kept","regex":"K-[0-9]"}],"allow_lists":[{"id":"own","texts":["x"]}]})";

// Each test begins with a document of its own and puts back what was there.
class ConsoleGuardrailDocument : public testing::Test {
 protected:
  void SetUp() override {
    before_ = document();
    ASSERT_EQ(put(first_document).status, 200);
  }
  void TearDown() override { EXPECT_EQ(put(before_).status, 200); }
  static fetch::Response put(std::string_view text, const std::string& query = "", fetch::Headers headers = {}) {
    return call("PUT", "/document" + query, std::string(text), std::move(headers));
  }

 private:
  std::string before_;
};

TEST_F(ConsoleGuardrailDocument, what_is_read_can_be_put_back_and_changes_nothing) {
  const std::string text = document();
  ASSERT_TRUE(policy::parse_guardrails(text));
  const std::string updated = at(parsed(call("GET", "/rules/one").body), "updated_at"), policy = version();
  const fetch::Response answer = put(text);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(changes_of(answer), "");
  EXPECT_EQ(version(), policy);
  EXPECT_EQ(at(parsed(call("GET", "/rules/one").body), "updated_at"), updated);
}

// `rules` and two allow-lists whose texts take `bytes` bytes, quotes and commas included.
std::string filled(std::string_view rules, std::size_t bytes) {
  constexpr std::size_t longest = 4096, of_one_list = 1500 * longest;
  const auto list = [](std::string_view id, std::size_t size) {
    std::string texts;
    for (; size > longest; size -= longest) texts += "\"" + std::string(longest - 3, 'a') + "\",";
    return R"({"id":")" + std::string(id) + R"(","texts":[)" + texts + "\"" + std::string(size - 2, 'b') + "\"]}";
  };
  return R"({"rules":[)" + std::string(rules) + R"(],"allow_lists":[)" + list("one", of_one_list) + "," +
         list("two", bytes - of_one_list) + "]}";
}

TEST_F(ConsoleGuardrailDocument, what_is_read_is_never_larger_than_what_can_be_put_back) {
  constexpr std::string_view rules =
      R"({"id":"on","on":["input"],"detectors":[{"kind":"limits","max_bytes":9}],"action":"flag"})";
  constexpr std::size_t some = 7 * 1024 * 1024;
  const auto kept = [&](std::size_t bytes) {
    return policy::print_guardrails(must(policy::parse_guardrails(filled(rules, bytes)))).size();
  };
  const std::size_t most = some + policy::largest_guardrails - kept(some) - 1;  // one for the rule that is on
  const std::string too_much = filled(rules, most + 1);
  ASSERT_LT(too_much.size(), policy::largest_guardrails - 100) << "it grows by the defaults of what it leaves out";
  const fetch::Response refused = put(too_much);
  EXPECT_EQ(refused.status, 413) << refused.body.substr(0, 300);
  EXPECT_THAT(refused.body, testing::HasSubstr("all guardrails together"));

  ASSERT_EQ(put(filled(rules, most)).status, 200);
  EXPECT_EQ(call("PUT", "/word-lists/more", R"({"words":["x"]})").status, 413);
  EXPECT_EQ(call("PUT", "/providers/more", R"({"kind":"webhook","url":"https://x.example"})").status, 413);
  EXPECT_EQ(call("PUT", "/rules/on", R"({"enabled":false})").status, 200) << "a rule can always be switched off";
  const std::string largest = document();
  EXPECT_EQ(largest.size(), policy::largest_guardrails);
  EXPECT_EQ(put(largest).status, 200);
}

// "/api/guardrails/patterns/.." is another page to every client.
TEST_F(ConsoleGuardrailDocument, ids_that_no_path_can_name_are_refused) {
  const fetch::Response whole = put(R"({"patterns":[{"id":"fine","regex":"F"},{"id":"..","regex":"K-[0-9]"}]})");
  EXPECT_EQ(whole.status, 400) << whole.body;
  EXPECT_EQ(field_of(whole), "patterns[1].id");
  const fetch::Response with_rule =
      call("PUT", "/rules/new",
           R"({"on":["input"],"detectors":[{"kind":"custom","names":["-x"]}],"action":"flag",)"
           R"("parts":{"patterns":[{"id":"-x","regex":"K-[0-9]"}]}})");
  EXPECT_EQ(with_rule.status, 400) << with_rule.body;
  EXPECT_EQ(field_of(with_rule), "parts.patterns[0].id");
}

TEST_F(ConsoleGuardrailDocument, the_documented_example_is_taken_as_it_is) {
  const std::string example = must(read_file(SLUICE_SOURCE_DIR "/docs/examples/guardrails.json"));
  ASSERT_EQ(put(example).status, 200);
  EXPECT_EQ(document(), policy::print_guardrails(must(policy::parse_guardrails(example))));
}

TEST_F(ConsoleGuardrailDocument, a_dry_run_says_what_would_change_and_stores_nothing) {
  const std::string text = document(), policy = version();
  const fetch::Response answer = put(second_document, "?dry_run=true");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(at(parsed(answer.body), "applied"), "false");
  EXPECT_EQ(changes_of(answer),
            "rule:two:changed rule:three:moved rule:one:changed word_list:words:removed allow_list:own:added");
  EXPECT_EQ(document(), text);
  EXPECT_EQ(version(), policy);
}

TEST_F(ConsoleGuardrailDocument, everything_is_replaced_in_one_change_that_is_recorded) {
  const std::string policy = version();
  const fetch::Response answer = put(second_document);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(at(parsed(answer.body), "applied"), "true");
  EXPECT_EQ(std::stoi(version()), std::stoi(policy) + 1);
  const JsonValue rules = parsed(call("GET", "/rules").body);
  EXPECT_EQ(at(rules, "items.0.id") + at(rules, "items.1.id") + at(rules, "items.2.id"), "twothreeone");
  EXPECT_EQ(at(rules, "items.0.action"), "block");
  EXPECT_EQ(call("GET", "/word-lists/words").status, 404);
  EXPECT_EQ(call("GET", "/patterns/kept").status, 200);
  const JsonValue action = parsed(running().call("GET", "/api/audit?limit=1").body);
  EXPECT_EQ(at(action, "items.0.action"), "guardrails.replace");
  EXPECT_EQ(at(action, "items.0.note"), "1 added, 2 changed, 1 moved, 1 removed");
}

TEST_F(ConsoleGuardrailDocument, what_cannot_be_enforced_is_refused_whole_with_its_path) {
  const std::string text = document();
  const std::pair<const char*, const char*> cases[] = {
      {R"({"rules":[{"id":"a","on":["input"],"detectors":[{"kind":"secrets"}]}]})", "rules[0].action"},
      {R"({"rules":[{"id":"a","on":["input"],"detectors":[{"kind":"custom","names":["none"]}],"action":"flag"}]})",
       "rules[0].detectors[0].names[0]"},
      {R"({"rules":[],"patterns":[{"id":"unused","regex":"(["}]})", "patterns[0].regex"},
      {R"({"rules":[],"patterns":[{"id":"x","regex":"a"},{"id":"x","regex":"b"}]})", "patterns[1].id"},
      {R"({"rules":[],"surprise":1})", "surprise"},
      {R"({"rules":[{"id":"a","on":["input"],"detectors":[{"kind":"external","names":["elsewhere"]}],)"
       R"("action":"flag"}],"providers":["elsewhere"]})",
       "rules[0].detectors[0].names[0]"},
  };
  for (const auto& [body, field] : cases) {
    for (const char* query : {"", "?dry_run=true"}) {
      const fetch::Response answer = put(body, query);
      EXPECT_EQ(answer.status, 400) << body << answer.body;
      EXPECT_EQ(field_of(answer), field) << body << answer.body;
    }
  }
  EXPECT_EQ(field_of(put(text, "?dry_run=perhaps")), "dry_run");
  EXPECT_EQ(document(), text);
}

TEST_F(ConsoleGuardrailDocument, a_document_that_was_changed_meanwhile_is_not_overwritten) {
  const std::string etag = at(parsed(put(document(), "?dry_run=true").body), "etag");
  ASSERT_EQ(call("PUT", "/rules/one", R"({"enabled":false})").status, 200);
  for (const char* query : {"", "?dry_run=true"}) {
    const fetch::Response late = put(second_document, query, {{"if-match", etag}});
    EXPECT_EQ(late.status, 409);
    EXPECT_EQ(at(parsed(late.body), "error.code"), "outdated");
  }
  EXPECT_EQ(at(parsed(call("GET", "/rules/one").body), "enabled"), "false");
  const std::string now = at(parsed(put(document(), "?dry_run=true").body), "etag");
  const fetch::Response answer = put(second_document, "", {{"if-match", now}});
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(at(parsed(answer.body), "etag"), at(parsed(put(document(), "?dry_run=true").body), "etag"));
}

TEST_F(ConsoleGuardrailDocument, external_checks_stay_and_names_without_a_thing_are_warned_about) {
  ASSERT_EQ(
      call("PUT", "/providers/stays", R"({"kind":"webhook","url":"https://x.example","credential":"kept"})").status,
      201);
  const fetch::Response answer =
      put(R"({"rules":[{"id":"a","scope":{"keys":["no-key"]},"on":["input"],"detectors":[{"kind":"external",)"
          R"("names":["stays"]}],"action":"flag"}],"providers":["stays","elsewhere"]})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(at(parsed(answer.body), "warnings"),
            R"([{"path":"providers[1]","message":"No external check elsewhere is set up here"},)"
            R"({"path":"rules[0].scope.keys[0]","message":"There is no virtual key no-key"}])");
  EXPECT_EQ(put(R"({"rules":[]})").status, 200);
  EXPECT_EQ(at(parsed(call("GET", "/providers/stays").body), "has_credential"), "true");
  EXPECT_EQ(call("DELETE", "/providers/stays").status, 204);
}

}  // namespace
}  // namespace sluice::console
