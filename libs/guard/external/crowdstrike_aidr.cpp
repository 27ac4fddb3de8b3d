// CrowdStrike AIDR (Pangea AI Guard before): POST /v1/guard_chat_completions below
// https://api.crowdstrike.com/aidr/aiguard aidr-docs.crowdstrike.com/docs/api/aidr, pangea.cloud/docs/aidr/apis
//
// AIDR looks at the messages since the last answer, so all texts go into one message. It names no places: entities are
// looked for by their value; what it redacted itself (guard_output) is not used.
#include <algorithm>

#include "guard/external/vendors.h"
#include "guard/external/vocabulary.h"
#include "policy/guard_providers.h"

namespace sluice::guard::external {
namespace {

Result<void> build(const GuardProvider& provider, TimePoint, Call& call) {
  call.target.append("/v1/guard_chat_completions");
  add_json_headers(call);
  add_bearer(call, provider);
  const bool answer = is_answer(call.surface);
  JsonWriter out;
  out.begin_object().key("guard_input").begin_object().key("messages").begin_array().begin_object();
  out.field("role", answer ? "assistant" : "user").field("content", call.content.text);
  out.end_object().end_array().end_object().field("event_type", answer ? "output" : "input");
  if (const auto app = policy::option_of(provider, "app_id"); !app.empty()) out.field("app_id", app);
  call.body = out.end_object().take();
  return {};
}

// "reported" and "allowed" are noted; "blocked", "redacted:…" and "defanged" intervene.
Verdict verdict_of(const Node& entry, Verdict otherwise) {
  const Node action = entry.at("action");
  if (!action.present()) return otherwise;
  const std::string_view word = action.text();
  return word == "reported" || word == "allowed" || word.empty() ? Verdict::noted : Verdict::hit;
}

void read_detector(std::string_view name, const Node& detector, Verdict otherwise, Report& report) {
  const Node detected = detector.at("detected");
  if (!detected.present() || !detected.boolean()) return;
  const Node data = detector.at("data");
  const Verdict verdict = verdict_of(data, otherwise);
  const std::vector<Node> entities = data.at("entities").items();
  for (const Node& entity : entities) {
    const std::string_view type = entity.need("type").text();
    const Node value = entity.at("value");
    const std::string rule = std::string(name) + "/" + std::string(type);
    const std::string_view ours = type_of(type) != "other" ? type_of(type) : type_of(name);
    report.wherever(value.present() ? value.text() : std::string_view(), rule, ours, 1, verdict_of(entity, verdict));
  }
  const std::vector<Node> topics = data.at("topics").items();
  for (const Node& topic : topics) {
    const std::string_view word = topic.need("topic").text();
    const Node confidence = topic.at("confidence");
    report.whole(std::string(name) + "/" + std::string(word), type_of(word) == "other" ? "topic" : type_of(word),
                 confidence.present() ? confidence.number(0, 1) : 1, verdict);
  }
  if (!entities.empty() || !topics.empty()) return;
  double score = 0;
  for (const Node& analyzer : data.at("analyzer_responses").items())
    if (const Node confidence = analyzer.at("confidence"); confidence.present())
      score = std::max(score, confidence.number(0, 1));
  report.whole(name, type_of(name), score > 0 ? score : 1, verdict);
}

Result<void> read(const GuardProvider&, const Call&, const Node& answer, Report& report) {
  // "Success" in every answer; anything else ("Accepted": ask again later) is no verdict.
  if (const Node status = answer.at("status"); status.present() && status.text() != "Success")
    return fail(ErrorCode::upstream_failed, "says that the check did not run");
  const Node result = answer.need("result");
  const bool blocked = result.need("blocked").boolean();
  const Node changed = result.at("transformed");
  const bool transformed = changed.present() && changed.boolean();
  const Verdict otherwise = blocked || transformed ? Verdict::hit : Verdict::noted;
  for (const auto& [name, detector] : result.at("detectors").members())
    read_detector(name, detector, otherwise, report);
  if ((blocked || transformed) && !report.has_hit())
    report.whole(blocked ? "blocked" : "transformed", "other", 1, Verdict::hit);
  return {};
}

}  // namespace

// 1 MiB a request; less here, since every entity is looked for.
const Vendor crowdstrike_aidr{.kind = "crowdstrike_aidr",
                              .most_units = 50'000,
                              .most_parts = 1000,
                              .steps = one_step,
                              .build = build,
                              .read = read};

}  // namespace sluice::guard::external
