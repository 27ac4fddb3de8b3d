// The one property that streams rest on: what is settled at a cut is what the whole text holds, however it goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "guard/custom/custom_rules.h"
#include "guard/engine.h"
#include "guard/pii/pii.h"
#include "guard/secrets/builtin.h"
#include "guard_fixture.h"
#include "stream_play.h"

namespace sluice::guard {
namespace {

constexpr std::string_view alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view hex = "0123456789abcdef";

class Source {
 public:
  explicit Source(unsigned seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return random_() % n; }
  std::string noise(std::size_t count, std::string_view alphabet) {
    std::string out;
    while (out.size() < count) out += alphabet[below(alphabet.size())];
    return out;
  }
  template <std::size_t N>
  std::string_view of(const std::string_view (&list)[N]) {
    return list[below(N)];
  }

 private:
  std::minstd_rand random_;
};

constexpr std::string_view words[] = {
    "the",    "quick",  "token",   "In 2023,", "Azure",  "a",          "api_key", "is",        "password", "Ritz",
    "Paris",  "of",     "de",      "Anna",     "Müller", "von",        "Street",  "Baker",     "221",      "12",
    "rue",    "Monge",  "London",  "GmbH",     "Dr.",    "J.",         "Smith",   "said",      "call",     "me",
    "my",     "name",   "ada",     "born",     "phone:", "card",       "version", "1.2.3",     "order",    "no",
    "http",   "www",    "e.g.",    "St.",      "curl",   "-u",         "kind:",   "secret",    "data:",    "machine",
    "login",  "kraken", "segment", "key",      "=",      ":",          "\"",      "'",         "{",        "}",
    "62704",  "apt",    "Suite",   "P.O.",     "Box",    "unit",       "O'Neal",  "Jean-Luc",  "中文",     "é",
    "Łódź",   "€",      "😀",      "GB82",     "AB",     "12 34",      "::1",     "fe80:",     "add",      "@",
    "ask",    "sk-",    "eyJ",     "AKIA",     "ghp_",   "-----BEGIN", "+44",     "(0)20",     "7946",     "0958",
    "postal", "IL",     "and",     "Co",       "&",      "x86",        "int32_t", "passport",  "licence",  "bc1",
    "--",     "...",    "-",       "/",        "//",     "http://a.b", "a.b@c.d", "00:1b:44:", "NI",       "DNI",
    "'s",     "JSON",   "USA",     "McDonald", "the",    "University", "der",     "for",       "sincerely"};
constexpr std::string_view gaps[] = {" ", " ",  " ",  " ",  " ",  " ",  " ", " ",
                                     "",  ", ", ". ", "\n", "  ", ": ", "-", "."};

std::string plant(Source& source) {
  const std::string n20 = source.noise(20, alnum), n40 = source.noise(40, alnum), h32 = source.noise(32, hex);
  const std::string planted[] = {
      "sk-proj-" + n40 + n20,
      "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",
      "AIza" + source.noise(35, alnum),
      "DATADOG_API_KEY=" + h32,
      "api_key = \"" + source.noise(24, alnum) + "\"",
      "password: '" + source.noise(12, alnum) + "'",
      "postgres://app:" + source.noise(10, alnum) + "@db.internal:5432/app",
      "xoxb-123456789012-1234567890123-" + source.noise(24, alnum),
      "glpat-" + n20,
      "mailgun key-" + h32,
      h32 + "-us12",
      "-----BEGIN RSA PRIVATE KEY-----\n" + source.noise(90, alnum) + "\n-----END RSA PRIVATE KEY-----",
      "-----BEGIN PRIVATE KEY-----\\n" + source.noise(64, alnum) + " ",
      "curl -u admin:" + source.noise(14, alnum) + " https://a.example/",
      "machine api.example.com login bob password " + source.noise(11, alnum),
      "kind: Secret\ndata:\n  password: " + source.noise(16, alnum) + "\n",
      "Authorization: Bearer " + n40,
      "ada.lovelace+x@mail.example.co.uk",
      "4111 1111 1111 1111",
      "4111-1111-1111-1111",
      "GB82 WEST 1234 5698 7654 32",
      "DE89370400440532013000",
      "+44 (0)20 7946 0958",
      "(212) 555-0147",
      "212-555-0147x123",
      "my mobile: 07700900123",
      "SSN 219-09-9999",
      "NI AB 12 34 56 C",
      "131052-308T",
      "X-1234567-L",
      "756.9217.0769.85",
      "passport number C01X00T47",
      "born on 12.03.1985",
      "2024-02-29",
      "2001:db8::8a2e:370:7334",
      "00:1b:44:11:3a:b7",
      "203.0.113.77",
      "https://example.com/a?b=c&d=203.0.113.7",
      "www.example.org/path",
      "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
      "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
      "my name is grace hopper",
      "Dr. Ada Byron Lovelace",
      "José Ortega in Buenos Aires",
      "Initech Systems GmbH",
      "221 Baker Street, London",
      "12 Main Street, Springfield, IL 62704",
      "Lindenstraße 12, 10969 Berlin",
      "12 rue Monge, 75005 Paris",
      "Apt 12, 4 Elm Avenue",
      "P.O. Box 1234",
      "SW1A 1AA",
      "Anna de la Cruz",
      "Ley began",
      "Ada Lovelace <ada@example.org>",
      "X-1234567-L Ada Lovelace <ada@example.org>",
      "P.O.-add-Ada Lovelace <ada@example.org>",
      "\"Dr. J. de la Cruz\" <cruz@mail.example>",
      "Dear Ms Qxyz,",
      "Patient: Jane van der Berg",
      "Best regards,\nJohn Smith",
      "my wife Qxyz",
      "lives in Xyzville",
      "works for Qwert Ltd",
      "Springfield, IL 62704",
      "80331 Xyzstadt",
      "Initech, Inc.",
      "меня зовут Иван Петров",
      "اسمي محمد علي",
      "मेरा नाम राम है",
      "我叫王小明",
      "王小明先生",
      "김민수 씨",
      "田中さん",
      "姓名: 李雷",
      "Ström's",
      "8 bis, avenue du Maréchal Foch",
      "26b, rue de la Paix 7",
      "ul. Lipowa 14/3, 00-950 Warszawa",
      "Kossuth Lajos utca 12. Eger",
      "Levent Caddesi No: 45 D:3",
      "Strada Unirii nr. 14a, Husum",
      "Na Vyhlídce 124\n602 00 Brno",
      "lives at Cankarjeva 25, 1000 Qxyz",
      "1482 Broadway, New York, NY",
      "on Kingsway Avenue",
      "at Lincoln Boulevard",
      "Wilmslow, United Kingdom",
      "Qxyzham, Trinidad and Tobago",
      "1012 AB Utrecht",
      "a train from Crewe to Oswestry",
      "Hauptbahnhof Uelzen",
      "Firma Kestenholz",
      "Klinikum Ebersberg",
      "Hartmann & Krüger",
      "Meridian Freight Services",
      "Ask Saoirse",
      "Ravindran wrote",
      "Thandeka Mabuza",
      "Bad Salzuflen"};
  return planted[source.below(std::size(planted))];
}

std::string text_of(Source& source, std::size_t size) {
  std::string text;
  while (text.size() < size) {
    if (source.below(5) == 0)
      text += plant(source);
    else
      text += source.of(words);
    text += source.of(gaps);
  }
  return text;
}

bool starts_character(std::string_view text, std::size_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80;
}

using Key = std::tuple<std::uint32_t, std::uint32_t, std::string, float>;

class Checked {
 public:
  explicit Checked(std::vector<std::shared_ptr<const Ruleset>> families) {
    std::vector<Engine::Refusal> refused;
    engine_ = Engine::make(std::move(families), refused).value();
  }

