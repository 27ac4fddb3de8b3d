// AWS Bedrock ApplyGuardrail: docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html
// The answer names no places: personal data and words are looked for by the text that "match" quotes, everything else
// is said of all that was sent.
#include <algorithm>

#include "guard/external/sigv4.h"
#include "guard/external/vendors.h"
#include "guard/external/vocabulary.h"
#include "policy/guard_providers.h"

namespace sluice::guard::external {
namespace {

Result<void> build(const GuardProvider& provider, TimePoint now, Call& call) {
  call.target.append("/guardrail/").append(encoded(policy::option_of(provider, "guardrail_id")));
  call.target.append("/version/").append(encoded(policy::option_of(provider, "guardrail_version"))).append("/apply");
  JsonWriter out;
  out.begin_object().field("source", is_answer(call.surface) ? "OUTPUT" : "INPUT").key("content").begin_array();
  for (const Part& part : call.content.parts)
    out.begin_object().key("text").begin_object().field("text", call.content.of(part)).end_object().end_object();
  call.body = out.end_array().end_object().take();
  add_json_headers(call);
  const AwsRequest request{.method = "POST",
                           .host = call.authority,
                           .path = call.target,
                           .query = {},
                           .body = call.body,
                           .headers = call.headers};
  for (auto& field : sign_v4(request, aws_keys_of(provider.credential.reveal()), policy::option_of(provider, "region"),
                             "bedrock", now))
    call.headers.push_back(std::move(field));
  return {};
}

double score_of(std::string_view confidence) {
  if (confidence == "HIGH") return 0.9;
  if (confidence == "MEDIUM") return 0.6;
  return confidence == "LOW" ? 0.3 : 0;
}

// NONE: a policy in detect mode, or an entry that is listed for completeness.
Verdict verdict_of(const Node& entry) {
  return entry.need("action").text() == "NONE" ? Verdict::noted : Verdict::hit;
}

bool not_detected(const Node& entry) {
  const Node detected = entry.at("detected");
  return detected.present() && !detected.boolean();
}

void read_assessment(const Node& assessment, Report& report) {
  for (const Node& topic : assessment.at("topicPolicy").at("topics").items())
    if (!not_detected(topic))
      report.whole("topic:" + std::string(topic.need("name").text()), "topic", 1, verdict_of(topic));
  for (const Node& filter : assessment.at("contentPolicy").at("filters").items()) {
    const std::string_view type = filter.need("type").text();
    if (!not_detected(filter))
      report.whole(type, type_of(type), score_of(filter.need("confidence").text()), verdict_of(filter));
  }
  const Node words = assessment.at("wordPolicy");
  for (const Node& word : words.at("customWords").items())
    if (!not_detected(word)) report.wherever(word.need("match").text(), "word", "word", 1, verdict_of(word));
  for (const Node& word : words.at("managedWordLists").items())
    if (!not_detected(word))
      report.wherever(word.need("match").text(), word.need("type").text(), type_of(word.need("type").text()), 1,
                      verdict_of(word));
  const Node personal = assessment.at("sensitiveInformationPolicy");
  for (const Node& entity : personal.at("piiEntities").items())
    if (!not_detected(entity))
      report.wherever(entity.need("match").text(), entity.need("type").text(), type_of(entity.need("type").text()), 1,
                      verdict_of(entity));
  for (const Node& regex : personal.at("regexes").items()) {
    if (not_detected(regex)) continue;
    const Node name = regex.at("name"), match = regex.at("match");
    report.wherever(match.present() ? match.text() : std::string_view(),
                    "regex:" + std::string(name.present() ? name.text() : "unnamed"), "other", 1, verdict_of(regex));
  }
  for (const Node& filter : assessment.at("contextualGroundingPolicy").at("filters").items())
    if (!not_detected(filter))
      report.whole(filter.need("type").text(), "grounding", filter.need("score").number(0, 1), verdict_of(filter));
}

Result<void> read(const GuardProvider&, const Call&, const Node& answer, Report& report) {
  const std::string_view action = answer.need("action").text();
  for (const Node& assessment : answer.need("assessments").items()) read_assessment(assessment, report);
  if (action == "GUARDRAIL_INTERVENED") {
    // For a reason that has no entry we know (automated reasoning, a policy that is newer than this).
    if (!report.has_hit()) report.whole("guardrail", "other", 1, Verdict::hit);
  } else if (action != "NONE") {
    answer.at("action").refuse("is neither NONE nor GUARDRAIL_INTERVENED");
  }
  // A part that nobody looked at: the check did not run, or what it found stands for everything.
  const Node covered = answer.at("guardrailCoverage").at("textCharacters");
  if (covered.present() && covered.need("guarded").integer() < covered.need("total").integer()) {
    if (!report.has_hit()) return fail(ErrorCode::upstream_failed, "says that a part of the text was not looked at");
    report.whole("incomplete", "other", 1, Verdict::hit);
  }
  return {};
}

}  // namespace

// 25 text units of 1,000 characters: the default quota of a call.
const Vendor bedrock{
    .kind = "bedrock", .most_units = 25'000, .most_parts = 100, .steps = one_step, .build = build, .read = read};

}  // namespace sluice::guard::external
