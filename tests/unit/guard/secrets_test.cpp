#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "guard/engine.h"
#include "guard/secrets/builtin.h"
#include "guard/secrets/gitleaks.h"

namespace sluice::guard {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Scanner {
 public:
  explicit Scanner(std::vector<SecretRule> rules) {
    std::vector<SecretRefusal> bad;
    rules_ = SecretRules::make(std::move(rules), bad).value();
    for (const SecretRefusal& refusal : bad) refused.push_back(refusal.rule);
    std::vector<Engine::Refusal> unusable;
    engine_ = Engine::make({rules_}, unusable).value();
    for (const auto& refusal : unusable) refused.emplace_back(rules_->rule_id(refusal.pattern.id));
  }
  std::vector<std::string> rules_hit(std::string_view text) {
    std::vector<std::string> out;
    EXPECT_TRUE(engine_->scan(text, Phase::input, scratch_, findings));
    for (const Finding& finding : findings)
      if (finding.hit) out.emplace_back(finding.rule);
    return out;
  }
  std::vector<std::string> refused;
  std::vector<Finding> findings;

 private:
  std::shared_ptr<const SecretRules> rules_;
  std::shared_ptr<const Engine> engine_;
  Engine::Scratch scratch_;
};

Scanner& builtin() {
  static Scanner scanner(builtin_secret_rules());
  return scanner;
}

// Random-looking characters, the same in every run; put together here so that no credential stands in the source.
std::string noise(std::size_t count, std::string_view alphabet, unsigned seed = 7) {
  std::string out;
  std::uint64_t state = seed;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    out.push_back(alphabet[(state >> 33) % alphabet.size()]);
  }
  return out;
}
constexpr std::string_view alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view hex = "0123456789abcdef";
constexpr std::string_view base32_low = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::string_view base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

TEST(BuiltinSecrets, AreAtLeast150KindsWithUniqueNamesThatAllCompile) {
  const std::vector<SecretRule> rules = builtin_secret_rules();
  std::set<std::string> names;
  for (const SecretRule& rule : rules) EXPECT_TRUE(names.insert(rule.id).second) << rule.id;
  EXPECT_GE(names.size(), 150u);
  EXPECT_THAT(builtin().refused, ElementsAre());
}

TEST(BuiltinSecrets, EverySourceIsThatOfARule) {
  std::size_t sourced = 0;
  for (const SecretRule& rule : builtin_secret_rules()) sourced += builtin_secret_source(rule.id).empty() ? 0U : 1U;
  EXPECT_EQ(sourced, builtin_secret_sources());
  EXPECT_TRUE(builtin_secret_source("a rule that is not there").empty());
}

