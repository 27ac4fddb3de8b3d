#include "policy/guard_providers.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace sluice::policy {
namespace {

std::string problem_of(GuardProvider provider) {
  const auto problem = check_guard_provider(provider);
  return problem ? problem->path + " " + problem->what : "";
}

GuardProvider bedrock() {
  return {.id = "aws",
          .kind = "bedrock",
          .url = "https://bedrock-runtime.us-east-1.amazonaws.com",
          .options = {{"region", "us-east-1"}, {"guardrail_id", "abc123"}, {"guardrail_version", "DRAFT"}}};
}

TEST(GuardProviders, AreNinePublishedKinds) {
  EXPECT_EQ(provider_kinds().size(), 9U);
  for (const ProviderKind& kind : provider_kinds()) EXPECT_EQ(provider_kind(kind.name), &kind);
  EXPECT_EQ(provider_kind("oracle"), nullptr);
}

TEST(GuardProviders, NeedTheirOptionsAndTakeNoOthers) {
  EXPECT_EQ(problem_of(bedrock()), "");
  for (const std::string name : {"region", "guardrail_id", "guardrail_version"}) {
    GuardProvider provider = bedrock();
    provider.options.erase(name);
    EXPECT_TRUE(problem_of(std::move(provider)).starts_with("options." + name + " is missing: "));
  }
  GuardProvider provider = bedrock();
  provider.options["project"] = "p";
  EXPECT_EQ(problem_of(std::move(provider)), "options.project is no option of bedrock");
}

TEST(GuardProviders, TakeNoValueThatWouldChangeThePathOrAHeader) {
  for (const std::string value : {"", "..", ".", "a b", "a?b", "a\r\nb", "a%2fb", "é"}) {
    GuardProvider provider = bedrock();
    provider.options["guardrail_id"] = value;
    EXPECT_EQ(problem_of(std::move(provider)), "options.guardrail_id must be letters, digits and . _ : / - only")
        << value;
  }
}

TEST(GuardProviders, CheckNumbersChoicesAndLists) {
  GuardProvider provider{.id = "a", .kind = "azure_content_safety", .url = "https://x.cognitiveservices.azure.com"};
  const auto with = [&](const std::string& name, const std::string& value) {
    provider.options = {{name, value}};
    const auto problem = check_guard_provider(provider);
    return problem ? problem->what : std::string();
  };
  EXPECT_EQ(with("severity", "0"), "");
  EXPECT_EQ(with("severity", "7"), "");
  EXPECT_EQ(with("severity", "8"), "must be a number from 0 to 7");
  EXPECT_EQ(with("severity", "nan"), "must be a number from 0 to 7");
  EXPECT_EQ(with("severity", "2x"), "must be a number from 0 to 7");
  EXPECT_EQ(with("checks", "prompt_shield"), "");
  EXPECT_EQ(with("checks", "none"), "must be one of: both, analyze, prompt_shield");
  EXPECT_EQ(with("categories", "Hate,Violence"), "");
  EXPECT_EQ(with("categories", "Hate,"), "must be some of: Hate, SelfHarm, Sexual, Violence");
  EXPECT_EQ(with("blocklists", "a,b c"), "must be names with commas between");
}

TEST(GuardProviders, SendTextsInTheClearToLoopbackOnly) {
  for (const std::string url :
       {"https://presidio.corp.example/x", "http://127.0.0.1:5002", "http://[::1]", "http://localhost/"})
    EXPECT_EQ(problem_of({.id = "p", .kind = "presidio", .url = url}), "") << url;
  for (const std::string url :
       {"", "http://presidio:5002", "http://127.0.0.1.evil.example", "http://127.0.0.1@evil.example",
        "https://user@host", "https://", "ftp://127.0.0.1", "https://a b", "https://a#b"})
    EXPECT_EQ(problem_of({.id = "p", .kind = "presidio", .url = url}),
              "url must begin with https://, or with http:// and a loopback host")
        << url;
}

TEST(GuardProviders, SayWhichFormTheirCredentialHas) {
  const auto problem = [](GuardProvider provider, const std::string& credential) {
    provider.credential = Secret(credential);
    const auto found = check_provider_credential(provider);
    return found ? found->path + " " + found->what : std::string();
  };
  EXPECT_EQ(problem(bedrock(), "AKID:secret"), "");
  EXPECT_EQ(problem(bedrock(), "AKID:secret:token"), "");
  const std::string form = "ACCESS_KEY_ID:SECRET_ACCESS_KEY, or with :SESSION_TOKEN";
  EXPECT_EQ(problem(bedrock(), ""), "credential is missing: " + form);
  for (const std::string wrong : {"AKID", ":secret", "AKID:"})
    EXPECT_EQ(problem(bedrock(), wrong), "credential must be " + form);
  EXPECT_EQ(problem({.id = "l", .kind = "lakera", .url = "https://api.lakera.ai"}, "a\nb"),
            "credential holds characters that a header field may not hold");
  EXPECT_EQ(problem({.id = "g", .kind = "model_armor", .url = "https://m.googleapis.com"}, "{\n}"), "");
  EXPECT_EQ(problem({.id = "w", .kind = "webhook", .url = "https://hook.example"}, ""), "");
}

TEST(GuardProviders, StandInTheDocumentationWithTheirOptions) {
  std::ifstream file(SLUICE_SOURCE_DIR "/docs/guardrails.md");
  std::map<std::string, std::string> rows;  // by kind
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("| `")) rows.try_emplace(line.substr(3, line.find('`', 3) - 3), line);
  for (const ProviderKind& kind : provider_kinds()) {
    const std::string& row = rows[std::string(kind.name)];
    for (const ProviderOption& option : kind.options) {
      const std::string name = "`" + std::string(option.name) + "`";
      const bool required = option.need == ProviderOption::Need::required;
      EXPECT_TRUE(row.contains(required ? "**" + name + "**" : name)) << kind.name << " " << name;
    }
  }
}

}  // namespace
}  // namespace sluice::policy
