#include "guard/injection/injection.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "guard/injection/features.h"
#include "guard/injection/model.h"
#include "guard/injection/patterns.h"
#include "guard/normalise.h"

namespace sluice::guard {
namespace {

constexpr std::size_t window_bytes = 400;     // of normalised text
constexpr std::size_t smallest_host = 160;    // bytes of other text that make an order indirect
constexpr std::size_t orders = 7;             // values of Order
constexpr float caution = 0.5F;               // log-odds: most texts are harmless
constexpr float hidden_writing_bonus = 1.5F;  // who writes orders in base64 means them to be missed

// One segment of a view with all that is known of it.
struct Scored {
  Segment segment{};
  Evidence evidence{};
  std::array<float, orders> patterns{};  // the best of each kind that ended here
};

struct Candidate {
  SourceRange where{};
  float log_odds = 0;
  bool jailbreak = false;
  bool indirect = false;
};

struct Window {
  Evidence evidence{};
  std::array<float, orders> patterns{};
  std::size_t bytes = 0;

  void add(const Scored& scored) {
    evidence.add(scored.evidence);
    for (std::size_t i = 0; i < orders; ++i) patterns[i] = std::max(patterns[i], scored.patterns[i]);
    bytes += scored.segment.end - scored.segment.start;
  }
  [[nodiscard]] float pattern_odds() const {
    float sum = 0;
    for (const float weight : patterns) sum += weight;
    return std::min(sum, 9.0F);
  }
  [[nodiscard]] float pattern(Order order) const { return patterns[static_cast<std::size_t>(order)]; }
};

float probability(float odds) {
  return 1.0F / (1.0F + std::exp(-odds));
}

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

// Scores the windows of one view.
class Judge {
 public:
  Judge(const NormalisedView& view, const std::vector<Scored>& segments, std::vector<Candidate>& out)
      : view_(view), segments_(segments), out_(out) {
    for (const Scored& scored : segments) whole_.add(scored);
  }

  void run() {
    for (std::size_t first = 0; first < segments_.size(); ++first) {
      Window window;
      for (std::size_t last = first; last < segments_.size(); ++last) {
        window.add(segments_[last]);
        if (last == first || last == first + 1 || window.bytes >= window_bytes) judge(window, first, last);
        if (window.bytes >= window_bytes) break;
      }
    }
    if (segments_.size() > 2) judge(whole_, 0, segments_.size() - 1);
  }

 private:
  void judge(const Window& window, std::size_t first, std::size_t last) {
    const std::size_t rest_bytes = whole_.bytes - window.bytes;
    Evidence rest = whole_.evidence;
    rest.subtract(window.evidence);
    const bool has_host = rest_bytes >= smallest_host && window.bytes < rest_bytes * 2;
    const float host = has_host ? log_odds(rest, Head::document) : -2.0F;

    const float attack = log_odds(window.evidence, Head::attack) - caution + window.pattern_odds() +
                         (view_.writing == Writing::plain ? 0 : hidden_writing_bonus);
    float best = attack;
    if (has_host && host > 0) {
      // A document does not ask its reader's assistant for anything. There the classifier's word on hostility counts
      // for less, since mails and programs are full of commands, and the word on requests for more.
      const float hostile = log_odds(window.evidence, Head::attack);
      const float request = log_odds(window.evidence, Head::request);
      best = attack - std::max(hostile, 0.0F) * 0.5F;
      const float rest_asks = std::max(0.0F, log_odds(rest, Head::request) + 1.5F);
      const float stands_out =
          request + 0.15F * std::max(hostile, -3.0F) - rest_asks + 2.0F * std::min(host - 2.5F, 0.0F);
      best = std::max(best, stands_out - 3.0F);
      best -= 0.2F * std::log(static_cast<float>(segments_.size()));  // among many windows one is odd by chance
    }
    const bool persona = window.pattern(Order::persona) > 0;
    const bool other = window.pattern(Order::secrecy) + window.pattern(Order::exfiltration) +
                           window.pattern(Order::address) + window.pattern(Order::ask_for_prompt) >
                       0;
    const bool indirect = has_host && host > 0;
    const bool jailbreak = persona ? !other || log_odds(window.evidence, Head::jailbreak) > 0
                                   : log_odds(window.evidence, Head::jailbreak) > 1.0F && !indirect;
    out_.push_back(
        {view_.source(segments_[first].segment.start, segments_[last].segment.end), best, jailbreak, indirect});
  }