  std::vector<Key> before(std::string_view text, std::size_t until) {
    EXPECT_TRUE(engine_->scan(text, Phase::output, scratch_, findings_));
    return keys(until);
  }

  // Every cut of the text, each with some continuations.
  void check(const std::string& text, Source& source) {
    static constexpr std::string_view tails[] = {
        "",       " ",   "a",      "A",         "1",        ".",          "-",        "\n",
        " Smith", " 12", "@x.org", "=",         ": ",       "\" ",        " said ",   ", London 12345 x",
        "://a b", "_",   "'s ",    " utca 12 ", " No: 4, ", ", Germany ", " & Sons ", "\n602 00 Brno",
        " wrote "};
    std::size_t settled = 0;
    for (std::size_t cut = 1; cut <= text.size(); ++cut) {
      if (!starts_character(text, cut)) continue;
      const std::string_view part = std::string_view(text).substr(0, cut);
      const auto open = engine_->scan_open(part, settled, Phase::output, Families::all(), scratch_, findings_);
      ASSERT_TRUE(open);
      ASSERT_GE(*open, settled);
      const std::vector<Key> found = keys(*open);
      for (const Finding& finding : findings_) ASSERT_LE(finding.end, *open);
      settled = *open;
      held += cut - settled;
      ++cuts;
      ASSERT_EQ(found, before(text, settled)) << told(text, cut, settled) << "going on as it does";
      for (int i = 0; i < 2; ++i) {
        const std::string_view tail = source.of(tails);
        ASSERT_EQ(found, before(std::string(part) + std::string(tail), settled))
            << told(text, cut, settled) << "going on with '" << tail << "'";
      }
    }
  }

