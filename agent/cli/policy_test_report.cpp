#include "agent/cli/policy_test.h"
#include "base/json.h"

namespace sluice::agent {
namespace {

std::string title_of(const PolicyTestFile& file, std::size_t i) {
  const std::string& name = file.cases[i].name;
  return "case " + std::to_string(i + 1) + (name.empty() ? "" : " (" + name + ")");
}

std::string line_of(const PolicyFinding& finding) {
  std::string line = "        " + finding.surface;
  if (finding.bytes) line += " " + std::to_string(finding.bytes->first) + "-" + std::to_string(finding.bytes->second);
  line += ": " + finding.type + " (" + finding.found_by + ")";
  if (finding.count > 1) line += " × " + std::to_string(finding.count);
  return line + " → " + finding.action + " by " + finding.rule + "\n";
}

void write_finding(JsonWriter& out, const PolicyFinding& finding) {
  out.begin_object().field("rule", finding.rule).field("action", finding.action).field("surface", finding.surface);
  out.field("found_by", finding.found_by).field("type", finding.type);
  if (!finding.detector.empty()) out.field("detector", finding.detector);
  if (finding.bytes)
    out.field("start", std::int64_t{finding.bytes->first}).field("end", std::int64_t{finding.bytes->second});
  out.field("count", std::int64_t{finding.count}).end_object();
}

}  // namespace

std::string to_text(const PolicyTestFile& file, const PolicyReport& report) {
  std::string out;
  for (std::size_t i = 0; i < report.verdicts.size(); ++i) {
    const PolicyVerdict& verdict = report.verdicts[i];
    out += !file.cases[i].expect ? "        " : verdict.differs.empty() ? "ok      " : "DIFFERS ";
    out += title_of(file, i) + ": " + verdict.decision + (verdict.rule.empty() ? "" : " by " + verdict.rule) + "\n";
    for (const std::string& difference : verdict.differs) out += "        " + difference + "\n";
    for (const PolicyFinding& finding : verdict.findings) out += line_of(finding);
    for (const std::string& rule : verdict.not_checked)
      out += "        not checked: the external provider of " + rule + "\n";
  }
  for (const std::string& rule : report.silent_rules) out += "note: no case touches the rule " + rule + "\n";
  out += std::to_string(report.verdicts.size()) + " cases, " + std::to_string(report.differing()) + " differ\n";
  return out;
}

std::string to_json(const PolicyTestFile& file, const PolicyReport& report) {
  JsonWriter out;
  out.begin_object().key("cases").begin_array();
  for (std::size_t i = 0; i < report.verdicts.size(); ++i) {
    const PolicyVerdict& verdict = report.verdicts[i];
    out.begin_object().field("name", file.cases[i].name).field("decision", verdict.decision);
    out.field("rule", verdict.rule).field("expected", file.cases[i].expect.has_value());
    out.field("differs", verdict.differs).key("findings").begin_array();
    for (const PolicyFinding& finding : verdict.findings) write_finding(out, finding);
    out.end_array().field("not_checked", verdict.not_checked).end_object();
  }
  out.end_array().field("silent_rules", report.silent_rules);
  out.field("total", report.verdicts.size()).field("differing", report.differing()).end_object();
  return out.take() + "\n";
}

}  // namespace sluice::agent
