#include "guard/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guard/outcome.h"
#include "guard_fixture.h"

namespace sluice::guard {
namespace {

using namespace testing_support;
using policy::GuardAction;
using policy::Surface;
using testing::ElementsAre;
using testing::IsEmpty;

std::string problem_of(std::string_view json) {
  const auto guard = compile(json);
  return guard ? std::string("accepted") : guard.error().detail;
}

std::shared_ptr<const Guard> guard_of(std::string_view json) {
  auto guard = compile(json);
  EXPECT_TRUE(guard) << guard.error().detail;
  return *guard;
}

TEST(Guard, HasNoEngineWhereNoEnabledRuleNeedsOne) {
  const auto guard = guard_of(
      R"({"rules":[{"id":"off","enabled":false,"on":["input"],"detectors":[{"kind":"pii"}],"action":"block"},
          {"id":"limit","on":["input"],"detectors":[{"kind":"limits","max_bytes":10}],"action":"block"}]})");
  EXPECT_EQ(guard->database_bytes(), 0u);
  EXPECT_THAT(judged(*guard, "ada@example.com"), IsEmpty());
  EXPECT_THAT(guard->select({}).on(Surface::input), ElementsAre(1));
}

TEST(Guard, SelectsRulesWhoseListsAllNameTheSubject) {
  const auto guard = guard_of(
      R"({"patterns":[{"id":"x","regex":"xyz"}],"rules":[
        {"id":"all","on":["input","output"],"detectors":[{"kind":"custom","names":["x"]}],"action":"flag"},
        {"id":"team","scope":{"teams":["red","blue"]},"on":["input"],"detectors":[{"kind":"custom","names":["x"]}],"action":"block"},
        {"id":"both","scope":{"teams":["red"],"apps":["codex"]},"on":["input"],"detectors":[{"kind":"custom","names":["x"]}],"action":"flag"}]})");
  const auto input = [&](const Subject& subject) { return guard->select(subject).on(Surface::input); };
  EXPECT_THAT(input({}), ElementsAre(0));
  EXPECT_THAT(input({.team = "blue", .app = "codex"}), ElementsAre(0, 1));
  EXPECT_THAT(input({.team = "red", .app = "codex"}), ElementsAre(0, 1, 2));
  EXPECT_THAT(input({.team = "re"}), ElementsAre(0));
  const auto red = guard->select({.team = "red"});
  EXPECT_TRUE(guard->interferes(red, Surface::input));
  EXPECT_FALSE(guard->interferes(red, Surface::output));
  EXPECT_FALSE(red.any(Surface::tool_results));
}

// The rules for secrets take seconds to compile, so they are compiled once.
const Guard& with_secrets() {
  static const auto guard = guard_of(R"({
    "gitleaks":[{"id":"own","toml":"[[rules]]\nid='acme-token'\nregex='acme_[a-z0-9]{12}'\n[[rules]]\nid='acme-key'\nregex='akey_[a-z0-9]{12}'\n"}],
    "rules":[
    {"id":"mail","on":["input"],"detectors":[{"kind":"pii","types":["email"]}],"action":"redact"},
    {"id":"acme","on":["input"],"detectors":[{"kind":"secrets","names":["acme-token"]}],"action":"redact"},
    {"id":"sure","on":["input"],"detectors":[{"kind":"pii","types":["email"],"threshold":0.99}],"action":"flag"}]})");
  return *guard;
}

TEST(Guard, JudgesByKindTypeNameAndThreshold) {
  const auto matches = judged(with_secrets(), "write to ada@example.com or call +49 30 901820, akey_0123456789ab");
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].rule, 0);
  EXPECT_EQ(matches[0].action, GuardAction::redact);
  EXPECT_EQ(matches[0].type, "email");
  EXPECT_EQ(matches[0].detector, Detector::pii);
  EXPECT_THAT(judged(with_secrets(), "write to ada@example.com", Surface::tool_results), IsEmpty());
}

TEST(Guard, LoadsGitleaksFilesBesideItsOwnRules) {
  EXPECT_EQ(redacted(with_secrets(), "use acme_0123456789ab now"), "use [SECRET] now");
}

TEST(Guard, LowersItsThresholdToWhatTheRuleSays) {
  const std::string rule = R"({"rules":[{"id":"r","on":["input"],"action":"flag","detectors":[{"kind":"pii",)";
  const std::string text = "078-05-1121 or 123456782";  // a number alone is a weak finding
  const auto sure = guard_of(rule + R"("types":["national_id"]}]}]})");
  const auto wary = guard_of(rule + R"("types":["national_id"],"threshold":0.1}]}]})");
  EXPECT_LT(judged(*sure, text).size(), judged(*wary, text).size());
}