  std::size_t held = 0, cuts = 0;

 private:
  static std::string told(const std::string& text, std::size_t cut, std::size_t settled) {
    return "\n…" + text.substr(settled > 90 ? settled - 90 : 0, settled > 90 ? 90 : settled) + "⟨settled⟩" +
           text.substr(settled, cut - settled) + "⟨cut⟩" + text.substr(cut, 60) + "\n";
  }
  std::vector<Key> keys(std::size_t until) const {
    std::vector<Key> out;
    for (const Finding& f : findings_)
      if (f.start < until) out.emplace_back(f.start, f.end, f.rule, f.score);
    return out;
  }
  std::shared_ptr<const Engine> engine_;
  Engine::Scratch scratch_;
  std::vector<Finding> findings_;
};

std::shared_ptr<const Ruleset> secrets() {
  std::vector<SecretRefusal> refused;
  return SecretRules::make(builtin_secret_rules(), refused).value();
}

std::size_t rounds() {
  const char* const wanted = std::getenv("SLUICE_ROUNDS");
  return wanted != nullptr ? std::strtoul(wanted, nullptr, 10) : 6;
}
unsigned seed() {
  const char* const wanted = std::getenv("SLUICE_SEED");
  return wanted != nullptr ? static_cast<unsigned>(std::strtoul(wanted, nullptr, 10)) : 1U;
}

void run(Checked& checked) {
  for (std::size_t round = 0; round < rounds() && !testing::Test::HasFatalFailure(); ++round) {
    Source source(seed() * 7919 + static_cast<unsigned>(round));
    checked.check(text_of(source, 250), source);
  }
  std::printf("%zu cuts, %.1f bytes open on average\n", checked.cuts,
              static_cast<double>(checked.held) / static_cast<double>(std::max<std::size_t>(1, checked.cuts)));
}

TEST(OpenEnd, WhatIsSettledOfPersonalDataStaysAsItIs) {
  Checked checked({make_pii_rules()});
  run(checked);
}

TEST(OpenEnd, WhatIsSettledOfBothStaysAsItIs) {
  Checked checked({secrets(), make_pii_rules()});
  run(checked);
}

// The whole way: a long text in deltas, of which only the newest part is kept, reads as if it had been judged at once.
TEST(OpenEnd, ALongStreamReadsAsIfItHadBeenJudgedAtOnce) {
  const auto guard =
      testing_support::compile(R"({"rules":[{"id":"r","on":["output"],"action":"redact","over_cap":"pass",
    "stream_cap_bytes":16384,"detectors":[{"kind":"secrets"},{"kind":"pii"}]}]})")
          .value();
  std::size_t differ = 0, streams = 0, redactions = 0;
  for (std::size_t round = 0; round < rounds(); ++round, ++streams) {
    Source source(seed() * 104729 + static_cast<unsigned>(round));
    const std::string text = text_of(source, 5000);
    std::string bytes;
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = std::min(text.size(), at + 1 + source.below(24));
      while (!starts_character(text, end)) ++end;
      bytes += testing_support::delta_event(dialect::Operation::chat_completions, testing_support::Place::text, 0,
                                            text.substr(at, end - at));
      at = end;
    }
    const auto played = testing_support::play(guard, dialect::Operation::chat_completions, {bytes});
    const std::string read = testing_support::read_by_client(dialect::Operation::chat_completions, played.bytes)["0.0"];
    std::vector<Finding> findings;
    std::vector<Match> matches;
    ASSERT_TRUE(guard->scan(text, Phase::output, testing_support::thread_scratch(), findings));
    guard->judge(text, findings, policy::Surface::output, guard->select({}), matches);
    std::string expected;
    std::size_t at = 0;
    for (const Match& match : matches) {
      expected += text.substr(at, match.start - at) +
                  guard->replacement(match, text.substr(match.start, match.end - match.start));
      at = match.end;
    }
    expected += text.substr(at);
    redactions += matches.size();
    EXPECT_EQ(read, expected) << seed() << " " << round;
    if (read != expected && ++differ > 2) break;
  }
  EXPECT_GT(redactions, streams * 10);
}

