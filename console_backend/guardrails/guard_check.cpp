#include "console_backend/guardrails/guard_check.h"

namespace sluice::console {

Result<GuardCheck::Turn> GuardCheck::turn() {
  Turn turn(one_at_a_time_, std::try_to_lock);
  if (turn.owns_lock()) return turn;
  const char* busy = "guardrails are being checked for somebody else; try again in a moment";
  if (waiting_.fetch_add(1) >= most_waiting) {
    waiting_.fetch_sub(1);
    return fail(ErrorCode::overloaded, busy);
  }
  const bool came = turn.try_lock_for(patience);
  waiting_.fetch_sub(1);
  if (!came) return fail(ErrorCode::overloaded, busy);
  return turn;
}

Result<std::shared_ptr<const guard::Guard>> GuardCheck::compile(const Turn& /*turn*/,
                                                                const policy::GuardrailDocument& document,
                                                                const Secret& hash_key) {
  std::string text = policy::print_guardrails(document);
  if (last_ && text == last_text_) return last_;
  guard::Guard::Options options;
  options.hash_key = hash_key.duplicate();
  options.cached = [this](std::string_view key) {
    return key == patterns_key_ ? std::optional(patterns_) : std::nullopt;
  };
  options.keep = [this](std::string_view key, std::string_view compiled) {
    if (compiled.size() > most_kept) return;
    patterns_key_ = key;
    patterns_ = compiled;
  };
  auto guard = guard::Guard::compile(document, std::move(options));
  if (!guard) return fail(guard.error());
  last_ = *guard;
  last_text_ = std::move(text);
  return guard;
}

}  // namespace sluice::console
