#include "guard/injection/context.h"

#include <algorithm>
#include <cmath>

namespace sluice::guard {
namespace {

constexpr std::array peak_heads = {Head::planted, Head::request, Head::attack, Head::task, Head::foul};
constexpr float least_odds = 1.5F;    // of a head, for a window to be looked at closely
constexpr float lowest_odds = -8.0F;  // where there is no other segment

std::size_t index(Head head) {
  return static_cast<std::size_t>(head);
}

// Words never met before can make a head surer than it should be; beyond some point being surer counts little.
float tamed(float odds) {
  return odds / (1.5F + std::abs(odds) * 0.2F);
}

// From 0 to 2, 1 at the middle.
float much(float number, float middle) {
  return 2 * number / (number + middle);
}

float share(float part, float whole) {
  return whole > 0 ? part / whole : 0;
}

}  // namespace

void Context::read(std::string_view text, std::vector<Scored>& segments) {
  segments_ = &segments;
  text_ = text;
  words_.clear();
  topics_.fill({});
  whole_ = {};
  whole_counts_ = {};
  std::uint32_t number = 0;
  for (Scored& scored : segments) {
    scored.first_topic = static_cast<std::uint32_t>(words_.size());
    reader_.read(text.substr(scored.segment.start, scored.segment.end - scored.segment.start), scored.evidence,
                 scored.counts, words_);
    scored.end_topic = static_cast<std::uint32_t>(words_.size());
    scored.odds = scored.evidence.odds();
    note_topics(scored, ++number);
    whole_.add(scored.evidence);
    whole_counts_.add(scored.counts);
  }
  const auto odds = whole_.odds();
  host_ = Host::none;
  if (whole_counts_.bytes >= static_cast<float>(smallest_host) && odds[index(Head::document)] > 0) {
    const bool table = share(whole_counts_.separators, whole_counts_.bytes) > 0.035F;
    const bool code = odds[index(Head::code)] > 0 || share(whole_counts_.symbols, whole_counts_.bytes) > 0.05F;
    host_ = table ? Host::table : code ? Host::code : Host::prose;
  }
  find_peaks();
}

void Context::trim() {
  constexpr std::size_t kept = 16384;
  if (peaks_.capacity() > kept) std::vector<Peaks>().swap(peaks_);
  if (words_.capacity() > kept * 8) std::vector<std::uint16_t>().swap(words_);
}

void Context::note_topics(const Scored& scored, std::uint32_t number) {
  for (std::uint32_t i = scored.first_topic; i < scored.end_topic; ++i) {
    Topic& seen = topics_[words_[i]];
    if (seen.first == 0) seen.first = number;
    seen.last = number;
  }
}

void Context::find_peaks() {
  const std::vector<Scored>& segments = *segments_;
  peaks_.assign(segments.size(), {});
  for (std::size_t h = 0; h < peak_heads.size(); ++h) {
    const std::size_t head = index(peak_heads[h]);
    float best = lowest_odds;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      peaks_[i].before[h] = best;
      best = std::max(best, segments[i].odds[head]);
    }
    best = lowest_odds;
    for (std::size_t i = segments.size(); i-- > 0;) {
      peaks_[i].after[h] = best;
      best = std::max(best, segments[i].odds[head]);
    }
  }
}

void Context::begin_window(std::size_t first) {
  window_.first = first;
  window_.patterns = {};
  window_evidence_ = {};
  window_counts_ = {};
}

void Context::grow_window(std::size_t last) {
  const Scored& scored = (*segments_)[last];
  window_.last = last;
  window_evidence_.add(scored.evidence);
  window_counts_.add(scored.counts);
  for (std::size_t i = 0; i < order_kinds; ++i) window_.patterns[i] = std::max(window_.patterns[i], scored.patterns[i]);
}

