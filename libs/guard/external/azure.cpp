// Azure AI Content Safety.
// text:analyze: learn.microsoft.com/rest/api/contentsafety/text-operations/analyze-text
// text:shieldPrompt: learn.microsoft.com/azure/ai-services/content-safety/quickstart-jailbreak
// Neither names places: blocklist items are looked for by their text, everything else is said of all that was sent.
// That shieldPrompt takes documents without a userPrompt is the schema's word (both are optional there), not tried.
#include <algorithm>

#include "guard/external/vendors.h"
#include "guard/external/vocabulary.h"
#include "policy/guard_providers.h"

namespace sluice::guard::external {
namespace {

enum Step : std::uint8_t { analyze, shield };

// Prompt Shields look at what goes to the model only.
std::vector<std::uint8_t> steps(const GuardProvider& provider, Surface surface) {
  const std::string_view checks = policy::option_of(provider, "checks", "both");
  std::vector<std::uint8_t> out;
  if (checks != "prompt_shield") out.push_back(analyze);
  if (checks != "analyze" && !is_answer(surface)) out.push_back(shield);
  return out;
}

void write_words(JsonWriter& out, std::string_view name, std::string_view list) {
  if (list.empty()) return;
  out.key(name).begin_array();
  for (const std::string_view word : words_of(list)) out.text(word);
  out.end_array();
}

Result<void> build(const GuardProvider& provider, TimePoint, Call& call) {
  call.target.append(call.step == analyze ? "/contentsafety/text:analyze" : "/contentsafety/text:shieldPrompt");
  call.target.append("?api-version=").append(encoded(policy::option_of(provider, "api_version", "2024-09-01")));
  add_json_headers(call);
  call.headers.emplace_back("Ocp-Apim-Subscription-Key", provider.credential.reveal());
  JsonWriter out;
  out.begin_object();
  if (call.step == analyze) {
    out.field("text", call.content.text);
    write_words(out, "categories", policy::option_of(provider, "categories"));
    write_words(out, "blocklistNames", policy::option_of(provider, "blocklists"));
    out.field("haltOnBlocklistHit", false).field("outputType", "FourSeverityLevels");
  } else if (call.surface == Surface::tool_results) {
    out.key("documents").begin_array().text(call.content.text).end_array();
  } else {
    out.field("userPrompt", call.content.text).key("documents").begin_array().end_array();
  }
  call.body = out.end_object().take();
  return {};
}

void read_analysis(const GuardProvider& provider, const Node& answer, Report& report) {
  const double threshold = number_of(policy::option_of(provider, "severity", "4"), 4);
  for (const Node& category : answer.need("categoriesAnalysis").items()) {
    const std::string_view name = category.need("category").text();
    const double severity = category.need("severity").number(0, 7);
    if (severity > 0)
      report.whole(name, type_of(name), severity / 7, severity >= threshold ? Verdict::hit : Verdict::noted);
  }
  for (const Node& match : answer.at("blocklistsMatch").items())
    report.wherever(match.need("blocklistItemText").text(),
                    "blocklist:" + std::string(match.need("blocklistName").text()), "word", 1, Verdict::hit);
}

void read_shield(const Call& call, const Node& answer, Report& report) {
  bool attack = false;
  if (call.surface == Surface::tool_results) {
    const std::vector<Node> documents = answer.need("documentsAnalysis").items();
    if (documents.size() != 1) answer.at("documentsAnalysis").refuse("must have one entry for each document");
    for (const Node& document : documents) attack = document.need("attackDetected").boolean() || attack;
  } else {
    attack = answer.need("userPromptAnalysis").need("attackDetected").boolean();
  }
  if (attack) report.whole("prompt_shield", "injection", 1, Verdict::hit);
}

Result<void> read(const GuardProvider& provider, const Call& call, const Node& answer, Report& report) {
  if (call.step == analyze)
    read_analysis(provider, answer, report);
  else
    read_shield(call, answer, report);
  return {};
}

}  // namespace

// 10,000 characters a call, in both operations.
const Vendor azure_content_safety{.kind = "azure_content_safety",
                                  .most_units = 10'000,
                                  .most_parts = 1000,
                                  .steps = steps,
                                  .build = build,
                                  .read = read};

}  // namespace sluice::guard::external
