// Patronus, POST /v1/evaluate: docs.patronus.ai/docs/api_ref/evaluations/evaluate_v1_evaluate_post
//
// The field names changed from evaluated_model_input to task_input; option `fields` chooses. "capture": "none" asks the
// vendor to keep nothing. The answer's shape is that of the vendor's examples and clients; that positions
// (additional_info.positions) count Unicode characters is not confirmed.
#include <algorithm>

#include "guard/external/vendors.h"
#include "guard/external/vocabulary.h"
#include "policy/guard_providers.h"

namespace sluice::guard::external {
namespace {

Result<void> build(const GuardProvider& provider, TimePoint, Call& call) {
  call.target.append("/v1/evaluate");
  add_json_headers(call);
  call.headers.emplace_back("X-API-KEY", provider.credential.reveal());
  JsonWriter out;
  out.begin_object().key("evaluators").begin_array();
  for (const std::string_view entry : words_of(policy::option_of(provider, "evaluators"))) {
    const auto equals = std::min(entry.find('='), entry.size());
    out.begin_object().field("evaluator", entry.substr(0, equals));
    if (equals < entry.size()) out.field("criteria", entry.substr(equals + 1));
    out.field("explain_strategy", "never").end_object();
  }
  out.end_array();
  std::string field(policy::option_of(provider, "fields", "task"));
  field.append(is_answer(call.surface) ? "_output" : "_input");
  call.body = out.field(field, call.content.text).field("capture", "none").end_object().take();
  return {};
}

void read_failed(const Call& call, const Node& result, std::string_view rule, Report& report) {
  const Node score = result.at("score_raw");
  // 1 is a pass for most evaluators; a scale of its own says nothing here.
  const double raw = score.present() ? score.number(-1e9, 1e9) : 0;
  const double badness = raw >= 0 && raw <= 1 ? 1 - raw : 1;
  const std::vector<Node> positions = result.at("additional_info").at("positions").items();
  if (positions.empty()) report.whole(rule, type_of(rule), badness, Verdict::hit);
  if (positions.size() > most_findings) {
    result.refuse("has too many positions");
    return;
  }
  const Offsets offsets(call.content.text, Unit::code_points);
  for (const Node& position : positions) {
    const std::vector<Node> pair = position.items();
    if (pair.size() != 2) {
      position.refuse("must be a start and an end");
      return;
    }
    const auto from = offsets.byte_of(pair[0].integer()), to = offsets.byte_of(pair[1].integer());
    if (!from || !to || !report.span(*from, *to, rule, type_of(rule), badness, Verdict::hit))
      position.refuse("is no place in the text");
  }
}

Result<void> read(const GuardProvider& provider, const Call& call, const Node& answer, Report& report) {
  const std::vector<Node> results = answer.need("results").items();
  // One for each evaluator: a missing one is a check that did not run.
  if (results.size() != words_of(policy::option_of(provider, "evaluators")).size())
    answer.at("results").refuse("must have one entry for each evaluator");
  for (const Node& entry : results) {
    if (entry.need("status").text() != "success")
      return fail(ErrorCode::upstream_failed, "says that an evaluator did not run");
    const Node result = entry.need("evaluation_result");
    if (result.need("pass").boolean()) continue;
    std::string rule(entry.need("evaluator_id").text());
    if (const Node criteria = entry.at("criteria"); criteria.present()) rule.append("/").append(criteria.text());
    read_failed(call, result, rule, report);
  }
  return {};
}

}  // namespace

const Vendor patronus{
    .kind = "patronus", .most_units = 100'000, .most_parts = 1000, .steps = one_step, .build = build, .read = read};

}  // namespace sluice::guard::external