// Of the words with meaning in the window, how many stand outside it as well. The whole text has no outside.
float Context::share_of_topics_elsewhere() const {
  const std::vector<Scored>& segments = *segments_;
  if (segments.size() == window_.last - window_.first + 1) return 0;
  const std::uint32_t begin = segments[window_.first].first_topic;
  const std::uint32_t end = segments[window_.last].end_topic;
  std::size_t elsewhere = 0;
  for (std::uint32_t i = begin; i < end; ++i) {
    const Topic& topic = topics_[words_[i]];
    elsewhere += topic.first < window_.first + 1 || topic.last > window_.last + 1 ? 1 : 0;
  }
  return (static_cast<float>(elsewhere) + 0.5F) / (static_cast<float>(end - begin) + 2.0F);
}

void Context::fill_rest(std::size_t& at, const std::array<float, heads>& odds, const Counts& counts) {
  auto& in = window_.inputs;
  const std::vector<Scored>& segments = *segments_;
  const bool whole = window_.last - window_.first + 1 == segments.size();
  for (std::size_t h = 0; h < heads; ++h) in[at++] = whole ? 0 : tamed(odds[h]);
  for (std::size_t h = 0; h < peak_heads.size(); ++h) {
    const float other = std::max(peaks_[window_.first].before[h], peaks_[window_.last].after[h]);
    in[at++] = whole ? 0 : tamed(window_.odds[index(peak_heads[h])]) - tamed(other);
  }
  const Counts& own = window_counts_;
  in[at++] = share(counts.symbols, counts.bytes) * 10;
  in[at++] = share(counts.separators, counts.bytes) * 20;
  in[at++] = share(counts.first_person, counts.words) * 10;
  in[at++] = share(counts.second_person, counts.words) * 10;
  in[at++] = share(counts.questions, counts.bytes) * 100;
  in[at++] = much(counts.bytes, 800);
  in[at++] = own.bytes < counts.bytes ? 1 : 0;
  in[at++] = whole ? 1 : 0;
}

bool Context::worth_a_look() const {
  const float norm = 1.0F / feature_norm(window_evidence_.features);
  const auto odds = [&](Head head) { return window_evidence_.sum[index(head)] * norm; };
  if (std::max({odds(Head::planted), odds(Head::attack), odds(Head::jailbreak)}) > least_odds) return true;
  return std::ranges::any_of(window_.patterns, [](float weight) { return weight > 0; });
}

const Window& Context::finish_window() {
  const std::vector<Scored>& segments = *segments_;
  const Counts& own = window_counts_;
  window_.odds = window_evidence_.odds();
  Evidence rest = whole_;
  rest.subtract(window_evidence_);
  Counts rest_counts = whole_counts_;
  rest_counts.subtract(own);
  const auto rest_odds = rest.odds();
  window_.has_host = rest_counts.bytes >= static_cast<float>(smallest_host) && own.bytes < rest_counts.bytes * 2 &&
                     rest_odds[index(Head::document)] > 0;

  auto& in = window_.inputs;
  std::size_t at = 0;
  for (const float odds : window_.odds) in[at++] = tamed(odds);
  fill_rest(at, rest_odds, rest_counts);
  for (const float weight : window_.patterns) in[at++] = weight * 0.5F;
  in[at++] = share_of_topics_elsewhere() * 2;
  in[at++] = share(own.symbols, own.bytes) * 10;
  in[at++] = share(own.separators, own.bytes) * 20;
  in[at++] = share(own.first_person, own.words) * 10;
  in[at++] = share(own.second_person, own.words) * 10;
  in[at++] = share(own.questions, own.bytes) * 100;
  in[at++] = much(own.bytes, 200);
  const std::size_t start = segments[window_.first].segment.start;
  const std::size_t end = segments[window_.last].segment.end;
  const bool own_lines = (start == 0 || text_[start - 1] == '\n') && (end == text_.size() || text_[end - 1] == '\n');
  in[at++] = own_lines ? 1 : 0;
  in[at++] = host_ == Host::prose ? 1 : 0;
  in[at++] = host_ == Host::table ? 1 : 0;
  in[at++] = host_ == Host::code ? 1 : 0;
  in[at++] = much(static_cast<float>(segments.size()), 8);
  for (; at < in.size(); ++at) in[at] = 0;
  return window_;
}

}  // namespace sluice::guard
