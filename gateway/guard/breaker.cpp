#include "gateway/guard/breaker.h"

#include <utility>

namespace sluice::gateway {

Breaker::Ticket::Ticket(Ticket&& other) noexcept
    : breaker_(std::exchange(other.breaker_, nullptr)), era_(other.era_), probe_(other.probe_) {}

Breaker::Ticket::~Ticket() {
  done(Outcome::neither, {});
}

void Breaker::Ticket::done(Outcome outcome, SteadyPoint now) noexcept {
  Breaker* const breaker = std::exchange(breaker_, nullptr);
  if (breaker == nullptr || era_ != breaker->era_) return;
  if (probe_) breaker->probing_ = false;
  if (outcome == Outcome::success) {
    breaker->failures_ = 0;
    breaker->open_until_.reset();
  } else if (outcome == Outcome::failure && (++breaker->failures_ >= breaker->options_.failures || probe_)) {
    breaker->open_until_ = now + breaker->options_.open_for;
    ++breaker->era_;
  }
}

std::optional<Breaker::Ticket> Breaker::admit(SteadyPoint now) noexcept {
  if (!open_until_) return Ticket(*this, era_, false);
  if (now < *open_until_ || probing_) return std::nullopt;
  probing_ = true;
  return Ticket(*this, era_, true);
}

}  // namespace sluice::gateway
