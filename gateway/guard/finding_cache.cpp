#include "gateway/guard/finding_cache.h"

#include "base/random.h"
#include "tls/crypto.h"

namespace sluice::gateway {

FindingCache::FindingCache(std::size_t limit_bytes, std::size_t shortest_text)
    : limit_(limit_bytes), shortest_(shortest_text), input_key_(random_bytes(32)), output_key_(random_bytes(32)) {}

void FindingCache::use(GuardPtr guard) {
  if (guard == guard_) return;
  guard_ = std::move(guard);
  by_digest_.clear();
  entries_.clear();
  bytes_ = 0;
}

std::string FindingCache::digest_of(std::string_view text, guard::Phase phase) const {
  const Secret& key = phase == guard::Phase::input ? input_key_ : output_key_;
  return std::string(tls::view(tls::hmac_sha256(key.reveal(), text)));
}

std::size_t FindingCache::cost_of(const Entry& entry) noexcept {
  constexpr std::size_t of_containers = 160;
  return sizeof(Entry) + of_containers + entry.findings.capacity() * sizeof(guard::Finding);
}

const std::vector<guard::Finding>* FindingCache::find(std::string_view text, guard::Phase phase) {
  asked_.clear();
  if (text.size() < shortest_) return nullptr;
  asked_ = digest_of(text, phase);
  const auto found = by_digest_.find(asked_);
  if (found == by_digest_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  ++hits_;
  return &found->second->findings;
}

void FindingCache::keep(std::string_view, guard::Phase, const std::vector<guard::Finding>& findings) {
  if (asked_.empty()) return;
  entries_.push_front({std::move(asked_), findings});
  asked_.clear();
  by_digest_.emplace(entries_.front().digest, entries_.begin());
  bytes_ += cost_of(entries_.front());
  while (bytes_ > limit_ && entries_.size() > 1) {
    bytes_ -= cost_of(entries_.back());
    by_digest_.erase(entries_.back().digest);
    entries_.pop_back();
  }
}

}  // namespace sluice::gateway
