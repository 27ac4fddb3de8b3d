// The time of each layer of the injection detector, apart: bench_guard_injection_speed FILE... prints one line of JSON.
// Texts of 20 KB are made of the files, one after the other; the best of five rounds counts, in processor time.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "guard/injection/context.h"
#include "guard/injection/injection.h"
#include "guard/injection/order_hits.h"
#include "guard/injection/verdict.h"
#include "guard/normalise.h"

namespace {

using namespace sluice::guard;

std::vector<std::string> texts_of(int count, char** files) {
  constexpr std::size_t size = 20U << 10U;
  std::vector<std::string> texts(1);
  for (int i = 0; i < count; ++i) {
    std::stringstream all;
    all << std::ifstream(files[i]).rdbuf();
    for (const char c : all.str()) {
      if (texts.back().size() == size) texts.emplace_back();
      texts.back() += c;
    }
  }
  return texts;
}

// Microseconds per KB of `bytes`.
double best_of_five(std::size_t bytes, const std::function<void()>& run) {
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const std::clock_t begin = std::clock();
    run();
    best = std::min(best, static_cast<double>(std::clock() - begin) * 1e6 / CLOCKS_PER_SEC);
  }
  return best / (static_cast<double>(bytes) / 1024);
}

}  // namespace

int main(int count, char** arguments) {
  const auto texts = texts_of(count - 1, arguments + 1);
  std::size_t bytes = 0;
  std::vector<NormalisedView> views;
  for (const std::string& text : texts) {
    bytes += text.size();
    views.push_back(std::move(normalise(text).front()));
  }
  std::vector<Segment> segments;
  std::vector<Scored> scored;
  Context context(trained_weights());
  SegmentReader reader(trained_weights());
  Evidence evidence;
  Counts counts;
  std::vector<std::uint16_t> topics;
  float sum = 0;  // so that nothing is left out
  const double normalising = best_of_five(bytes, [&] {
    for (const std::string& text : texts) sum += static_cast<float>(normalise(text).size());
  });
  const double classifier = best_of_five(bytes, [&] {
    for (const NormalisedView& view : views) {
      cut_segments(view.text, segments);
      scored.clear();
      for (const Segment& segment : segments) scored.emplace_back().segment = segment;
      context.read(view.text, scored);
      context.each_window(
          [&](const Window& window) { sum += verdict_network().log_odds(window.inputs, context.host()); });
    }
  });
  const double words = best_of_five(bytes, [&] {
    for (const NormalisedView& view : views) {
      cut_segments(view.text, segments);
      topics.clear();
      for (const Segment& segment : segments) {
        reader.read(std::string_view(view.text).substr(segment.start, segment.end - segment.start), evidence, counts,
                    topics);
        sum += evidence.features;
      }
    }
  });
  const OrderHits hits;
  PatternDatabase::Scratch scratch;
  const double patterns = best_of_five(bytes, [&] {
    for (const NormalisedView& view : views) hits.mark(view.text, scratch, scored);
  });
  const auto rules = make_injection_rules();
  std::vector<Finding> findings;
  const double all = best_of_five(bytes, [&] {
    for (const std::string& text : texts) rules->finish(text, Phase::input, findings);
    findings.clear();
  });
  std::printf(
      R"({"kilobytes": %zu, "us_per_kb": {"normalising": %.1f, "patterns": %.1f, "classifier": %.1f, "its words alone": %.1f, "all": %.1f}})"
      "\n",
      bytes >> 10U, normalising, patterns, classifier, words, all);
  return sum == -1 ? 1 : 0;
}
