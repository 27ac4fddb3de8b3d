#include "guard/injection/context.h"

#include <algorithm>
#include <cmath>

namespace sluice::guard {
namespace {

constexpr std::array peak_heads = {Head::planted, Head::request, Head::attack};
constexpr float lowest_odds = -8.0F;  // where there is no other segment

std::size_t index(Head head) {
  return static_cast<std::size_t>(head);
}

// Words never met before can make a head surer than it should be; beyond some point being surer counts little.
float tamed(float odds) {
  return odds / (1.5F + std::abs(odds) * 0.2F);
}

float share(float part, float whole) {
  return whole > 0 ? part / whole : 0;
}

bool is_symbol(char c) {
  return std::string_view("{}()[];=<>\\/_#$&*+~^`@%").find(c) != std::string_view::npos;
}

struct SymbolTable {
  std::array<std::uint8_t, 256> kind{};  // 1 symbol, 2 separator, 3 question, 4 part of a word
  SymbolTable() {
    for (std::size_t c = 0; c < kind.size(); ++c) {
      const char letter = static_cast<char>(c);
      if (is_symbol(letter)) kind[c] = 1;
      if (letter == '|' || letter == '\t' || letter == ',') kind[c] = 2;
      if (letter == '?') kind[c] = 3;
      if ((letter >= 'a' && letter <= 'z') || letter == '\'' || c >= 0x80) kind[c] = 4;
    }
  }
};
const SymbolTable symbol_table;

}  // namespace

void Counts::add(const Counts& other) noexcept {
  bytes += other.bytes, words += other.words, first_person += other.first_person, second_person += other.second_person;
  symbols += other.symbols, separators += other.separators, questions += other.questions;
}

void Counts::subtract(const Counts& other) noexcept {
  bytes -= other.bytes, words -= other.words, first_person -= other.first_person, second_person -= other.second_person;
  symbols -= other.symbols, separators -= other.separators, questions -= other.questions;
}

void Context::read(std::string_view text, std::vector<Scored>& segments) {
  segments_ = &segments;
  text_ = text;
  words_.clear();
  topics_.fill({});
  whole_ = {};
  whole_counts_ = {};
  std::uint32_t number = 0;
  for (Scored& scored : segments) {
    scored.odds = scored.evidence.odds();
    count_words(text.substr(scored.segment.start, scored.segment.end - scored.segment.start), scored, ++number);
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

void Context::count_words(std::string_view text, Scored& scored, std::uint32_t number) {
  Counts counts;
  counts.bytes = static_cast<float>(text.size());
  scored.first_topic = static_cast<std::uint32_t>(words_.size());
  std::size_t start = 0;
  const auto word = [&](std::string_view letters) {
    counts.words += 1;
    const WordClass kind = letters.size() <= 8 ? all_function_words.of(hash_of(letters)) : WordClass::matter;
    if (kind == WordClass::first_person) counts.first_person += 1;
    if (kind == WordClass::second_person) counts.second_person += 1;
    if (kind != WordClass::matter || letters.size() < 4) return;
    const std::uint32_t topic = hash_of(letters.substr(0, 5)) % topics;  // "print" and "printing" are one topic
    Topic& seen = topics_[topic];
    if (seen.first == 0) seen.first = number;
    seen.last = number;
    words_.push_back(static_cast<std::uint16_t>(topic));
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::uint8_t kind = symbol_table.kind[static_cast<unsigned char>(text[at])];
    if (kind == 4) continue;
    if (at > start) word(text.substr(start, at - start));
    start = at + 1;
    counts.symbols += kind == 1 ? 1 : 0;
    counts.separators += kind == 2 ? 1 : 0;
    counts.questions += kind == 3 ? 1 : 0;
  }
  if (text.size() > start) word(text.substr(start));
  scored.end_topic = static_cast<std::uint32_t>(words_.size());
  scored.counts = counts;
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

void Context::fill_rest(std::size_t& at, const Evidence& rest, const Counts& counts) {
  auto& in = window_.inputs;
  const std::vector<Scored>& segments = *segments_;
  const bool whole = window_.last - window_.first + 1 == segments.size();
  const auto odds = rest.odds();
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
  in[at++] = std::log1p(counts.bytes / 100);
  in[at++] = own.bytes < counts.bytes ? 1 : 0;
  in[at++] = whole ? 1 : 0;
}

bool Context::worth_a_look() {
  window_.odds = window_evidence_.odds();
  const auto odds = [&](Head head) { return window_.odds[index(head)]; };
  if (std::max({odds(Head::planted), odds(Head::attack), odds(Head::jailbreak)}) > 0) return true;
  return std::ranges::any_of(window_.patterns, [](float weight) { return weight > 0; });
}

const Window& Context::finish_window() {
  const std::vector<Scored>& segments = *segments_;
  const Counts& own = window_counts_;
  Evidence rest = whole_;
  rest.subtract(window_evidence_);
  Counts rest_counts = whole_counts_;
  rest_counts.subtract(own);
  window_.has_host = rest_counts.bytes >= static_cast<float>(smallest_host) && own.bytes < rest_counts.bytes * 2 &&
                     rest.odds()[index(Head::document)] > 0;

  auto& in = window_.inputs;
  std::size_t at = 0;
  for (const float odds : window_.odds) in[at++] = tamed(odds);
  fill_rest(at, rest, rest_counts);
  for (const float weight : window_.patterns) in[at++] = weight * 0.5F;
  in[at++] = share_of_topics_elsewhere() * 2;
  in[at++] = share(own.symbols, own.bytes) * 10;
  in[at++] = share(own.separators, own.bytes) * 20;
  in[at++] = share(own.first_person, own.words) * 10;
  in[at++] = share(own.second_person, own.words) * 10;
  in[at++] = share(own.questions, own.bytes) * 100;
  in[at++] = std::log1p(own.bytes / 100);
  const std::size_t start = segments[window_.first].segment.start;
  const std::size_t end = segments[window_.last].segment.end;
  const bool own_lines = (start == 0 || text_[start - 1] == '\n') && (end == text_.size() || text_[end - 1] == '\n');
  in[at++] = own_lines ? 1 : 0;
  in[at++] = host_ == Host::prose ? 1 : 0;
  in[at++] = host_ == Host::table ? 1 : 0;
  in[at++] = host_ == Host::code ? 1 : 0;
  in[at++] = std::log1p(static_cast<float>(segments.size())) * 0.5F;
  for (; at < in.size(); ++at) in[at] = 0;
  return window_;
}

}  // namespace sluice::guard