TEST(Guard, TakesProvidersFindingsByTheIdBeforeTheSlash) {
  const auto guard = guard_of(R"({"providers":["lake","lakes"],"rules":[{"id":"r","on":["input"],
    "detectors":[{"kind":"external","names":["lake"]}],"action":"flag"}]})");
  const std::vector<Finding> findings{{Detector::external, "lake/toxic", "toxic", 0, 4, 0.9F, true},
                                      {Detector::external, "lakes/toxic", "toxic", 0, 4, 0.9F, true}};
  std::vector<Match> matches;
  guard->judge("text", findings, Surface::input, guard->select({}), matches);
  ASSERT_EQ(matches.size(), 1u);
  EXPECT_EQ(matches[0].found_by, "lake/toxic");
}

TEST(Guard, LetsAllowListsExcuseAFindingByItsWholeText) {
  const auto guard =
      guard_of(R"({"allow_lists":[{"id":"ours","texts":["info@example.com"],"regexes":["[a-z]+@example\\.org"]}],
    "rules":[{"id":"r","on":["input"],"detectors":[{"kind":"pii","types":["email"]}],"action":"redact","allow":["ours"]}]})");
  EXPECT_EQ(redacted(*guard, "info@example.com, ada@example.org, ada7@example.org, info@example.community"),
            "info@example.com, ada@example.org, [EMAIL], [EMAIL]");
}

TEST(Guard, ReplacesInFourForms) {
  std::string rules;
  for (const std::string form : {"replace", "mask", "hash", "token"})
    rules += (rules.empty() ? "" : ",") +
             (R"({"id":")" + form + R"(","on":["input"],"action":"redact","redaction":")" + form +
              R"(","scope":{"users":[")" + form + R"("]},"detectors":[{"kind":"pii","types":["email"]}]})");
  const auto guard = guard_of(R"({"rules":[)" + rules + "]}");
  const auto form = [&](std::string_view user, std::string_view text) {
    return redacted(*guard, text, {.user = user});
  };
  EXPECT_EQ(form("replace", "to ada@example.com!"), "to [EMAIL]!");
  EXPECT_EQ(form("mask", "to ada@example.com!"), "to ***************!");
  EXPECT_EQ(form("mask",
                 "to ada@b\xc3\xbc"
                 "cher.de!"),
            "to *************!");
  const std::string hash = form("hash", "ada@example.com"), token = form("token", "ada@example.com");
  EXPECT_THAT(hash, testing::MatchesRegex(R"(\[EMAIL:[0-9a-f]{16}\])"));
  EXPECT_THAT(token, testing::MatchesRegex(R"(\[EMAIL-[0-9a-f]{16}\])"));
  EXPECT_EQ(form("hash", "ada@example.com"), hash);
  EXPECT_NE(form("hash", "adb@example.com"), hash);
}

TEST(Guard, KeysItsHashesAndRefusesThemWithoutAKey) {
  const std::string json = R"({"rules":[{"id":"r","on":["input"],"action":"redact","redaction":"hash",
      "detectors":[{"kind":"pii","types":["email"]}]}]})";
  Guard::Options other;
  other.hash_key = Secret(std::string(32, 'o'));
  EXPECT_NE(redacted(*guard_of(json), "ada@example.com"),
            redacted(**compile(json, std::move(other)), "ada@example.com"));
  const auto without = compile(json, Guard::Options());
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().detail,
            "rules[0].redaction: hashes and tokens need the deployment's key of 32 bytes or more");
}

TEST(Guard, NamesPlaceholdersByTypeAndCustomOnesByTheirId) {
  const auto guard = guard_of(R"({"patterns":[{"id":"case-file.v2","regex":"AZ [0-9]{4}/[0-9]{2}"}],"rules":[
    {"id":"r","on":["input"],"detectors":[{"kind":"custom","names":["case-file.v2"]}],"action":"redact"}]})");
  EXPECT_EQ(redacted(*guard, "AZ 1234/26"), "[CASE-FILE.V2]");
  const Match odd{.rule = 0, .action = GuardAction::redact, .detector = Detector::external, .type = "a \"b\"\n\\"};
  EXPECT_EQ(guard->replacement(odd, "x"), "[A__B___]");
}

// Two findings that overlap, as two rules see them.
std::vector<Match> overlap(std::string_view first_action, std::string_view second_action) {
  const auto guard =
      guard_of(R"({"patterns":[{"id":"a","regex":"one two"},{"id":"b","regex":"two three four"}],"rules":[
    {"id":"ra","on":["input"],"detectors":[{"kind":"custom","names":["a"]}],"action":")" +
               std::string(first_action) + R"("},
    {"id":"rb","on":["input"],"detectors":[{"kind":"custom","names":["b"]}],"action":")" +
               std::string(second_action) + R"("}]})");
  auto matches = judged(*guard, "- one two three four");
  for (Match& match : matches) match.found_by = match.type = {};
  return matches;
}

