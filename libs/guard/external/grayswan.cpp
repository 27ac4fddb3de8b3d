// Gray Swan Cygnal, POST /cygnal/monitor: docs.grayswan.ai/cygnal/monitor-requests
// The vendor's page was not at hand; the format is that of public clients of it. No places: what is said is said of all
// that was sent.
#include "guard/external/vendors.h"
#include "guard/external/vocabulary.h"
#include "policy/guard_providers.h"

namespace sluice::guard::external {
namespace {

constexpr double least_noted = 0.1;  // every text has some violation

Result<void> build(const GuardProvider& provider, TimePoint, Call& call) {
  call.target.append("/cygnal/monitor");
  add_json_headers(call);
  call.headers.emplace_back("grayswan-api-key", provider.credential.reveal());
  // Indirect injection is looked for in what tools returned.
  const std::string_view role = is_answer(call.surface)                 ? "assistant"
                                : call.surface == Surface::tool_results ? "tool"
                                                                        : "user";
  JsonWriter out;
  out.begin_object().key("messages").begin_array().begin_object();
  out.field("role", role).field("content", call.content.text).end_object().end_array();
  for (const std::string_view option : {"policy_id", "reasoning_mode"})
    if (const auto value = policy::option_of(provider, option); !value.empty()) out.field(option, value);
  call.body = out.end_object().take();
  return {};
}

// An entry is a rule's number, or an object that holds it.
std::string rule_of(const Node& violated) {
  const Node number = violated.is_object() ? violated.need("rule") : violated;
  return "rule-" + std::to_string(number.integer());
}

Result<void> read(const GuardProvider& provider, const Call&, const Node& answer, Report& report) {
  const double threshold = number_of(policy::option_of(provider, "violation_threshold", "0.5"), 0.5);
  const double violation = answer.need("violation").number(0, 1);
  const Verdict verdict = violation >= threshold ? Verdict::hit : Verdict::noted;
  const std::vector<Node> rules = answer.at("violated_rules").items();
  for (const Node& rule : rules) report.whole(rule_of(rule), "other", violation, verdict);
  if (rules.empty() && violation >= least_noted) report.whole("violation", "other", violation, verdict);
  if (const Node indirect = answer.at("ipi"); indirect.present() && indirect.boolean())
    report.whole("ipi", "injection", 1, Verdict::hit);
  return {};
}

}  // namespace

const Vendor grayswan{
    .kind = "grayswan", .most_units = 50'000, .most_parts = 1000, .steps = one_step, .build = build, .read = read};

}  // namespace sluice::guard::external
