#include "console_backend/activity/guardrail_counts.h"

#include <map>
#include <tuple>

namespace sluice::console {

namespace {

constexpr std::int64_t bucket_us = std::chrono::microseconds(guardrail_bucket).count();

std::int64_t beginning(TimePoint time, std::int64_t step) {
  const std::int64_t us = time.time_since_epoch().count();
  return us - ((us % step) + step) % step;
}

}  // namespace

void count_guardrails(store::Session& audit, const std::vector<audit::GuardrailOutcome>& outcomes, TimePoint time) {
  // Several detectors may have led to the same action of a rule: that is one request and many findings.
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> findings;
  for (const audit::GuardrailOutcome& one : outcomes) findings[{one.rule, one.action, one.phase}] += one.count;
  for (const auto& [what, count] : findings) {
    audit.run(
        "INSERT INTO guardrail_counts (bucket, rule, action, phase, requests, findings) "
        "VALUES (:bucket, :rule, :action, :phase, 1, :findings) ON CONFLICT (bucket, rule, action, phase) DO UPDATE "
        "SET requests = guardrail_counts.requests + 1, findings = guardrail_counts.findings + excluded.findings",
        {{"bucket", beginning(time, bucket_us)},
         {"rule", std::get<0>(what)},
         {"action", std::get<1>(what)},
         {"phase", std::get<2>(what)},
         {"findings", count}});
  }
}

std::vector<GuardrailCount> guardrail_counts(store::Session& audit, const GuardrailCountQuery& query,
                                             std::size_t limit) {
  const std::int64_t step = std::chrono::microseconds(query.step).count();
  std::vector<GuardrailCount> counts;
  for (const store::Row& row : audit.rows(
           "SELECT bucket / :step AS number, rule, action, phase, SUM(requests) AS requests, SUM(findings) AS findings "
           "FROM guardrail_counts WHERE bucket >= :from_time AND bucket < :to_time AND (:any = 1 OR rule = :rule) "
           "GROUP BY 1, rule, action, phase ORDER BY 1, 2, 3, 4 LIMIT :limit",
           {{"step", step},
            {"from_time", beginning(query.from, step)},
            {"to_time", query.to},
            {"any", query.rule.empty()},
            {"rule", query.rule},
            {"limit", static_cast<std::int64_t>(limit)}})) {
    counts.push_back({TimePoint(std::chrono::microseconds(row.number("number") * step)), row.text("rule"),
                      row.text("action"), row.text("phase"), row.number("requests"), row.number("findings")});
  }
  return counts;
}

}  // namespace sluice::console