TEST(Guard, JoinsOverlappingRedactionsUnderTheLongerOne) {
  const auto joined = overlap("redact", "redact");
  ASSERT_EQ(joined.size(), 1u);
  EXPECT_EQ(joined[0].rule, 1);
  EXPECT_EQ(joined[0].start, 2u);
  EXPECT_EQ(joined[0].end, 20u);
}

TEST(Guard, KeepsWhatDoesNotChangeTheTextBesideARedaction) {
  EXPECT_EQ(overlap("flag", "redact").size(), 2u);
  EXPECT_EQ(overlap("redact", "block").size(), 2u);
  EXPECT_EQ(overlap("shadow", "shadow").size(), 2u);
}

TEST(Guard, TellsOfTwoRulesThatRedactTheSameTheFirst) {
  const auto guard = guard_of(R"({"patterns":[{"id":"a","regex":"abc"}],"rules":[
    {"id":"r1","on":["input"],"detectors":[{"kind":"custom","names":["a"]}],"action":"redact","redaction":"mask"},
    {"id":"r2","on":["input"],"detectors":[{"kind":"custom","names":["a"]}],"action":"redact"}]})");
  EXPECT_EQ(redacted(*guard, "abc abc"), "*** ***");
}

TEST(Guard, ChecksLimitsOfRequests) {
  const auto guard = guard_of(R"({"rules":[
    {"id":"pictures","on":["input"],"detectors":[{"kind":"limits","modalities":["image","file"]}],"action":"block"},
    {"id":"long","on":["input"],"detectors":[{"kind":"limits","max_bytes":100}],"action":"flag"}]})");
  using dialect::Modality;
  const auto broken = [&](const std::vector<Modality>& attachments, std::size_t bytes) {
    std::vector<Match> matches;
    guard->check_limits(guard->select({}), attachments, bytes, matches);
    std::string out;
    for (const Match& match : matches) out.append(match.found_by).append(" ");
    return out;
  };
  EXPECT_EQ(broken({}, 100), "");
  EXPECT_EQ(broken({Modality::audio}, 101), "max_bytes ");
  EXPECT_EQ(broken({Modality::file, Modality::image, Modality::image}, 0), "image file ");
}

TEST(Guard, NamesWhatDoesNotCompileByItsPath) {
  EXPECT_EQ(problem_of(R"({"patterns":[{"id":"ok","regex":"a"},{"id":"x","regex":"a(b"}]})"),
            "patterns[1].regex: missing ): a(b");
  EXPECT_THAT(problem_of(R"x({"patterns":[{"id":"x","regex":"a(?=b)"}]})x"),
              testing::StartsWith("patterns[0].regex: look-ahead is not supported (RE2: invalid perl operator"));
  EXPECT_THAT(problem_of(R"({"patterns":[{"id":"x","regex":"(?U)a+b"}],"rules":[{"id":"r","on":["input"],
      "detectors":[{"kind":"custom","names":["x"]}],"action":"flag"}]})"),
              testing::StartsWith("patterns[0].regex: "));
  EXPECT_EQ(problem_of(R"({"patterns":[{"id":"x","regex":"a*"}],"rules":[{"id":"r","on":["input"],
      "detectors":[{"kind":"custom","names":["x"]}],"action":"flag"}]})"),
            "patterns[0].regex: it matches the empty text");
  EXPECT_THAT(problem_of(R"({"allow_lists":[{"id":"l","texts":["a"],"regexes":["b","[z-a]"]}]})"),
              testing::StartsWith("allow_lists[0].regexes[1]: invalid character class range"));
  EXPECT_THAT(problem_of(R"({"gitleaks":[{"id":"g","toml":"[[rules]\n"}],"rules":[{"id":"r","on":["input"],
      "detectors":[{"kind":"secrets"}],"action":"flag"}]})"),
              testing::StartsWith("gitleaks[0].toml: line 1"));
  EXPECT_EQ(
      problem_of(R"({"gitleaks":[{"id":"g","toml":"[[rules]]\nid='a'\nregex='x'\n[[rules]]\nid='b'\nregex='(?=x)'\n"}],
      "rules":[{"id":"r","on":["input"],"detectors":[{"kind":"secrets"}],"action":"flag"}]})"),
      "gitleaks[0].toml: the rule 'b': look-ahead is not supported (RE2: invalid perl operator: (?=)");
  EXPECT_EQ(
      problem_of(R"({"rules":[{"id":"r","on":["input"],
      "detectors":[{"kind":"secrets","names":["github-pat","github-bat"]}],"action":"flag"}]})"),
      "rules[0].detectors[0].names[1]: there is no rule 'github-bat' for secrets: neither built-in (`sluice guard "
      "rules` lists them) nor of a gitleaks file");
}