TEST(OpenEnd, WhatIsSettledOfCustomRulesStaysAsItIs) {
  static const policy::GuardrailDocument document = [] {
    policy::GuardrailDocument made;
    int number = 0;
    constexpr std::string_view regexes[] = {R"(\btok[a-z]{0,3}\b)",
                                            R"((?i)pa(\w+)\s+of)",
                                            R"([A-Z][a-z]+ (?:[a-z]+ ){0,2}S\w+)",
                                            R"(\d{2,5}(?:[ -]\d{2,5})*)",
                                            R"(é.{0,4}?[\p{L}€])",
                                            R"((?m)^[a-z]+:\s*(\S+)$)",
                                            R"(\{[^}]*\})",
                                            R"re(k[\s\S]{0,30}?=\s*"([^"]*)")re",
                                            R"([^a-z ]{3})",
                                            R"(c(?:ard|all)\b.?)"};
    for (const std::string_view regex : regexes)
      made.patterns.push_back({.id = "p" + std::to_string(number++), .regex = std::string(regex)});
    made.word_lists.push_back(
        {.id = "w", .words = {"Paris", "quick token", "Müller", "Baker Street", "中文", "C++", "my name is"}});
    made.word_lists.push_back(
        {.id = "x", .words = {"ken", "Box", "é a", "secret key"}, .caseless = false, .whole_words = false});
    policy::DetectorUse all{.kind = policy::DetectorKind::custom, .names = {"w", "x"}};
    for (const auto& pattern : made.patterns) all.names.push_back(pattern.id);
    made.rules.push_back({.id = "r", .detectors = {all}, .action = policy::GuardAction::redact});
    return made;
  }();
  const std::vector<std::string>& names = document.rules[0].detectors[0].names;
  Checked checked({CustomRules::make(document, {names.begin(), names.end()}).value()});
  run(checked);
}

}  // namespace
}  // namespace sluice::guard
