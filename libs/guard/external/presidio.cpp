// Presidio analyzer, POST /analyze: microsoft.github.io/presidio/api-docs/api-docs.html
// Offsets are Python's: Unicode characters.
#include "guard/external/vendors.h"
#include "guard/external/vocabulary.h"
#include "policy/guard_providers.h"

namespace sluice::guard::external {
namespace {

Result<void> build(const GuardProvider& provider, TimePoint, Call& call) {
  call.target.append("/analyze");
  add_json_headers(call);
  add_bearer(call, provider);
  JsonWriter out;
  out.begin_object().field("text", call.content.text);
  out.field("language", policy::option_of(provider, "language", "en"));
  if (const auto entities = words_of(policy::option_of(provider, "entities")); !entities.empty()) {
    out.key("entities").begin_array();
    for (const std::string_view entity : entities) out.text(entity);
    out.end_array();
  }
  call.body = out.end_object().take();
  return {};
}

Result<void> read(const GuardProvider& provider, const Call& call, const Node& answer, Report& report) {
  const double threshold = number_of(policy::option_of(provider, "score_threshold", "0.5"), 0.5);
  const Offsets offsets(call.content.text, Unit::code_points);
  for (const Node& entity : answer.items()) {
    const std::string_view type = entity.need("entity_type").text();
    const double score = entity.need("score").number(0, 1);
    const auto from = offsets.byte_of(entity.need("start").integer());
    const auto to = offsets.byte_of(entity.need("end").integer());
    const Verdict verdict = score >= threshold ? Verdict::hit : Verdict::noted;
    if (!from || !to || *from >= *to)
      entity.refuse("names a place that is not in the text");
    else
      report.span(*from, *to, type, type_of(type), score, verdict);  // what lies between two texts is none of them
  }
  return {};
}

}  // namespace

const Vendor presidio{
    .kind = "presidio", .most_units = 100'000, .most_parts = 1000, .steps = one_step, .build = build, .read = read};

}  // namespace sluice::guard::external