  const NormalisedView& view_;
  const std::vector<Scored>& segments_;
  std::vector<Candidate>& out_;
  Window whole_;
};

// Working memory of a thread, kept between texts; a text that was very long does not keep its room.
struct Work {
  PatternDatabase::Scratch patterns;
  std::vector<Segment> segments;
  std::vector<Scored> scored;
  std::vector<Candidate> candidates;

  void trim() {
    constexpr std::size_t kept = 16384;
    if (scored.capacity() > kept) std::vector<Scored>().swap(scored);
    if (segments.capacity() > kept) std::vector<Segment>().swap(segments);
    if (candidates.capacity() > kept) std::vector<Candidate>().swap(candidates);
  }
};

class InjectionRules final : public Ruleset {
 public:
  InjectionRules() {
    std::vector<Pattern> patterns;
    for (const OrderPattern& pattern : order_patterns())
      patterns.push_back({std::string(pattern.regex), false, static_cast<std::uint32_t>(patterns.size())});
    std::vector<PatternRefusal> refused;
    if (auto database = PatternDatabase::compile(patterns, refused)) database_ = std::move(*database);
  }

  [[nodiscard]] Detector detector() const noexcept override { return Detector::injection; }
  void add_patterns(std::vector<Pattern>& /*patterns*/) const override {}
  std::size_t confirm(std::uint32_t /*pattern*/, std::string_view /*text*/, std::size_t /*from*/, std::size_t end,
                      std::vector<Finding>& /*findings*/) const override {
    return end;
  }

  void finish(std::string_view text, Phase /*phase*/, std::vector<Finding>& findings) const override {
    thread_local Work work;
    work.candidates.clear();
    for (const NormalisedView& view : normalise(text)) score(view, work);
    report(work.candidates, findings);
    work.trim();
  }

 private:
  void score(const NormalisedView& view, Work& work) const {
    cut_segments(view.text, work.segments);
    work.scored.clear();
    for (const Segment& segment : work.segments)
      work.scored.push_back(
          {segment, evidence_of(std::string_view(view.text).substr(segment.start, segment.end - segment.start)), {}});
    HitsOnSegments hits(work.scored);
    // A scan fails only beyond the database's limit of length, which normalised text cannot reach.
    (void)database_.scan(view.text, work.patterns, hits);
    Judge(view, work.scored, work.candidates).run();
  }

  // The best windows that do not overlap, in order of score.
  static void report(std::vector<Candidate>& candidates, std::vector<Finding>& findings) {
    std::erase_if(candidates, [](const Candidate& c) { return probability(c.log_odds) < lowest_injection_score; });
    for (std::size_t found = 0; found < most_injection_findings; ++found) {
      const auto best = std::ranges::max_element(candidates, {}, &Candidate::log_odds);
      if (best == candidates.end()) return;
      const Candidate chosen = *best;
      const float score = probability(chosen.log_odds);
      findings.push_back({Detector::injection, chosen.indirect ? "injection-indirect" : "injection-direct",
                          chosen.jailbreak ? "jailbreak" : "injection", chosen.where.start, chosen.where.end, score,
                          score >= injection_threshold});
      std::erase_if(candidates, [&](const Candidate& c) {
        return c.where.start < chosen.where.end && chosen.where.start < c.where.end;
      });
    }
  }

  PatternDatabase database_;
};

}  // namespace

std::shared_ptr<const Ruleset> make_injection_rules() {
  return std::make_shared<const InjectionRules>();
}

}  // namespace sluice::guard
