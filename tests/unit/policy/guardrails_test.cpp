#include "policy/guardrails.h"

#include <gtest/gtest.h>

#include "sample.h"

namespace sluice::policy {
namespace {

std::string changed(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string detail_of(std::string_view json) {
  const auto result = parse_guardrails(json);
  return result ? std::string("accepted") : result.error().detail;
}

// A document with one rule, the members in `rule` and the lists in `lists` added.
std::string with_rule(std::string_view rule, std::string_view lists = "") {
  return R"({"rules":[{"id":"r1",)" + std::string(rule) + "}]" + std::string(lists) + "}";
}

TEST(Guardrails, ReadWhatTheyPrint) {
  const auto text = print_guardrails(sample_guardrails());
  const auto document = parse_guardrails(text);
  ASSERT_TRUE(document) << document.error().detail;
  EXPECT_EQ(print_guardrails(*document), text);
  EXPECT_EQ(document->rules[0].detectors[1].threshold, 0.75);
  EXPECT_EQ(document->rules[0].scope.teams, std::vector<std::string>{"team_1"});
  EXPECT_EQ(document->rules[0].over_cap, OnFailure::pass);
  EXPECT_EQ(document->word_lists[0].whole_words, false);
}

TEST(Guardrails, RefuseEveryCutOfTheirText) {
  const auto good = print_guardrails(sample_guardrails());
  for (std::size_t length = 0; length < good.size(); ++length)
    ASSERT_FALSE(parse_guardrails(good.substr(0, length))) << length;
}

TEST(Guardrails, HaveDefaultsForWhatPeopleLeaveOut) {
  const auto document =
      parse_guardrails(with_rule(R"("on":["input"],"detectors":[{"kind":"secrets"}],"action":"block")"));
  ASSERT_TRUE(document) << document.error().detail;
  const GuardRule& rule = document->rules[0];
  EXPECT_TRUE(rule.enabled);
  EXPECT_EQ(rule.redaction, RedactionForm::replace);
  EXPECT_EQ(rule.on_failure, OnFailure::block);
  EXPECT_EQ(rule.stream_cap_bytes, 4096);
  EXPECT_TRUE(parse_guardrails("{}")->empty());
}

TEST(Guardrails, NameWhatIsWrongByItsPath) {
  const auto good = print_guardrails(sample_guardrails());
  const auto detail = [&](std::string_view from, std::string_view to) { return detail_of(changed(good, from, to)); };
  EXPECT_EQ(detail(R"("enabled":)", R"("enabeld":)"), "rules[0].enabeld: is not a known field");
  EXPECT_EQ(detail(R"("types":["email")", R"("types":["e-mail")"),
            "rules[0].detectors[1].types[0]: 'e-mail' is no type of the detector pii");
  EXPECT_EQ(detail(R"("threshold":0.75)", R"("threshold":1.01)"),
            "rules[0].detectors[1].threshold: must be a number from 0 to 1");
  EXPECT_EQ(detail(R"("action":"redact")", R"("action":"delete")"),
            "rules[0].action: must be one of: shadow, flag, redact, block");
  EXPECT_EQ(detail(R"("on":["input")", R"("on":["inputs")"),
            "rules[0].on[0]: must be one of: input, tool_results, output, tool_arguments");
  EXPECT_EQ(detail(R"("names":["employee"])", R"("names":["employee","nobody"])"),
            "rules[0].detectors[2].names[1]: there is no pattern, word list or topic 'nobody'");
  EXPECT_EQ(detail(R"("allow":["public"])", R"("allow":["pubic"])"),
            "rules[0].allow[0]: there is no allow-list 'pubic'");
  EXPECT_EQ(detail(R"("id":"falcon")", R"("id":"employee")"), "word_lists[0].id: 'employee' stands twice");
  EXPECT_EQ(detail(R"("id":"employee")", R"("id":"an employee")"),
            "patterns[0].id: must be 1 to 64 letters, digits, '.', '_' or '-'");
  EXPECT_EQ(detail(R"("least":2)", R"("least":9)"), "topics[0].least: must be from 1 to the number of words");
  EXPECT_EQ(detail(R"("Project Falcon")", R"(" Falcon")"),
            "word_lists[0].words[0]: must not be empty, nor begin or end with a blank");
  EXPECT_EQ(detail(R"("regex":"E-)", R"("regex":")" + std::string(4096, 'x')),
            "patterns[0].regex: is longer than 4096 bytes");
}

TEST(Guardrails, RefuseCombinationsThatCannotBeEnforced) {
  const std::string lists =
      R"(,"topics":[{"id":"t","words":["a","b","c"]}],"providers":["p"],"patterns":[{"id":"x","regex":"y"}])";
  const auto detail = [&](std::string_view rule) { return detail_of(with_rule(rule, lists)); };
  const std::string stream = "which may be a stream: use flag or shadow there";
  EXPECT_EQ(detail(R"("on":["input","output"],"detectors":[{"kind":"injection"}],"action":"block")"),
            "rules[0].detectors[0]: injection cannot block on output, " + stream);
  EXPECT_EQ(detail(R"("on":["tool_arguments"],"detectors":[{"kind":"custom","names":["x","t"]}],"action":"redact")"),
            "rules[0].detectors[0]: topics cannot redact on tool_arguments, " + stream);
  EXPECT_EQ(
      detail(R"("on":["output"],"detectors":[{"kind":"secrets"},{"kind":"external","names":["p"]}],"action":"block")"),
      "rules[0].detectors[1]: external cannot block on output, " + stream);
  EXPECT_EQ(detail(R"("on":["output"],"detectors":[{"kind":"external","names":["p"]}],"action":"shadow")"), "accepted");
  EXPECT_EQ(detail(R"("on":["output"],"detectors":[{"kind":"injection"}],"action":"flag")"), "accepted");
  EXPECT_EQ(detail(R"("on":["output"],"detectors":[{"kind":"custom","names":["x"]}],"action":"block")"), "accepted");
  EXPECT_EQ(detail(R"("on":["tool_results"],"detectors":[{"kind":"limits","max_bytes":9}],"action":"flag")"),
            "rules[0].on[0]: limits are checked on input only");
  EXPECT_EQ(detail(R"("on":["input"],"detectors":[{"kind":"limits","max_bytes":9}],"action":"redact")"),
            "rules[0].action: limits find no bytes to redact: use block, flag or shadow");
  EXPECT_EQ(detail(R"("on":["input","output"],"detectors":[{"kind":"pii"}],"action":"redact","redaction":"token")"),
            "rules[0].redaction: a token is put into a request and restored in its answer: on output and "
            "tool_arguments use replace, mask or hash");
}

TEST(Guardrails, RefuseUsesThatSayNothingOrTooMuch) {
  const auto detail = [&](std::string_view use) {
    return detail_of(with_rule(R"("on":["input"],"action":"flag","detectors":[)" + std::string(use) + "]"));
  };
  EXPECT_EQ(detail(""), "rules[0].detectors: must not be empty");
  EXPECT_EQ(detail(R"({"kind":"limits"})"), "rules[0].detectors[0]: limits need modalities, max_bytes or both");
  EXPECT_EQ(detail(R"({"kind":"limits","modalities":["smell"]})"),
            "rules[0].detectors[0].modalities[0]: must be one of: image, audio, video, file");
  EXPECT_EQ(detail(R"({"kind":"limits","max_bytes":0})"),
            "rules[0].detectors[0].max_bytes: must be from 1 to 9223372036854775807");
  EXPECT_EQ(detail(R"({"kind":"custom"})"), "rules[0].detectors[0].names: must name a pattern, a word list or a topic");
  EXPECT_EQ(detail(R"({"kind":"external","names":["p"]})"), "rules[0].detectors[0].names[0]: there is no provider 'p'");
  EXPECT_EQ(detail(R"({"kind":"pii","names":["x"]})"),
            "rules[0].detectors[0].names: is for secrets, custom and external");
  EXPECT_EQ(detail(R"({"kind":"secrets","max_bytes":1})"), "rules[0].detectors[0].max_bytes: is for limits");
  EXPECT_EQ(detail_of(with_rule(R"("on":[],"detectors":[{"kind":"pii"}],"action":"flag")")),
            "rules[0].on: must not be empty");
  EXPECT_EQ(detail_of(with_rule(R"("on":["input","input"],"detectors":[{"kind":"pii"}],"action":"flag")")),
            "rules[0].on[0]: stands twice");
}

TEST(Guardrails, BoundTheirLists) {
  GuardrailDocument document;
  document.word_lists = {{.id = "a", .words = std::vector<std::string>(20'000, "word")}};
  EXPECT_EQ(detail_of(print_guardrails(document)), "accepted");
  document.word_lists.push_back({.id = "b", .words = {"word"}});
  EXPECT_EQ(detail_of(print_guardrails(document)),
            "word_lists[1].words: all word lists together have more than 20000 words");
  document = {};
  for (int i = 0; i < 501; ++i)
    document.rules.push_back({.id = std::to_string(i), .on = {Surface::input}, .detectors = {DetectorUse{}}});
  EXPECT_EQ(detail_of(print_guardrails(document)), "rules: has more than 500 entries");
}

TEST(GuardProvider, SendsTextsToNobodyInTheClear) {
  GatewaySnapshot snapshot = sample_gateway();
  const auto detail = [&](std::string_view from, std::string_view to) {
    const auto result = parse_gateway_snapshot(changed(print_snapshot(snapshot), from, to));
    return result ? std::string("accepted") : result.error().detail;
  };
  const std::string problem = "guard_providers[0].url: must begin with https://, or with http:// and a loopback host";
  constexpr std::string_view url = "https://guard.example.com/check";
  EXPECT_EQ(detail(url, "http://guard.example.com"), problem);
  EXPECT_EQ(detail(url, "http://127.0.0.1.example.com"), problem);
  EXPECT_EQ(detail(url, "http://localhost@example.com"), problem);
  EXPECT_EQ(detail(url, "http://localhost:1@example.com"), problem);
  EXPECT_EQ(detail(url, "http://127.0.0.1:9000/check"), "accepted");
  EXPECT_EQ(detail(url, "http://[::1]:9000/check"), "accepted");
  EXPECT_EQ(detail(R"("kind":"webhook")", R"("kind":"oracle")"),
            "guard_providers[0].kind: is no known kind of provider");
}

TEST(GatewaySnapshot, HoldsTheProvidersThatRulesMayName) {
  GatewaySnapshot snapshot = sample_gateway();
  snapshot.guard_providers.clear();
  const auto read = parse_gateway_snapshot(print_snapshot(snapshot));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().detail, "guardrails.providers[0]: there is no such guard provider");
}

TEST(GatewaySnapshot, MayBeOfATimeWithoutGuardrails) {
  GatewaySnapshot snapshot = sample_gateway();
  snapshot.fleet.guardrails = {};
  snapshot.guard_providers.clear();
  snapshot.guard_hash_key = Secret();
  std::string text = print_snapshot(snapshot);
  const auto erase = [&](std::string_view piece) { text = changed(text, piece, ""); };
  erase(",\"guardrails\":" + print_guardrails({}));
  erase(R"(,"guard_providers":[],"guard_hash_key":"")");
  erase(R"(,"team":"")");
  erase(R"(,"team":"team_1")");
  const auto read = parse_gateway_snapshot(text);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_TRUE(read->fleet.guardrails.empty());
}

TEST(GatewaySnapshot, KeepsTheGuardrailsPartsOfTheGateway) {
  const auto read = parse_gateway_snapshot(print_snapshot(sample_gateway()));
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->virtual_keys[1].team, "team_1");
  EXPECT_EQ(read->guard_providers[0].credential.reveal(), "hook-token");
  EXPECT_EQ(read->guard_providers[0].options.at("header"), "x-guard-key");
  EXPECT_EQ(read->guard_hash_key.reveal(), std::string(64, '7'));
  EXPECT_EQ(print_snapshot(read->fleet).find("hook-token"), std::string::npos);
  const auto bad = parse_gateway_snapshot(changed(print_snapshot(sample_gateway()), std::string(64, '7'), "77"));
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().detail, "guard_hash_key: must be 64 or more digits of hexadecimal");
}

}  // namespace
}  // namespace sluice::policy
