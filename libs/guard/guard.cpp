#include "guard/guard.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <tuple>

#include "base/encoding.h"
#include "base/hmac.h"
#include "guard/guard_state.h"
#include "guard/utf8.h"

namespace sluice::guard {
namespace {

bool in(const std::vector<std::string_view>& sorted, std::string_view text) {
  return std::ranges::binary_search(sorted, text);
}
bool everybody_or(const std::vector<std::string_view>& sorted, std::string_view text) {
  return sorted.empty() || in(sorted, text);
}

policy::DetectorKind kind_of(Detector detector) noexcept {
  switch (detector) {
    case Detector::secrets:
      return policy::DetectorKind::secrets;
    case Detector::pii:
      return policy::DetectorKind::pii;
    case Detector::injection:
      return policy::DetectorKind::injection;
    case Detector::custom:
      return policy::DetectorKind::custom;
    case Detector::external:
      return policy::DetectorKind::external;
    case Detector::limits:
      break;
  }
  return policy::DetectorKind::limits;
}

bool changes_text(const Match& match) noexcept {
  return match.action == policy::GuardAction::redact;
}

// One match for each run of overlapping redactions: the longest, of equally long ones that of the first rule, widened
// over all of them. `matches` are in order of start.
void join_redactions(std::vector<Match>& matches) {
  std::size_t kept = 0;
  std::size_t open = matches.size();  // where the last redaction is kept
  std::uint32_t longest = 0;          // of those that it stands for
  for (const Match match : matches) {
    const bool overlaps = changes_text(match) && open < kept && match.start < matches[open].end;
    if (!overlaps) {
      if (changes_text(match)) {
        open = kept;
        longest = match.end - match.start;
      }
      matches[kept++] = match;
      continue;
    }
    Match& last = matches[open];
    const std::uint32_t end = std::max(last.end, match.end);
    if (match.end - match.start > longest) {
      longest = match.end - match.start;
      const std::uint32_t start = last.start;
      last = match;
      last.start = start;
    }
    last.end = end;
  }
  matches.resize(kept);
}

}  // namespace

bool CompiledAllowList::holds(std::string_view text) const {
  if (texts.contains(text)) return true;
  const re2::StringPiece piece(text.data(), text.size());
  return std::ranges::any_of(regexes, [&](const auto& regex) {
    return regex->Match(piece, 0, piece.size(), re2::RE2::ANCHOR_BOTH, nullptr, 0);
  });
}

bool CompiledUse::takes(const Finding& finding) const {
  if (kind != kind_of(finding.detector)) return false;
  if (!types.empty() && !in(types, finding.type)) return false;
  if (!names.empty()) {
    // A provider's finding is named PROVIDER/category.
    const bool external = kind == policy::DetectorKind::external;
    if (!in(names, external ? finding.rule.substr(0, finding.rule.find('/')) : finding.rule)) return false;
  }
  return threshold ? finding.score >= *threshold : finding.hit;
}

bool CompiledRule::takes(const Finding& finding, std::string_view text) const {
  const auto takes_it = [&](const CompiledUse& use) { return use.takes(finding); };
  if (std::ranges::none_of(uses, takes_it)) return false;
  const std::string_view found = text.substr(finding.start, finding.end - finding.start);
  return std::ranges::none_of(allow, [&](const CompiledAllowList* list) { return list->holds(found); });
}

bool CompiledRule::stands_for(const Subject& subject) const {
  return !uses.empty() && everybody_or(users, subject.user) && everybody_or(teams, subject.team) &&
         everybody_or(keys, subject.key) && everybody_or(apps, subject.app);
}

Guard::Guard(std::unique_ptr<State> state) : state_(std::move(state)) {
  if (!state_->secrets) return;
  for (CompiledRule& rule : state_->rules)
    for (CompiledUse& use : rule.uses)
      if (use.kind == policy::DetectorKind::secrets && !use.names.empty() && may_hold(rule.action))
        use.part = state_->secrets->part(use.names);
}
Guard::~Guard() = default;

const policy::GuardrailDocument& Guard::document() const noexcept {
  return state_->document;
}
bool Guard::is_ready() const noexcept {
  return state_->ready;
}
std::size_t Guard::database_bytes() const noexcept {
  return state_->engine ? state_->engine->database_bytes() : 0;
}

Guard::Selection Guard::select(const Subject& subject) const {
  Selection selection;
  for (std::size_t i = 0; i < state_->rules.size(); ++i) {
    if (!state_->rules[i].stands_for(subject)) continue;
    for (const policy::Surface surface : state_->document.rules[i].on)
      selection.rules[static_cast<std::size_t>(surface)].push_back(static_cast<std::uint16_t>(i));
  }
  return selection;
}

bool Guard::interferes(const Selection& rules, policy::Surface surface) const {
  return std::ranges::any_of(rules.on(surface),
                             [&](std::uint16_t rule) { return may_hold(state_->rules[rule].action); });
}

Result<void> Guard::scan(std::string_view text, Phase phase, Scratch& scratch, std::vector<Finding>& findings) const {
  if (!state_->ready) return fail(ErrorCode::overloaded, "the guardrails are being compiled");
  if (state_->engine) return state_->engine->scan(text, phase, scratch, findings);
  findings.clear();
  return {};
}

void Guard::judge(std::string_view text, const std::vector<Finding>& findings, policy::Surface surface,
                  const Selection& rules, std::vector<Match>& matches) const {
  matches.clear();
  for (const Finding& finding : findings)
    for (const std::uint16_t rule : rules.on(surface))
      if (const CompiledRule& compiled = state_->rules[rule]; compiled.takes(finding, text))
        matches.push_back(
            {finding.start, finding.end, rule, compiled.action, finding.detector, finding.rule, finding.type});
  // Rules stand in the document's order, so that the first of two that say the same is the one that is told.
  std::ranges::sort(matches, {}, [](const Match& m) { return std::tuple(m.start, m.end, m.rule, m.found_by); });
  join_redactions(matches);
}

void Guard::check_limits(const Selection& rules, const std::vector<dialect::Modality>& attachments,
                         std::size_t text_bytes, std::vector<Match>& matches) const {
  const auto names = policy::detector_types(policy::DetectorKind::limits);
  for (const std::uint16_t rule : rules.on(policy::Surface::input))
    for (const policy::DetectorUse& use : state_->document.rules[rule].detectors) {
      const auto add = [&](std::string_view found_by, std::string_view type, std::size_t measured) {
        matches.push_back({.rule = rule,
                           .action = state_->rules[rule].action,
                           .detector = Detector::limits,
                           .found_by = found_by,
                           .type = type,
                           .measured = measured});
      };
      for (const std::string_view name : names) {
        if (std::ranges::find(use.modalities, name) == use.modalities.end()) continue;
        const auto sent =
            std::ranges::count_if(attachments, [&](auto m) { return names[static_cast<std::size_t>(m)] == name; });
        if (sent > 0) add(name, "modality", static_cast<std::size_t>(sent));
      }
      if (use.max_bytes && std::cmp_greater(text_bytes, *use.max_bytes)) add("max_bytes", "size", text_bytes);
    }
}

std::string Guard::replacement(const Match& match, std::string_view matched) const {
  const policy::RedactionForm form = state_->document.rules[match.rule].redaction;
  if (form == policy::RedactionForm::mask) {
    // A byte that belongs to no character counts as one.
    std::string stars;
    for (std::size_t at = 0; at < matched.size(); at += std::max<std::size_t>(1, decode_at(matched, at).size))
      stars.push_back('*');
    return stars;
  }
  std::string out = "[";
  for (const char c : match.detector == Detector::custom ? match.found_by : match.type) {
    const auto byte = static_cast<unsigned char>(c);
    // Placeholders stand in JSON without any escape, whatever a detector calls its type.
    const bool plain = byte < 0x80 && (std::isalnum(byte) != 0 || c == '_' || c == '-' || c == '.');
    out.push_back(plain ? static_cast<char>(std::toupper(byte)) : '_');
  }
  if (form != policy::RedactionForm::replace) {
    const auto digest = hmac_sha256(state_->hash_key.reveal(), matched);
    out.append(form == policy::RedactionForm::hash ? ":" : "-");
    out.append(to_hex(std::string_view(digest.data(), 8)));
  }
  return out.append("]");
}

}  // namespace sluice::guard