TEST(BuiltinSecrets, KnowTokensByTheirFormAndPointAtTheSecretAlone) {
  const std::pair<std::string, std::string> samples[] = {
      {"anthropic-api-key", "sk-ant-api03-" + noise(93, alnum) + "AA"},
      {"openai-project-key", "sk-proj-" + noise(74, alnum)},
      {"google-api-key", "AIza" + noise(35, alnum)},
      {"aws-access-key-id", "AKIA" + noise(16, base32)},
      {"gitlab-pat", "glpat-" + noise(20, alnum)},
      {"stripe-secret-key", "sk_live_" + noise(24, alnum)},
      {"slack-bot-token", "xoxb-123456789012-1234567890123-" + noise(24, alnum)},
      {"sendgrid-key", "SG." + noise(22, alnum) + "." + noise(43, alnum, 9)},
      {"digitalocean-token", "dop_v1_" + noise(64, hex)},
      // Forms that the vendors' pages give and that rules from memory had missed.
      {"cloudflare-scannable-key", "cfut_" + noise(40, alnum) + noise(8, hex, 5)},
      {"gitlab-workspace-token", "glwt-" + noise(20, alnum)},
      {"gitlab-runner-token", "glrtr-" + noise(20, alnum)},
      {"vault-token", "hvs." + noise(24, alnum)},
      {"tailscale-key", "tskey-api-" + noise(12, alnum) + "-" + noise(18, alnum, 5)},
      {"buildkite-token", "bkaa_" + noise(75, alnum)},
      {"huggingface-token", "hf_" + noise(34, alnum.substr(0, 52))},
      {"google-authentication-key", "AQ.Ab" + noise(46, alnum)},
      {"supabase-token", "sbp_oauth_" + noise(40, hex)},
      {"sonar-token", "sqb_" + noise(40, hex)},
      {"cargo-publishing-token", "cio_tp_" + noise(32, alnum)},
      {"deno-token", "ddo_" + noise(36, alnum)},
      {"azure-client-secret", noise(1, alnum) + "-" + noise(1, alnum) + "8Q~" + noise(34, alnum)},
      {"azure-identifiable-key", noise(33, alnum) + "+ASb" + noise(6, alnum) + "="},
      {"azure-identifiable-key", noise(20, alnum) + "-_" + noise(22, alnum, 5) + "AzFu" + noise(6, alnum) + "=="},
      {"azure-annotated-key", noise(52, alnum) + "JQQJ99BC" + noise(16, alnum, 5) + "ACOG" + noise(4, alnum)},
      {"twilio-api-key", "SK" + noise(32, "0123456789ABCDEF")},
      {"heroku-key", "HRKU-" + noise(8, hex) + "-" + noise(4, hex, 3) + "-4" + noise(3, hex) + "-a" + noise(3, hex, 5) +
                         "-" + noise(12, hex, 9)},
      {"typeform-token", "tfp_" + noise(40, hex)},
      {"honeycomb-key", "hcxik_" + noise(58, alnum)},
      {"honeycomb-key", "hcamk_" + noise(26, alnum) + ":" + noise(32, alnum, 5)},
      {"logfire-token", "pylf_v1_eu_" + noise(43, alnum)},
      {"datadog-prefixed-key", "ddapp_" + noise(34, alnum)},
      {"datadog-prefixed-key", "ddsat_" + noise(40, alnum)},
      {"mollie-key", "access_" + noise(30, alnum)},
      {"braintree-token", "access_token$qa$" + noise(16, alnum.substr(26)) + "$" + noise(32, hex)},
      {"vercel-access-token", "vcp_" + noise(56, alnum)},
      {"slack-workflow-token", "xwfp-1-" + noise(40, alnum)},
      {"aws-bedrock-short-term-key", "bedrock-api-key-" + noise(600, alnum)},
      {"yandex-iam-cookie", "c1." + noise(64, alnum) + "==." + noise(86, alnum, 9) + "=="},
      {"nuget-key", "oy2" + noise(1, base32_low.substr(0, 16)) + noise(42, base32_low, 9)},
      {"akamai-token", "akab-" + noise(26, base32_low) + "-" + noise(6, base32_low, 9)},
      {"atlassian-api-token", "ATATT3" + noise(90, alnum)},
      {"atlassian-api-token", "ATAT" + noise(90, alnum)},
      {"bitbucket-access-token", "ATCT" + noise(90, alnum)},
      {"bitbucket-app-password", "ATBB" + noise(24, alnum)},
      {"gcp-oauth-refresh-token", "1//" + noise(20, alnum) + "-_" + noise(21, alnum, 5)},
      {"elevenlabs-key", "sk_" + noise(48, hex)},
      {"gocardless-token", "sandbox_" + noise(40, alnum)},
      {"pinecone-key", "pckey_" + noise(6, alnum) + "_" + noise(62, alnum, 5)},
      {"elevenlabs-key", "sk_" + noise(48, hex) + "_residency_eu"},
      {"mailgun-key", "key-" + noise(32, alnum.substr(26))},
      {"microsoft-account-token", "EwC" + noise(500, alnum) + "=="},
      {"e2b-key", "e2b_" + noise(40, "0123456789ABCDEF")},
  };
  for (const auto& [rule, secret] : samples) {
    const std::string text = "export TOKEN=\"" + secret + "\"\n";
    EXPECT_THAT(builtin().rules_hit(text), ElementsAre(rule)) << text;
    ASSERT_EQ(builtin().findings.size(), 1u);
    EXPECT_EQ(text.substr(builtin().findings[0].start, builtin().findings[0].end - builtin().findings[0].start),
              secret);
    EXPECT_THAT(builtin().rules_hit("a" + secret.substr(0, secret.size() / 3)), ElementsAre()) << "a third of it";
  }
}

