#include "guard/custom/topics.h"

#include <algorithm>
#include <optional>

namespace sluice::guard {
namespace {

constexpr std::string_view word_type = "topic-word", topic_type = "topic";

}  // namespace

Finding topic_word(const policy::Topic& topic, std::uint32_t number, std::uint32_t start, std::uint32_t end) {
  // The word's number travels as its score: exact, there are at most 500.
  return {Detector::custom, topic.id, word_type, start, end, static_cast<float>(number), false};
}

bool is_topic_word(const Finding& finding) noexcept {
  return finding.type.data() == word_type.data();
}

std::size_t find_topic(const policy::Topic& topic, std::vector<Finding>& findings, std::size_t begin, std::size_t end,
                       std::size_t kept) {
  thread_local std::vector<std::uint32_t> seen;  // by word: how often it stands in the window
  seen.assign(topic.words.size(), 0);
  const auto number = [&](std::size_t i) { return static_cast<std::size_t>(findings[i].score); };
  std::int64_t distinct = 0;
  // The last place is written when the next begins: the words up to its end have left the window by then, and what is
  // overwritten lies before them.
  std::optional<Finding> open;
  for (std::size_t low = begin, high = begin; high < end; ++high) {
    if (seen[number(high)]++ == 0) ++distinct;
    while (low < high && findings[high].end - findings[low].start > topic.within_bytes)
      if (--seen[number(low++)] == 0) --distinct;
    if (distinct < topic.least) continue;
    const Finding place{Detector::custom, topic.id, topic_type, findings[low].start, findings[high].end, 1, true};
    if (open && place.start < open->end) {
      open->end = std::max(open->end, place.end);
      continue;
    }
    if (open) findings[kept++] = *open;
    open = place;
  }
  if (open) findings[kept++] = *open;
  return kept;
}

}  // namespace sluice::guard
