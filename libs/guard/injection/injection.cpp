#include "guard/injection/injection.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "guard/injection/context.h"
#include "guard/injection/order_hits.h"
#include "guard/injection/verdict.h"
#include "guard/normalise.h"

namespace sluice::guard {
namespace {

constexpr float hidden_writing_bonus = 1.5F;  // who writes orders in base64 means them to be missed

struct Candidate {
  SourceRange where{};
  float log_odds = 0;
  bool jailbreak = false;
  bool indirect = false;
};

float probability(float odds) {
  return 1.0F / (1.0F + std::exp(-odds));
}

// Undoing digits for letters and rot13 leaves either the plain text or none: only phrasings count there.
bool only_patterns_count(Writing writing) {
  return writing == Writing::leet || writing == Writing::rot13;
}

float log_odds_of(Writing writing, const Window& window, Host host) {
  const float patterns = pattern_log_odds(window);
  if (only_patterns_count(writing)) return patterns + hidden_writing_bonus;
  const float best = std::max(verdict_network().log_odds(window.inputs, host), patterns);
  return writing == Writing::plain ? best : best + hidden_writing_bonus;
}

Candidate judged(const NormalisedView& view, const std::vector<Scored>& segments, const Window& window, Host host) {
  const bool persona = window.pattern(Order::persona) > 0;
  const bool other = window.pattern(Order::secrecy) + window.pattern(Order::exfiltration) +
                         window.pattern(Order::address) + window.pattern(Order::ask_for_prompt) >
                     0;
  const float changes_speaker = window.odds[static_cast<std::size_t>(Head::jailbreak)];
  const bool jailbreak = persona ? !other || changes_speaker > 0 : changes_speaker > 1.0F && !window.has_host;
  return {view.source(segments[window.first].segment.start, segments[window.last].segment.end),
          log_odds_of(view.writing, window, host), jailbreak, window.has_host};
}

// Working memory of a thread, kept between texts; a text that was very long does not keep its room.
struct Work {
  PatternDatabase::Scratch patterns;
  std::vector<Segment> segments;
  std::vector<Scored> scored;
  Context context{trained_weights()};
  std::vector<Candidate> candidates;

  void trim() {
    constexpr std::size_t kept = 16384;
    if (scored.capacity() > kept) std::vector<Scored>().swap(scored);
    if (segments.capacity() > kept) std::vector<Segment>().swap(segments);
    if (candidates.capacity() > kept) std::vector<Candidate>().swap(candidates);
    context.trim();
  }
};

class InjectionRules final : public Ruleset {
 public:
  [[nodiscard]] Detector detector() const noexcept override { return Detector::injection; }
  void add_patterns(std::vector<Pattern>& /*patterns*/) const override {}
  Judged confirm(std::uint32_t /*pattern*/, std::string_view /*text*/, std::size_t /*from*/, std::size_t end,
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
    for (const Segment& segment : work.segments) work.scored.emplace_back().segment = segment;
    hits_.mark(view.text, work.patterns, work.scored);
    const auto has_pattern = [](const Scored& scored) {
      return std::ranges::any_of(scored.patterns, [](float weight) { return weight > 0; });
    };
    if (only_patterns_count(view.writing) && std::ranges::none_of(work.scored, has_pattern)) return;
    work.context.read(view.text, work.scored);
    work.context.each_window([&](const Window& window) {
      work.candidates.push_back(judged(view, work.scored, window, work.context.host()));
    });
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

  OrderHits hits_;
};

}  // namespace

std::shared_ptr<const Ruleset> make_injection_rules() {
  return std::make_shared<const InjectionRules>();
}

}  // namespace sluice::guard
