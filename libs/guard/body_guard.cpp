#include "guard/body_guard.h"

#include <algorithm>
#include <array>

#include "guard/answer_list.h"
#include "guard/restore.h"

namespace sluice::guard {
namespace {

using dialect::Segment;
using dialect::SegmentKind;
using policy::GuardAction;
using policy::Surface;

using Side = BodyGuard::Side;

Surface surface_of(SegmentKind kind, Side side) noexcept {
  switch (kind) {
    case SegmentKind::instructions:
    case SegmentKind::text:
    case SegmentKind::about:
      return side == Side::request ? Surface::input : Surface::output;
    case SegmentKind::tool_arguments:  // in a request: the conversation's history
      return side == Side::request ? Surface::input : Surface::tool_arguments;
    case SegmentKind::tool_result:
      return side == Side::request ? Surface::tool_results : Surface::output;
  }
  return Surface::input;
}

Phase phase_of(Side side) noexcept {
  return side == Side::request ? Phase::input : Phase::output;
}

// One place of the body and what stands there instead.
struct Change {
  dialect::ByteSpan span;
  std::string bytes;
};

std::string with_changes(std::string_view body, std::vector<Change> changes) {
  std::ranges::sort(changes, {}, [](const Change& change) { return change.span.begin; });
  std::string out;
  out.reserve(body.size());
  std::size_t from = 0;
  for (const Change& change : changes) {
    if (change.span.begin < from) continue;  // an echo inside of something that is gone already
    out.append(body.substr(from, change.span.begin - from)).append(change.bytes);
    from = change.span.end;
  }
  return out.append(body.substr(from));
}

// What is done to one body. Lives for one call.
class Pass {
 public:
  Pass(BodyGuard& work, const Guard& guard, const Guard::Selection& rules, Side side, std::string_view body)
      : work_(work), guard_(guard), rules_(rules), side_(side), body_(body) {}

  BodyVerdict run(const dialect::Content& content, FindingMemory* memory, TokenVault* kept, const TokenVault* given) {
    memory_ = memory;
    if (side_ == Side::request) check_limits(content);
    for (const Segment& segment : content.segments) look_at(segment, kept, given);
    if (!changes_.empty())
      for (const dialect::ByteSpan echo : content.echoes) changes_.push_back({echo, "null"});
    if (!changes_.empty()) verdict_.body = with_changes(body_, std::move(changes_));
    return std::move(verdict_);
  }

  BodyVerdict run(std::span<const OutsideText> texts, std::span<const std::vector<Finding>> found, TokenVault* kept) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const Segment& segment = texts[i].segment;
      work_.text.read(bytes_of(segment), segment.nesting);
      std::vector<dialect::TextEdit> edits;
      apply(work_.text.text(), found[i], texts[i].surface, kept, edits);
      if (!edits.empty()) changes_.push_back({segment.span, work_.text.edited(edits)});
    }
    if (!changes_.empty()) verdict_.body = with_changes(body_, std::move(changes_));
    return std::move(verdict_);
  }

 private:
  [[nodiscard]] std::string_view bytes_of(const Segment& segment) const {
    return body_.substr(segment.span.begin, segment.span.end - segment.span.begin);
  }

  void check_limits(const dialect::Content& content) {
    std::size_t text_bytes = 0;
    for (const Segment& segment : content.segments)
      if (segment.kind != SegmentKind::about) text_bytes += segment.span.end - segment.span.begin;
    work_.matches.clear();
    guard_.check_limits(rules_, content.attachments, text_bytes, work_.matches);
    for (const Match& match : work_.matches)
      verdict_.outcomes.add(guard_.document().rules[match.rule], Surface::input, match);
  }

  void look_at(const Segment& segment, TokenVault* kept, const TokenVault* given) {
    const Surface surface = surface_of(segment.kind, side_);
    const bool restores = given != nullptr && !given->empty();
    if (!rules_.any(surface) && !restores) return;
    work_.text.read(bytes_of(segment), segment.nesting);
    const std::string_view text = work_.text.text();
    std::vector<dialect::TextEdit> edits;
    if (restores) edits = restorations(text, *given);
    if (rules_.any(surface)) judge(text, surface, kept, edits);
    if (edits.empty()) return;
    std::ranges::sort(edits, {}, &dialect::TextEdit::begin);
    changes_.push_back({segment.span, work_.text.edited(edits)});
  }

