// Google Model Armor: cloud.google.com/model-armor/docs/sanitize-prompts-responses, and
// google/cloud/modelarmor/v1/service.proto for the answer. Numbers of 64 bits are texts there (proto3's JSON).
//
// The credential is a service account's key, or an access token, which lives for an hour and is not renewed here.
#include "guard/external/google_token.h"
#include "guard/external/vendors.h"
#include "guard/external/vocabulary.h"
#include "policy/guard_providers.h"

namespace sluice::guard::external {
namespace {

constexpr std::string_view audience = "https://modelarmor.googleapis.com/";

Result<void> build(const GuardProvider& provider, TimePoint now, Call& call) {
  const Result<std::string> token = google_token(provider.credential.reveal(), audience, now);
  if (!token) return fail(token.error());
  const bool answer = is_answer(call.surface);
  call.target.append("/v1/projects/").append(encoded(policy::option_of(provider, "project")));
  call.target.append("/locations/").append(encoded(policy::option_of(provider, "location")));
  call.target.append("/templates/").append(encoded(policy::option_of(provider, "template")));
  call.target.append(answer ? ":sanitizeModelResponse" : ":sanitizeUserPrompt");
  add_json_headers(call);
  call.headers.emplace_back("Authorization", "Bearer " + *token);
  JsonWriter out;
  out.begin_object().key(answer ? "modelResponseData" : "userPromptData").begin_object();
  call.body = out.field("text", call.content.text).end_object().end_object().take();
  return {};
}

double score_of(std::string_view level) {
  if (level == "HIGH" || level == "VERY_LIKELY") return 0.9;
  if (level == "LIKELY") return 0.7;
  if (level == "MEDIUM_AND_ABOVE") return 0.6;
  if (level == "POSSIBLE") return 0.5;
  return level == "LOW_AND_ABOVE" || level == "UNLIKELY" ? 0.3 : level == "VERY_UNLIKELY" ? 0.1 : 1;
}

double score_at(const Node& level) {
  return level.present() ? score_of(level.text()) : 1;
}

// Whether a filter found something. One that was skipped makes the whole check one that did not run.
bool matched(const Node& filter, bool& skipped) {
  const Node state = filter.at("executionState");
  if (state.present() && state.text() != "EXECUTION_SUCCESS") {
    skipped = true;
    return false;
  }
  const std::string_view match = filter.need("matchState").text();
  if (match != "MATCH_FOUND" && match != "NO_MATCH_FOUND")
    filter.at("matchState").refuse("is neither a match nor none");
  return match == "MATCH_FOUND";
}

// [start, end) with an absent start for 0, as proto3 leaves out defaults.
void add_range(const Call& call, Unit unit, const Node& range, std::string_view rule, std::string_view type,
               double score, Report& report) {
  const Offsets offsets(call.content.text, unit);
  const Node start = range.at("start");
  const auto from = offsets.byte_of(start.present() ? start.integer() : 0);
  const auto to = offsets.byte_of(range.need("end").integer());
  if (!from || !to || !report.span(*from, *to, rule, type, score, Verdict::hit))
    range.refuse("is no place in the text");
}

void read_sensitive(const Call& call, const Node& filter, bool& skipped, Report& report) {
  if (const Node inspected = filter.at("inspectResult"); inspected.present() && matched(inspected, skipped)) {
    const std::vector<Node> findings = inspected.at("findings").items();
    if (findings.empty()) report.whole("sdp", "personal_data", 1, Verdict::hit);
    // Each place costs a pass over the text.
    if (findings.size() > most_searches) inspected.at("findings").refuse("has too many entries");
    for (std::size_t i = 0; i < findings.size() && i < most_searches; ++i) {
      const std::string_view kind = findings[i].need("infoType").text();
      const Node place = findings[i].at("location"), bytes = place.at("byteRange");
      const Node points = place.at("codepointRange");
      const double score = score_at(findings[i].at("likelihood"));
      if (bytes.present())
        add_range(call, Unit::bytes, bytes, kind, type_of(kind), score, report);
      else if (points.present())
        add_range(call, Unit::code_points, points, kind, type_of(kind), score, report);
      else
        report.whole(kind, type_of(kind), score, Verdict::hit);
    }
    const Node cut = inspected.at("findingsTruncated");
    if (cut.present() && cut.boolean()) skipped = true;
  }
  if (const Node changed = filter.at("deidentifyResult"); changed.present() && matched(changed, skipped)) {
    const std::vector<Node> kinds = changed.at("infoTypes").items();
    if (kinds.empty()) report.whole("sdp", "personal_data", 1, Verdict::hit);
    for (const Node& kind : kinds) report.whole(kind.text(), type_of(kind.text()), 1, Verdict::hit);
  }
}

void read_harms(const Node& filter, bool& skipped, Report& report) {
  if (!matched(filter, skipped)) return;
  for (const auto& [name, result] : filter.at("raiFilterTypeResults").members())
    if (matched(result, skipped))
      report.whole(name, type_of(name), score_at(result.at("confidenceLevel")), Verdict::hit);
  if (!report.has_hit()) report.whole("rai", "other", 1, Verdict::hit);
}

void read_addresses(const Node& filter, bool& skipped, Report& report) {
  if (!matched(filter, skipped)) return;
  const std::vector<Node> items = filter.at("maliciousUriMatchedItems").items();
  if (items.empty()) report.whole("malicious_uris", "malware", 1, Verdict::hit);
  for (const Node& item : items) report.wherever(item.need("uri").text(), "malicious_uris", "malware", 1, Verdict::hit);
}

void read_filter(const Call& call, const Node& filter, bool& skipped, Report& report) {
  if (const Node rai = filter.at("raiFilterResult"); rai.present()) read_harms(rai, skipped, report);
  if (const Node sdp = filter.at("sdpFilterResult"); sdp.present()) read_sensitive(call, sdp, skipped, report);
  if (const Node uris = filter.at("maliciousUriFilterResult"); uris.present()) read_addresses(uris, skipped, report);
  if (const Node attack = filter.at("piAndJailbreakFilterResult"); attack.present() && matched(attack, skipped))
    report.whole("pi_and_jailbreak", "injection", score_at(attack.at("confidenceLevel")), Verdict::hit);
  if (const Node csam = filter.at("csamFilterFilterResult"); csam.present() && matched(csam, skipped))
    report.whole("csam", "sexual", 1, Verdict::hit);
  if (const Node virus = filter.at("virusScanFilterResult"); virus.present() && matched(virus, skipped))
    report.whole("virus_scan", "malware", 1, Verdict::hit);
}

Result<void> read(const GuardProvider&, const Call& call, const Node& answer, Report& report) {
  const Node result = answer.need("sanitizationResult");
  const std::string_view state = result.need("filterMatchState").text();
  if (state != "MATCH_FOUND" && state != "NO_MATCH_FOUND")
    result.at("filterMatchState").refuse("is neither a match nor none");
  bool skipped = result.need("invocationResult").text() != "SUCCESS";
  for (const auto& [name, filter] : result.at("filterResults").members()) read_filter(call, filter, skipped, report);
  if (state == "MATCH_FOUND" && !report.has_hit()) report.whole("model_armor", "other", 1, Verdict::hit);
  if (!skipped) return {};
  // A filter that did not run: nothing found is then no result, and what was found stands for everything.
  if (!report.has_hit()) return fail(ErrorCode::upstream_failed, "says that a filter did not run");
  report.whole("incomplete", "other", 1, Verdict::hit);
  return {};
}

}  // namespace

// The filters read 10,000 tokens and say so when there are more.
const Vendor model_armor{
    .kind = "model_armor", .most_units = 20'000, .most_parts = 1000, .steps = one_step, .build = build, .read = read};

}  // namespace sluice::guard::external