TEST(Guard, SaysWhatRe2HasNotBesideItsOwnWords) {
  const auto problem = [](const std::string& regex) {
    return problem_of(R"({"patterns":[{"id":"x","regex":")" + regex + R"("}]})");
  };
  EXPECT_EQ(problem("(?<=a)b"), "patterns[0].regex: look-behind is not supported (RE2: invalid perl operator: (?<)");
  EXPECT_EQ(problem("(?<!a)b"), "patterns[0].regex: look-behind is not supported (RE2: invalid perl operator: (?<)");
  EXPECT_EQ(problem("(?<name>b)"),
            "patterns[0].regex: a named group is written (?P<name>…) (RE2: invalid perl operator: (?<)");
  EXPECT_EQ(problem("(?>a)b"), "patterns[0].regex: atomic groups are not supported (RE2: invalid perl operator: (?>)");
  EXPECT_EQ(problem("(a)\\\\1"),
            "patterns[0].regex: backreferences are not supported (RE2: invalid escape sequence: \\1)");
  EXPECT_EQ(problem("a\\\\Z"), "patterns[0].regex: this escape is not supported (RE2: invalid escape sequence: \\Z)");
  EXPECT_EQ(problem("a{1,20000}"),
            "patterns[0].regex: a repetition may be of at most 1000 (RE2: invalid repetition size: {1,20000})");
  EXPECT_EQ(problem("a++"),
            "patterns[0].regex: possessive and doubled repetitions (a++, a**) are not supported (RE2: bad repetition "
            "operator: ++)");
}

TEST(Guard, AsksForACapWhereAMatchOnAStreamMayHaveNoEnd) {
  const auto problem = [](std::string_view regex, std::string_view cap, std::string_view action) {
    return problem_of(
        R"({"patterns":[{"id":"x","regex":")" + std::string(regex) +
        R"("}],"rules":[{"id":"r","on":["output"],"detectors":[{"kind":"custom","names":["x"]}],"action":")" +
        std::string(action) + R"(","stream_cap_bytes":)" + std::string(cap) + "}]}");
  };
  EXPECT_EQ(problem("ab+", "0", "redact"),
            "rules[0].stream_cap_bytes: detectors[0]: 'x' has no greatest width, so a cap must be named");
  EXPECT_EQ(problem("ab+", "64", "redact"), "accepted");
  EXPECT_EQ(problem("ab+", "0", "flag"), "accepted");
  EXPECT_EQ(problem("ab{1,9}", "0", "block"), "accepted");
}

TEST(Outcomes, CountEqualLinesAndKeepTheFirstBlock) {
  Outcomes outcomes;
  const policy::GuardRule rule{.id = "r"};
  const Match match{
      .rule = 3, .action = GuardAction::block, .detector = Detector::secrets, .found_by = "x", .type = "secret"};
  outcomes.add(rule, Surface::input, match);
  outcomes.add(rule, Surface::input, match);
  outcomes.add(rule, Surface::output, match);
  outcomes.not_checked(rule, Surface::input, "provider down");
  ASSERT_EQ(outcomes.lines().size(), 3u);
  EXPECT_EQ(outcomes.lines()[0].count, 2u);
  EXPECT_EQ(outcomes.lines()[0].action, "block");
  EXPECT_EQ(outcomes.lines()[2].action, "not_checked");
  EXPECT_EQ(outcomes.lines()[2].found_by, "provider down");
  EXPECT_EQ(outcomes.blocked_by(), 3);
}

TEST(Outcomes, AreBoundedAndSaySo) {
  Outcomes outcomes;
  std::vector<std::string> names(200);
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i] = "rule" + std::to_string(i);
    outcomes.add({.id = "r"}, Surface::input, {.found_by = names[i]});
  }
  ASSERT_EQ(outcomes.lines().size(), 64u);
  EXPECT_EQ(outcomes.lines().back().action, "more");
  EXPECT_EQ(outcomes.lines().back().count, 137u);
}

TEST(TokenVault, KnowsItsLongestToken) {
  TokenVault vault;
  EXPECT_TRUE(vault.empty());
  vault.keep("[A-1]", "one");
  vault.keep("[LONG-1]", "two");
  vault.keep("[A-1]", "one");
  EXPECT_EQ(vault.originals().size(), 2u);
  EXPECT_EQ(vault.originals().at("[LONG-1]"), "two");
  EXPECT_EQ(vault.longest_token(), 8u);
}

}  // namespace
}  // namespace sluice::guard