TEST(BuiltinSecrets, ChecksumsTellATokenFromItsLookAlike) {
  // 30 characters and the CRC-32 of them in base 62: computed with zlib.crc32, not with the code under test.
  const std::string body = "q7Xw2LrT9bVn4KzE8mYc5HsJ1dGfPa";
  EXPECT_THAT(builtin().rules_hit("ghp_" + body + "3cmm8r"), ElementsAre("github-pat"));
  EXPECT_THAT(builtin().rules_hit("ghp_" + body + "3cmm80"), ElementsAre());
}

TEST(BuiltinSecrets, ABareValueNeedsItsNameBesideIt) {
  const std::string value = noise(32, hex);
  EXPECT_THAT(builtin().rules_hit("DATADOG_API_KEY=" + value), ElementsAre("datadog-api-key"));
  EXPECT_THAT(builtin().rules_hit("KC-API-KEY: " + noise(24, hex)), ElementsAre("kucoin-key"));
  EXPECT_THAT(builtin().rules_hit("DIGITALOCEAN_ACCESS_TOKEN=" + noise(64, hex)),
              ElementsAre("digitalocean-legacy-token"));
  EXPECT_THAT(builtin().rules_hit("ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + noise(30, alnum)),
              ElementsAre("alibaba-secret"));
  EXPECT_THAT(builtin().rules_hit("MJ_APIKEY_PRIVATE=" + value), ElementsAre("mailjet-key"));
  EXPECT_THAT(builtin().rules_hit("DG_API_KEY=" + noise(40, hex)), ElementsAre("deepgram-key"));
  EXPECT_THAT(builtin().rules_hit("X-MBX-APIKEY: " + noise(64, alnum)), ElementsAre("binance-key"));
  EXPECT_THAT(builtin().rules_hit("P4PASSWD=" + noise(32, "0123456789ABCDEF")), ElementsAre("perforce-ticket"));
  EXPECT_THAT(builtin().rules_hit("IC_API_KEY=" + noise(44, alnum)), ElementsAre("ibm-cloud-key"));
  EXPECT_THAT(builtin().rules_hit("X-JFrog-Art-Api: " + noise(43, alnum) + "="), ElementsAre("artifactory-api-key"));
  EXPECT_THAT(builtin().rules_hit("OAUTHS2S_CLIENT_SECRET=p8e-" + noise(20, alnum) + "-" + noise(11, alnum, 9)),
              ElementsAre("adobe-client-secret"));
  EXPECT_THAT(builtin().rules_hit("VONAGE_API_SECRET=" + noise(25, alnum)), ElementsAre("vonage-secret"));
  EXPECT_THAT(builtin().rules_hit("ALGOLIA_ADMIN_KEY=" + value), ElementsAre("algolia-key"));
  EXPECT_THAT(builtin().rules_hit("MIXPANEL_PROJECT_SECRET=" + value), ElementsAre("mixpanel-secret"));
  EXPECT_THAT(builtin().rules_hit("https://eth-mainnet.g.alchemy.com/v2/" + noise(32, alnum)),
              ElementsAre("alchemy-url-key"));
  EXPECT_THAT(builtin().rules_hit("etsy: " + noise(22, alnum) + ":" + noise(10, alnum.substr(26), 5)),
              ElementsAre("etsy-key"));
  EXPECT_THAT(builtin().rules_hit("ETSY_TOKEN=12345678." + noise(22, alnum)), ElementsAre("etsy-key"));
  EXPECT_THAT(builtin().rules_hit("ETSY_SHARED_SECRET=k3x9q2z7wm"), ElementsAre("etsy-shared-secret"));
  EXPECT_THAT(builtin().rules_hit("AMPLITUDE_SECRET_KEY=" + value), ElementsAre("amplitude-key"));
  EXPECT_THAT(builtin().rules_hit("AMPLITUDE_DEPLOYMENT_KEY=server-" + noise(32, alnum)), ElementsAre("amplitude-key"));
  EXPECT_THAT(builtin().rules_hit("commit " + value), ElementsAre());
  EXPECT_THAT(builtin().rules_hit("md5sum: " + value), ElementsAre());
}

TEST(BuiltinSecrets, WhatHasTheFormOfATokenButIsItsNameOrItsHostIsNone) {
  const std::string id = noise(27, alnum);
  EXPECT_THAT(builtin().rules_hit("ngrok config add-authtoken " + id + "_" + noise(21, alnum, 9)),
              ElementsAre("ngrok-key"));
  EXPECT_THAT(builtin().rules_hit("https://api.ngrok.com/api_keys/ak_" + id), ElementsAre());
  EXPECT_THAT(
      builtin().rules_hit("host = akab-" + noise(24, base32_low) + "-" + noise(8, base32_low) + ".luna.akamaiapis.net"),
      ElementsAre());
}

// Each text is refused by one thing alone: too few digits, too little entropy, or a name that is missing.
TEST(BuiltinSecrets, LettersThatAlsoBeginSequencesCommentsAndNamesAreNoneWithoutRandomness) {
  const std::string_view amino = "ACDEFGHIKLMNPQRSTVWY", letters = alnum.substr(0, 52);
  for (const std::string& text :
       {"ATAT" + noise(90, amino), "ATCT" + noise(90, amino), "ATBB" + noise(40, amino), "1//" + noise(60, letters),
        "ATAT" + noise(90, "ACGT12"), "ATCT" + noise(90, "ACGT12"), "ATBB" + noise(40, "ACGT12"),
        std::string("x = 1//the_quotient_of_the_previous_and_the_following_number_v12"),
        std::string("sk_add_backlog_from_the_list_of_all_sockets"), std::string("ETSY_SHOP=handmade12"),
        std::string("sandbox_of_the_first_user_12_of_the_first_shop_of"), "sandbox_" + noise(40, letters)})
    EXPECT_THAT(builtin().rules_hit(text), ElementsAre()) << text;
}

TEST(BuiltinSecrets, AHeadersValueOfTwoPartsIsOne) {
  EXPECT_THAT(builtin().rules_hit("curl --header 'x-api-key: " + noise(22, alnum) + ":" + noise(10, alnum, 5) + "' -s"),
              ElementsAre("api-key-header-value"));
}

TEST(BuiltinSecrets, WhatItsVendorCallsPublicIsNoneOfTheVendors) {
  const std::string value = noise(32, hex);
  for (const std::string name :
       {"ALGOLIA_SEARCH_ONLY", "AMPLITUDE_PROJECT", "MIXPANEL_PROJECT", "TRELLO_APP", "MONDAY_BUILD"})
    EXPECT_THAT(builtin().rules_hit(name + "=" + value), ElementsAre()) << name;
}

TEST(BuiltinSecrets, PrivateKeysAndPasswordsInUrlsAreFound) {
  EXPECT_THAT(
      builtin().rules_hit("-----BEGIN RSA PRIVATE KEY-----\n" + noise(200, alnum) + "\n-----END RSA PRIVATE KEY-----"),
      ElementsAre("private-key"));
  EXPECT_THAT(builtin().rules_hit("postgres://app:Xk29vbQz71@db.internal:5432/app"),
              ElementsAre("database-url-password"));
  EXPECT_THAT(builtin().rules_hit("postgres://app:password@localhost/app"), ElementsAre());
  EXPECT_THAT(builtin().rules_hit("postgres://app:${DB_PASSWORD}@db/app"), ElementsAre());
}

TEST(BuiltinSecrets, AHeaderWithAVendorsOwnSchemeIsRead) {
  for (const std::string scheme : {"Bot", "Splunk", "GenieKey", "AccessKey", "DeepL-Auth-Key", "ShippoToken"})
    EXPECT_THAT(builtin().rules_hit("Authorization: " + scheme + " " + noise(30, alnum)),
                ElementsAre("vendor-authorization"))
        << scheme;
  EXPECT_THAT(builtin().rules_hit("messagebird: test_" + noise(25, alnum)), ElementsAre("messagebird-key"));
  EXPECT_THAT(builtin().rules_hit("KAFKA_API_SECRET=" + noise(64, alnum)), ElementsAre("confluent-secret"));
}

TEST(BuiltinSecrets, DocumentationPlaceholdersAreNotSecrets) {
  for (const std::string text : {"AKIAIOSFODNN7EXAMPLE", "api_key = \"your-api-key-goes-here-12345\"",
                                 "token: <YOUR_TOKEN_12345678>", "secret = \"xxxxxxxxxxxxxxxxxxxxxxxx1234\"",
                                 "password = \"changeme12345\"", "API_KEY=${API_KEY_FROM_VAULT_2024}"})
    EXPECT_THAT(builtin().rules_hit(text), ElementsAre()) << text;
}

TEST(BuiltinSecrets, OrdinaryCodeHasNone) {
  for (const std::string text :
       {"const token = await getAccessTokenSilently({ audience });", "self.secret_length = X25519.secret_length",
        "password_hash = bcrypt.hashpw(password.encode(), bcrypt.gensalt())",
        "key=ed25519.Ed25519PrivateKey.generate()", "#define sk_X509_POLICY_NODE_set_cmp_func(sk, cmp) 1",
        "def test_redefinedInNestedFunctionTwice(self): pass",
        "The access token is sent in the Authorization header of each request."})
    EXPECT_THAT(builtin().rules_hit(text), ElementsAre()) << text;
}

TEST(BuiltinSecrets, ASpecificRuleDisplacesAGenericOne) {
  const std::string secret = "glpat-" + noise(20, alnum);
  EXPECT_THAT(builtin().rules_hit("secret_token: '" + secret + "'"), ElementsAre("gitlab-pat"));
}

TEST(BuiltinSecrets, OneCharacterBetweenTwoSecretsIsEnough) {
  const std::string one = "glpat-" + noise(20, alnum), two = "glpat-" + noise(20, alnum, 9);
  EXPECT_THAT(builtin().rules_hit(one + " " + two + "\n" + one), ElementsAre("gitlab-pat", "gitlab-pat", "gitlab-pat"));
}

TEST(BuiltinSecrets, ATextFullOfCandidatesEndsSoon) {
  for (const std::string unit : {"a", "sk-", "-----BEGIN PRIVATE KEY-----\n", "password=", "\xe2\x82\xac"}) {
    std::string text;
    while (text.size() < 200'000) text += unit;
    EXPECT_TRUE(builtin().rules_hit(text).size() < 20'000) << unit;
  }
}

constexpr std::string_view file = R"(
title = "sample"
[allowlist]
regexes = ['''^ignored-.*$''']
[[rules]]
id = "word"
regex = '''(?i)word_([a-z0-9-]{8,20})\b'''
keywords = ["WORD_"]
entropy = 2.0
[[rules.allowlists]]
stopwords = ["public"]
[[rules.allowlists]]
regexTarget = "line"
regexes = ['''# noqa''']
[[rules]]
id = "second-group"
regex = '''(a+)=(b{4,9})'''
secretGroup = 2
[[rules]]
id = "path-only"
path = '''\.p12$'''
[[rules]]
id = "broken"
regex = '''(unclosed'''
)";

Scanner& sample() {
  static Scanner scanner(parse_gitleaks(file)->rules);
  return scanner;
}

TEST(Gitleaks, LoadsRulesAndNamesWhatItPassesOver) {
  const auto loaded = parse_gitleaks(file).value();
  EXPECT_EQ(loaded.rules.size(), 3u);
  ASSERT_EQ(loaded.notes.size(), 2u);
  EXPECT_EQ(loaded.notes[0].rule, "path-only");
  EXPECT_THAT(sample().refused, ElementsAre("broken"));
}

TEST(Gitleaks, HonoursEntropyGroupsKeywordsAndAllowLists) {
  EXPECT_THAT(sample().rules_hit("WORD_a8k3x9q2z7"), ElementsAre("word"));
  EXPECT_THAT(sample().rules_hit("word_aaaaaaaaaa"), ElementsAre()) << "entropy";
  EXPECT_THAT(sample().rules_hit("word_public-8k3x9"), ElementsAre()) << "stop word";
  EXPECT_THAT(sample().rules_hit("word_ignored-a8k3x9q2"), ElementsAre()) << "global allow-list";
  EXPECT_THAT(sample().rules_hit("word_a8k3x9q2z7  # noqa\nword_b8k3x9q2z7"), ElementsAre("word"))
      << "allow-list of the line";
  EXPECT_THAT(sample().rules_hit("aa=bbbb"), ElementsAre("second-group"));
  EXPECT_EQ(sample().findings[0].start, 3u);
}

TEST(Gitleaks, ABrokenFileIsNamedWithItsLine) {
  const auto broken = parse_gitleaks("[[rules]]\nid = \"x\nregex = 1");
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().detail, HasSubstr("line 2"));
  EXPECT_FALSE(parse_gitleaks("title = 'no rules'"));
  EXPECT_THAT(parse_gitleaks("[[rules]]\nregex = 'x'").error().detail, HasSubstr("rules[0].id"));
}

// "awssessiontoken" and "sessiontoken" end at the same byte; only one of them has the right byte in front.
TEST(Secrets, ALiteralThatDoesNotFitHidesNoneThatEndsWithIt) {
  const std::string text = "AwsSessionToken=" + noise(120, alnum) + ";";
  EXPECT_THAT(builtin().rules_hit(text), ElementsAre("aws-session-token"));
}

// "1keyone" is looked at first, and lacks digits in front. The look must reach as far as the other alternative does.
TEST(Secrets, AlternativesOfOneRuleHideNoneOfEachOther) {
  Scanner scanner({{.id = "either", .regex = "[0-9]{5}keyone|[a-z0-9]{40}-keytwo|keythree-[a-z0-9]{600}"}});
  EXPECT_THAT(scanner.rules_hit(std::string(17, 'a') + "1keyone" + std::string(23, 'b') + "-keytwo"),
              ElementsAre("either"));
  EXPECT_THAT(scanner.rules_hit("1keyone keythree-" + noise(600, base32_low)), ElementsAre("either"));
}

TEST(Secrets, ARepeatWithoutEndBehindALiteralMayBeOfAnyLength) {
  Scanner scanner({{.id = "arrow", .regex = R"(["']secret_key["']\s*=>\s*["'](sk_[\S]{29})["'])"},
                   {.id = "plus", .regex = R"(begin_of_it[a-c]+[0-9]{8})"}});
  for (const std::string_view gap : {"", " ", "   ", "\n\t\t"})
    EXPECT_THAT(scanner.rules_hit("'secret_key'" + std::string(gap) + "=>" + std::string(gap) + "'sk_" +
                                  noise(29, alnum) + "'"),
                ElementsAre("arrow"));
  for (const std::string_view letters : {"a", "ab", "abcabcabc"})
    EXPECT_THAT(scanner.rules_hit("begin_of_it" + std::string(letters) + "48302917"), ElementsAre("plus"));
}

TEST(Secrets, OfTwoRulesOnTheSameBytesTheOneThatIsSurerIsNamed) {
  SecretRule weak{.id = "weak", .regex = "tok_([a-z]{8})"}, sure = weak;
  weak.score = 0.6F;
  sure.id = "sure";
  EXPECT_THAT(Scanner({weak, sure}).rules_hit("tok_qwmzpxvk"), ElementsAre("sure"));
  EXPECT_THAT(Scanner({sure, weak}).rules_hit("tok_qwmzpxvk"), ElementsAre("sure"));
}

}  // namespace
}  // namespace sluice::guard
