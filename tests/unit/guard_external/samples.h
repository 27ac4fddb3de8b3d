// One provider of each kind, and an answer of each that says nothing was found.
#pragma once
#include <string>
#include <vector>

#include "guard/external/check.h"

namespace sluice::guard::external {

struct Sample {
  std::string kind;
  std::string clean;  // the answer to an input
};
inline const std::vector<Sample>& samples() {
  static const std::vector<Sample> all{
      {"webhook", R"({"findings":[]})"},
      {"bedrock", R"({"action":"NONE","outputs":[],"assessments":[{}],"usage":{"topicPolicyUnits":1}})"},
      {"azure_content_safety",
       R"({"blocklistsMatch":[],"categoriesAnalysis":[{"category":"Hate","severity":0},{"category":"Violence","severity":0}]})"},
      {"model_armor",
       R"({"sanitizationResult":{"filterMatchState":"NO_MATCH_FOUND","invocationResult":"SUCCESS","filterResults":)"
       R"({"rai":{"raiFilterResult":{"executionState":"EXECUTION_SUCCESS","matchState":"NO_MATCH_FOUND"}}}}})"},
      {"lakera", R"({"payload":[],"flagged":false,"breakdown":[{"detector_type":"prompt_attack","detected":false}]})"},
      {"presidio", R"([])"},
      {"patronus", R"({"results":[{"evaluator_id":"judge","criteria":"patronus:prompt-injection","status":"success",)"
                   R"("evaluation_result":{"pass":true,"score_raw":1.0,"additional_info":{"positions":[]}}}]})"},
      {"crowdstrike_aidr",
       R"({"status":"Success","result":{"blocked":false,"transformed":false,"detectors":{"malicious_prompt":{"detected":false}}}})"},
      {"grayswan", R"({"violation":0.0,"violated_rules":[],"mutation":false,"ipi":false})"},
  };
  return all;
}

inline policy::GuardProvider provider_of(const std::string& kind) {
  policy::GuardProvider provider{.id = "sample", .kind = kind, .url = "https://guard.example"};
  provider.credential = Secret(kind == "bedrock" ? "AKIDEXAMPLE:secret" : "the-key");
  if (kind == "bedrock")
    provider.options = {{"region", "us-east-1"}, {"guardrail_id", "abc123"}, {"guardrail_version", "1"}};
  if (kind == "model_armor") provider.options = {{"project", "p1"}, {"location", "us-central1"}, {"template", "t1"}};
  if (kind == "patronus") provider.options = {{"evaluators", "judge=patronus:prompt-injection"}};
  return provider;
}

inline const TimePoint sample_time = *from_rfc3339("2026-01-02T03:04:05Z");

inline std::vector<Call> calls_of(const policy::GuardProvider& provider, std::vector<std::string_view> texts,
                                  policy::Surface surface = policy::Surface::input) {
  auto calls = ask(provider, {.surface = surface, .texts = texts, .now = sample_time});
  return calls ? std::move(*calls) : std::vector<Call>();
}

// "text:start-end type rule score hit" for each finding; the reason when the check did not run.
inline std::string told(const Result<std::vector<Found>>& found) {
  if (!found) return std::string(reason_of(found.error()));
  std::string out;
  for (const Found& one : *found) {
    out.append(out.empty() ? "" : "; ").append(std::to_string(one.text)).append(":");
    out.append(std::to_string(one.start)).append("-").append(std::to_string(one.end)).append(" ").append(one.type);
    out.append(" ").append(one.rule).append(" ").append(std::to_string(one.score).substr(0, 4));
    out.append(one.hit ? " hit" : " noted");
  }
  return out;
}

}  // namespace sluice::guard::external
