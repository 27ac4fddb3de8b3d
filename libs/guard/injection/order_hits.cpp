#include "guard/injection/order_hits.h"

#include <algorithm>
#include <string>

namespace sluice::guard {
namespace {

class HitsOnSegments final : public PatternDatabase::Sink {
 public:
  explicit HitsOnSegments(std::vector<Scored>& segments) : segments_(segments) {}
  void matched(std::uint32_t id, std::size_t end) override {
    const OrderPattern& pattern = order_patterns()[id];
    const auto at = std::ranges::upper_bound(segments_, end - 1, {}, [](const Scored& s) { return s.segment.start; });
    if (at == segments_.begin()) return;
    float& best = std::prev(at)->patterns[static_cast<std::size_t>(pattern.order)];
    best = std::max(best, pattern.weight);
  }

 private:
  std::vector<Scored>& segments_;
};

}  // namespace

OrderHits::OrderHits() {
  std::vector<Pattern> patterns;
  for (const OrderPattern& pattern : order_patterns())
    patterns.push_back({std::string(pattern.regex), false, static_cast<std::uint32_t>(patterns.size())});
  std::vector<PatternRefusal> refused;
  if (auto database = PatternDatabase::compile(patterns, refused)) database_ = std::move(*database);
}

void OrderHits::mark(std::string_view text, PatternDatabase::Scratch& scratch, std::vector<Scored>& segments) const {
  HitsOnSegments hits(segments);
  // A scan fails only beyond the database's limit of length, which normalised text cannot reach.
  (void)database_.scan(text, scratch, hits);
}

}  // namespace sluice::guard
