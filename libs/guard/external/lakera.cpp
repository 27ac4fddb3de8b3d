// Lakera Guard, POST /v2/guard: docs.lakera.ai/api-reference/lakera-api/guard/screen-content
//
// Guard screens the last interaction of the messages it is given, so all texts go into one message. Places come with
// the words that stand there; in which unit they count the documentation does not say: the one in which the words agree
// is taken, and the words are looked for when none does. Tool results go as the user's, since not every deployment
// takes a message of role "tool" by itself.
#include <algorithm>
#include <array>

#include "guard/external/vendors.h"
#include "guard/external/vocabulary.h"
#include "policy/guard_providers.h"

namespace sluice::guard::external {
namespace {

Result<void> build(const GuardProvider& provider, TimePoint, Call& call) {
  call.target.append("/v2/guard");
  add_json_headers(call);
  add_bearer(call, provider);
  JsonWriter out;
  out.begin_object().key("messages").begin_array().begin_object();
  out.field("role", is_answer(call.surface) ? "assistant" : "user").field("content", call.content.text);
  out.end_object().end_array();
  if (const auto project = policy::option_of(provider, "project_id"); !project.empty())
    out.field("project_id", project);
  call.body = out.field("payload", true).field("breakdown", true).end_object().take();
  return {};
}

struct Places {
  explicit Places(std::string_view text)
      : in_units{Offsets(text, Unit::code_points), Offsets(text, Unit::utf16), Offsets(text, Unit::bytes)} {}
  std::array<Offsets, 3> in_units;
};

void read_match(const Node& match, std::string_view text, const Places& places, Verdict verdict, Report& report) {
  const std::string_view detector = match.need("detector_type").text();
  const std::string_view words = match.need("text").text();
  const std::int64_t start = match.need("start").integer(), end = match.need("end").integer();
  for (const Offsets& offsets : places.in_units) {
    const auto from = offsets.byte_of(start), to = offsets.byte_of(end);
    if (!from || !to || *from >= *to || text.substr(*from, *to - *from) != words) continue;
    report.span(*from, *to, detector, type_of(detector), 1, verdict);
    return;
  }
  if (words.empty() || !text.contains(words))
    match.refuse("names words that are not in the text");
  else
    report.wherever(words, detector, type_of(detector), 1, verdict);
}

Result<void> read(const GuardProvider&, const Call& call, const Node& answer, Report& report) {
  const bool flagged = answer.need("flagged").boolean();
  const Verdict verdict = flagged ? Verdict::hit : Verdict::noted;
  std::vector<std::string_view> placed;
  const std::vector<Node> matches = answer.at("payload").items();
  if (matches.size() > most_findings) {
    answer.at("payload").refuse("has too many entries");
    return {};
  }
  if (!matches.empty()) {
    const Places places(call.content.text);
    for (const Node& match : matches) {
      read_match(match, call.content.text, places, verdict, report);
      placed.push_back(match.need("detector_type").text());
    }
  }
  for (const Node& detector : answer.at("breakdown").items()) {
    if (!detector.need("detected").boolean()) continue;
    const std::string_view type = detector.need("detector_type").text();
    if (std::ranges::find(placed, type) == placed.end()) report.whole(type, type_of(type), 1, verdict);
  }
  if (flagged && !report.has_hit()) report.whole("flagged", "other", 1, Verdict::hit);
  return {};
}

}  // namespace

const Vendor lakera{
    .kind = "lakera", .most_units = 50'000, .most_parts = 1000, .steps = one_step, .build = build, .read = read};

}  // namespace sluice::guard::external