  void judge(std::string_view text, Surface surface, TokenVault* kept, std::vector<dialect::TextEdit>& edits) {
    const std::vector<Finding>* findings = memory_ != nullptr ? memory_->find(text, phase_of(side_)) : nullptr;
    if (findings == nullptr) {
      if (Result<void> scanned = guard_.scan(text, phase_of(side_), work_.scratch, work_.findings); !scanned)
        return not_checked(guard_, rules_, surface, scanned.error().message(), verdict_.outcomes);
      findings = &work_.findings;
      if (memory_ != nullptr) memory_->keep(text, phase_of(side_), work_.findings);
    }
    apply(text, *findings, surface, kept, edits);
  }

  void apply(std::string_view text, const std::vector<Finding>& findings, Surface surface, TokenVault* kept,
             std::vector<dialect::TextEdit>& edits) {
    guard_.judge(text, findings, surface, rules_, work_.matches);
    // A token stands for the user's own text: what seems to be found within it is none. What is found around it is.
    std::erase_if(work_.matches, [&edits](const Match& match) {
      return std::ranges::any_of(edits, [&match](const dialect::TextEdit& token) {
        return token.begin <= match.start && match.end <= token.end;
      });
    });
    std::erase_if(edits, [this](const dialect::TextEdit& token) {
      return std::ranges::any_of(work_.matches, [&token](const Match& match) {
        return match.action == GuardAction::redact && match.start < token.end && token.begin < match.end;
      });
    });
    for (const Match& match : work_.matches) {
      const policy::GuardRule& rule = guard_.document().rules[match.rule];
      verdict_.outcomes.add(rule, surface, match);
      if (match.action != GuardAction::redact) continue;
      const std::string_view matched = text.substr(match.start, match.end - match.start);
      std::string replacement = guard_.replacement(match, matched);
      if (kept != nullptr && rule.redaction == policy::RedactionForm::token) kept->keep(replacement, matched);
      edits.push_back({match.start, match.end, std::move(replacement)});
    }
  }

  BodyGuard& work_;
  const Guard& guard_;
  const Guard::Selection& rules_;
  Side side_;
  std::string_view body_;
  FindingMemory* memory_ = nullptr;
  std::vector<Change> changes_;
  BodyVerdict verdict_;
};

}  // namespace

void not_checked(const Guard& guard, const Guard::Selection& rules, Surface surface, std::string_view reason,
                 Outcomes& outcomes) {
  for (const std::uint16_t index : rules.on(surface)) {
    const policy::GuardRule& rule = guard.document().rules[index];
    outcomes.not_checked(rule, surface, reason);
    if (rule.on_failure == policy::OnFailure::block) outcomes.block(index);
  }
}

std::vector<std::string_view> providers_on(const Guard& guard, const Guard::Selection& rules, Surface surface) {
  std::vector<std::string_view> providers;
  for (const std::uint16_t index : rules.on(surface))
    for (const policy::DetectorUse& use : guard.document().rules[index].detectors) {
      if (use.kind != policy::DetectorKind::external || use.names.empty()) continue;
      if (std::ranges::find(providers, use.names.front()) == providers.end()) providers.push_back(use.names.front());
    }
  return providers;
}

void provider_not_checked(const Guard& guard, const Guard::Selection& rules, Surface surface, std::string_view provider,
                          std::string_view reason, Outcomes& outcomes) {
  const auto names_it = [provider](const policy::DetectorUse& use) {
    return use.kind == policy::DetectorKind::external && !use.names.empty() && use.names.front() == provider;
  };
  for (const std::uint16_t index : rules.on(surface)) {
    const policy::GuardRule& rule = guard.document().rules[index];
    if (std::ranges::none_of(rule.detectors, names_it)) continue;
    outcomes.not_checked(rule, surface, reason);
    if (rule.on_failure == policy::OnFailure::block) outcomes.block(index);
  }
}

void external_not_checked(const Guard& guard, const Guard::Selection& rules, std::span<const Surface> surfaces,
                          std::string_view reason, Outcomes& outcomes) {
  for (const Surface surface : surfaces)
    for (const std::string_view provider : providers_on(guard, rules, surface))
      provider_not_checked(guard, rules, surface, provider, reason, outcomes);
}

