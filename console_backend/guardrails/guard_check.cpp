#include "console_backend/guardrails/guard_check.h"

#include <algorithm>
#include <thread>

namespace sluice::console {

namespace {

// The caller's thread and one more, while it lasts: the other workers are for other calls.
void run_on_two(std::vector<std::function<void()>> jobs) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) jobs[i]();
  };
  if (jobs.size() < 2) return work();
  std::jthread second(work);
  work();
}

}  // namespace

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
  if (const auto known = std::ranges::find(kept_, text, &Kept::text); known != kept_.end()) {
    std::rotate(known, known + 1, kept_.end());
    return kept_.back().guard;
  }
  guard::Guard::Options options;
  options.hash_key = hash_key.duplicate();
  options.run_all = run_on_two;
  options.cached = [this](std::string_view key) {
    return key == patterns_key_ ? std::optional(patterns_) : std::nullopt;
  };
  options.keep = [this](std::string_view key, std::string_view compiled) {
    if (compiled.size() > most_pattern_bytes) return;
    patterns_key_ = key;
    patterns_ = compiled;
  };
  auto guard = guard::Guard::compile(document, std::move(options));
  if (!guard) return fail(guard.error());
  if (kept_.size() >= most_kept) kept_.erase(kept_.begin());
  kept_.push_back({std::move(text), *guard});
  return guard;
}

}  // namespace sluice::console
