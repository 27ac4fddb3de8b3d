#include "guard/answer_stream.h"

#include "guard/body_guard.h"

namespace sluice::guard {

using policy::Surface;

AnswerStream::AnswerStream(Facts facts) : facts_(std::move(facts)) {
  const bool restores = facts_.tokens && !facts_.tokens->empty();
  if (!facts_.rules.any(Surface::output) && !facts_.rules.any(Surface::tool_arguments) && !restores) return;
  replaces_ = restores || facts_.guard->interferes(facts_.rules, Surface::output) ||
              facts_.guard->interferes(facts_.rules, Surface::tool_arguments);
  guard_.emplace(facts_.guard, facts_.rules, facts_.operation, facts_.tokens);
  if (!facts_.decoder) decide_unread();
}

// What cannot be read cannot be checked: each rule says what happens then.
void AnswerStream::decide_unread() {
  unreadable_ = true;
  blocked_ = outcomes().blocked_by().has_value();
  replaces_ = blocked_;
}

Result<std::string_view> AnswerStream::unreadable(std::string_view piece, Error error) {
  unreadable_ = true;
  if (replaces_) return fail(std::move(error));
  return piece;
}

Result<std::string_view> AnswerStream::pass(std::string_view piece, SteadyPoint now, Guard::Scratch& scratch) {
  if (blocked_) return std::string_view();
  if (!guard_ || unreadable_) return piece;
  std::string_view plain = piece;
  if (*facts_.decoder) {
    decoded_.clear();
    if (Result<void> decoded = (*facts_.decoder)(piece, decoded_); !decoded) return unreadable(piece, decoded.error());
    plain = decoded_;
  }
  out_.clear();
  blocked_ = guard_->feed(plain, now, scratch, out_) == StreamGuard::Verdict::blocked;
  return replaces_ ? std::string_view(out_) : piece;
}

std::string_view AnswerStream::finish(SteadyPoint now, Guard::Scratch& scratch) {
  out_.clear();
  if (!guard_ || blocked_ || unreadable_) return out_;
  blocked_ = guard_->finish(now, scratch, out_) == StreamGuard::Verdict::blocked;
  if (!replaces_) out_.clear();
  return out_;
}

Outcomes AnswerStream::outcomes() const {
  if (!guard_) return {};
  Outcomes all = guard_->outcomes();
  if (unreadable_)
    for (const Surface surface : {Surface::output, Surface::tool_arguments})
      not_checked(*facts_.guard, facts_.rules, surface, "the content coding cannot be read", all);
  return all;
}

}  // namespace sluice::guard