namespace {

// 31204 → "31,204"
std::string grouped(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

// Which limit was passed and by how much: whoever reads it can send less.
std::string passed_limit(const policy::GuardRule& rule, const Outcome& line) {
  if (line.type == "size") {
    std::optional<std::int64_t> allowed;
    for (const policy::DetectorUse& use : rule.detectors)
      if (use.max_bytes) allowed = std::min(allowed.value_or(*use.max_bytes), *use.max_bytes);
    return "the request holds " + grouped(line.measured) + " bytes of text; the rule allows " +
           grouped(static_cast<std::size_t>(allowed.value_or(0))) + ".";
  }
  const std::string kind = line.found_by == "audio" ? "audio recording" : line.found_by;
  return "the request holds " + grouped(line.measured) + " " + kind + (line.measured == 1 ? "" : "s") +
         "; the rule allows none.";
}

}  // namespace

std::string blocked_text(const policy::GuardrailDocument& document, const Outcomes& outcomes, std::string_view org,
                         std::string_view contact) {
  const policy::GuardRule& rule = document.rules[outcomes.blocked_by().value_or(0)];
  if (!rule.message.empty()) return rule.message;
  const auto line = std::ranges::find_if(outcomes.lines(), [&rule](const Outcome& one) {
    return one.rule == rule.id && (one.action == "block" || one.action == "not_checked");
  });
  std::string text = "The rule \"" + (rule.name.empty() ? rule.id : rule.name) + "\" of " + std::string(org);
  if (line == outcomes.lines().end())
    text += " does not allow this.";
  else if (line->action == "not_checked")
    text += " could not be checked (" + line->found_by + ").";
  else if (line->measured > 0)
    text += " does not allow this: " + passed_limit(rule, *line);
  else
    text += " does not allow this: " + line->type + " (" + line->found_by + ").";
  if (!contact.empty()) text.append(" Ask ").append(contact).append(".");
  return text;
}

Result<BodyVerdict> BodyGuard::request(const Guard& guard, const Guard::Selection& rules, const dialect::Target& target,
                                       std::string_view body, TokenVault& vault, FindingMemory* memory) {
  const Result<dialect::Content> content = reader.request(target, body);
  if (!content) return fail(content.error());
  Pass pass(*this, guard, rules, Side::request, body);
  return pass.run(*content, memory, &vault, nullptr);
}

Result<std::vector<OutsideText>> BodyGuard::outside_texts(const Guard& guard, const Guard::Selection& rules,
                                                          const dialect::Target& target, Side side,
                                                          std::string_view body) {
  std::array<bool, policy::surface_count> wanted{};
  for (std::size_t i = 0; i < wanted.size(); ++i)
    wanted[i] = !providers_on(guard, rules, static_cast<Surface>(i)).empty();
  const Result<dialect::Content> content =
      side == Side::request ? reader.request(target, body) : reader.answer(target.operation, body);
  if (!content) return fail(content.error());
  std::vector<OutsideText> texts;
  for (const Segment& segment : content->segments) {
    const Surface surface = surface_of(segment.kind, side);
    if (!wanted[static_cast<std::size_t>(surface)]) continue;
    if (segment.kind == SegmentKind::about) continue;  // who asks is nobody else's business
    text.read(body.substr(segment.span.begin, segment.span.end - segment.span.begin), segment.nesting);
    texts.push_back({segment, surface, std::string(text.text())});
  }
  return texts;
}

BodyVerdict BodyGuard::judge_outside(const Guard& guard, const Guard::Selection& rules, Side side,
                                     std::string_view body, std::span<const OutsideText> texts,
                                     std::span<const std::vector<Finding>> found, TokenVault& vault) {
  return Pass(*this, guard, rules, side, body).run(texts, found, &vault);
}

Result<BodyVerdict> BodyGuard::answer(const Guard& guard, const Guard::Selection& rules, dialect::Operation operation,
                                      std::string_view body, const TokenVault& vault) {
  const Result<dialect::Content> content = reader.answer(operation, body);
  if (!content) return fail(content.error());
  if (is_answer_list(operation, body)) return judge_answer_list(guard, rules, operation, body, vault, scratch);
  Pass pass(*this, guard, rules, Side::answer, body);
  return pass.run(*content, nullptr, nullptr, &vault);
}

}  // namespace sluice::guard
