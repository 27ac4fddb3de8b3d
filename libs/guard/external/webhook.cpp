// A service of the organisation's own. The schema is ours: docs/guardrails.md, "The webhook".
#include "guard/external/vendors.h"
#include "guard/external/vocabulary.h"
#include "policy/guard_providers.h"

namespace sluice::guard::external {
namespace {

Result<void> build(const GuardProvider& provider, TimePoint, Call& call) {
  add_json_headers(call);
  const std::string_view header = policy::option_of(provider, "header");
  if (header.empty())
    add_bearer(call, provider);
  else if (!provider.credential.empty())
    call.headers.emplace_back(header, provider.credential.reveal());
  JsonWriter out;
  out.begin_object().field("version", 1).field("surface", policy::name_of(call.surface)).key("texts").begin_array();
  for (std::size_t i = 0; i < call.content.parts.size(); ++i)
    out.begin_object().field("id", i).field("text", call.content.of(call.content.parts[i])).end_object();
  call.body = out.end_array().end_object().take();
  return {};
}

Unit unit_of(const GuardProvider& provider) {
  const std::string_view unit = policy::option_of(provider, "offsets", "code_points");
  return unit == "bytes" ? Unit::bytes : unit == "utf16" ? Unit::utf16 : Unit::code_points;
}

Result<void> read(const GuardProvider& provider, const Call& call, const Node& answer, Report& report) {
  std::vector<std::optional<Offsets>> offsets(call.content.parts.size());
  for (const Node& finding : answer.need("findings").items()) {
    const auto index = static_cast<std::uint64_t>(finding.need("text").integer());
    if (index >= offsets.size()) {
      finding.at("text").refuse("is no id that was sent");
      return {};
    }
    std::string_view type = "other";
    if (const Node node = finding.at("type"); node.present()) {
      type = type_of(node.text());
      if (!is_type(node.text())) node.refuse("is no type of the vocabulary");
    }
    const Node category = finding.at("category");
    const std::string_view rule = category.present() ? category.text() : type;
    const Node given = finding.at("score");
    const double score = given.present() ? given.number(0, 1) : 1;
    const Node flag = finding.at("hit");
    const Verdict verdict = !flag.present() || flag.boolean() ? Verdict::hit : Verdict::noted;
    const Node start = finding.at("start"), end = finding.at("end");
    if (!start.present() && !end.present()) {
      report.part(index, rule, type, score, verdict);
      continue;
    }
    auto& map = offsets[index];
    if (!map) map.emplace(call.content.of(call.content.parts[index]), unit_of(provider));
    const auto from = map->byte_of(start.integer()), to = map->byte_of(end.integer());
    if (!from || !to || !report.span_in(index, *from, *to, rule, type, score, verdict))
      finding.refuse("names a place that is not in the text");
  }
  return {};
}

}  // namespace

const Vendor webhook{
    .kind = "webhook", .most_units = 200'000, .most_parts = 1000, .steps = one_step, .build = build, .read = read};

}  // namespace sluice::guard::external
