// The network of libs/guard/injection/verdict.h. Of a text only its highest-scoring windows count, in training as in
// the product: those of a clean text are to be low, and one that covers the order of a dirty text is to be high.
#include "guard/injection/verdict.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "example.h"
#include "guard/injection/order_hits.h"
#include "guard/normalise.h"

namespace trainer {
namespace {

using namespace sluice::guard;
using Inputs = std::array<float, window_inputs>;

struct Judged {
  Inputs inputs{};
  int covers = 0;  // 1: the order; -1: nothing of it; 0: some of it
  float patterns = 0;
};
struct Text {
  std::vector<Judged> windows{};
  Host host = Host::none;
  bool dirty = false;
  float weight = 1;
  int fold = 0;
  std::string group{};
};

int covers(SourceRange window, const Line& line) {
  const std::size_t from = std::max<std::size_t>(window.start, line.order_start);
  const std::size_t to = std::min<std::size_t>(window.end, line.order_end);
  if (to <= from) return -1;
  const std::size_t common = to - from, size = window.end - window.start;
  return common * 2 >= size && common * 3 >= std::min<std::size_t>(line.order_end - line.order_start, 300) ? 1 : 0;
}

Text judge(const Line& line, Context& context, const OrderHits& hits, PatternDatabase::Scratch& scratch) {
  static std::vector<Segment> segments;
  static std::vector<Scored> scored;
  const NormalisedView view = std::move(normalise(line.text).front());
  Text text;
  // clean/GROUP and dirty/GROUP
  text.dirty = line.kind.starts_with("dirty");
  text.group = line.kind.substr(6);
  text.weight = line.weight;
  text.fold = line.fold;
  cut_segments(view.text, segments);
  scored.clear();
  for (const Segment& segment : segments) scored.emplace_back().segment = segment;
  hits.mark(view.text, scratch, scored);
  context.read(view.text, scored);
  text.host = context.host();
  context.each_window([&](const Window& window) {
    const SourceRange where = view.source(scored[window.first].segment.start, scored[window.last].segment.end);
    text.windows.push_back({window.inputs, text.dirty ? covers(where, line) : -1, pattern_log_odds(window)});
  });
  return text;
}

constexpr std::size_t members = 5;
constexpr std::size_t member_units = verdict_units / members;

// Adam, for one network.
class Trainer {
 public:
  // Uses the `member`th part of the units; the others stay zero.
  Trainer(Random& random, std::size_t member) {
    const auto small = [&] { return (static_cast<float>(random.below(2001)) / 1000.0F - 1.0F) * 0.15F; };
    for (std::size_t unit = member * member_units; unit < (member + 1) * member_units; ++unit) {
      for (auto& of_input : network.hidden) of_input[unit] = small();
      network.out[unit] = small();
    }
    network.bias = -2;
  }

  // d: derivative of the loss by the window's score.
  void push(const Inputs& inputs, float d) {
    std::array<float, verdict_units> units = network.hidden_bias;
    for (std::size_t i = 0; i < window_inputs; ++i)
      for (std::size_t u = 0; u < verdict_units; ++u) units[u] += network.hidden[i][u] * inputs[i];
    for (std::size_t u = 0; u < verdict_units; ++u) {
      slope.out[u] += d * std::max(0.0F, units[u]);
      units[u] = units[u] > 0 ? d * network.out[u] : 0;  // from here on the slope at the unit
      slope.hidden_bias[u] += units[u];
    }
    for (std::size_t i = 0; i < window_inputs; ++i)
      for (std::size_t u = 0; u < verdict_units; ++u) slope.hidden[i][u] += units[u] * inputs[i];
    for (std::size_t i = 0; i < window_inputs; ++i) slope.direct[i] += d * inputs[i];
    slope.bias += d;
  }

  void step(float rate) {
    ++steps_;
    for (std::size_t i = 0; i < size; ++i) {
      float& g = at(slope, i);
      float &m = at(mean_, i), &v = at(square_, i), &w = at(network, i);
      m = 0.9F * m + 0.1F * g;
      v = 0.999F * v + 0.001F * g * g;
      const float unbiased = steps_ > 5000 ? 1.0F : 1.0F - std::pow(0.999F, static_cast<float>(steps_));
      w -= rate * (m / (std::sqrt(v / unbiased) + 1e-6F) + 0.03F * w);
      g = 0;
    }
  }

  VerdictNetwork network;
  VerdictNetwork slope;

 private:
  // hidden, hidden_bias, out, direct and bias lie one after the other; host_bias behind them is not learnt.
  static constexpr std::size_t size = verdict_units * (window_inputs + 2) + window_inputs + 1;
  static_assert(sizeof(VerdictNetwork) == (size + 4) * sizeof(float));
  static float& at(VerdictNetwork& network, std::size_t i) { return reinterpret_cast<float*>(&network)[i]; }

  VerdictNetwork mean_;
  VerdictNetwork square_;
  int steps_ = 0;
};

float best(const Text& text, const VerdictNetwork& network) {
  float best = -20;
  for (const Judged& window : text.windows)
    best = std::max({best, network.log_odds(window.inputs, text.host), window.patterns});
  return best;
}

VerdictNetwork learn(const std::vector<Text>& texts, int left_out, std::size_t member) {
  Random random;
  for (std::size_t i = 0; i < member; ++i) random.below(2);
  Trainer trainer(random, member);
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < texts.size(); ++i)
    if (texts[i].fold != left_out && !texts[i].windows.empty()) order.push_back(i);
  constexpr int epochs = 14;
  std::vector<std::pair<float, const Judged*>> high;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
    int in_batch = 0;
    for (const std::uint32_t index : order) {
      const Text& text = texts[index];
      high.clear();
      const Judged* order_window = nullptr;
      float order_score = -100;
      for (const Judged& window : text.windows) {
        const float score = trainer.network.log_odds(window.inputs, text.host);
        if (window.covers == 1 && score > order_score) order_score = score, order_window = &window;
        if (window.covers == -1) high.emplace_back(score, &window);
      }
      const auto p = [](float score) { return 1.0F / (1.0F + std::exp(-score)); };
      if (order_window != nullptr) trainer.push(order_window->inputs, text.weight * (p(order_score) - 1.0F));
      const std::size_t most = std::min<std::size_t>(high.size(), 2);
      std::partial_sort(high.begin(), high.begin() + static_cast<std::ptrdiff_t>(most), high.end(),
                        [](const auto& a, const auto& b) { return a.first > b.first; });
      for (std::size_t i = 0; i < most; ++i)
        trainer.push(high[i].second->inputs, text.weight *
                                                 (text.dirty ? 0.15F
                                                  : i == 0   ? 1.5F
                                                             : 0.3F) *
                                                 p(high[i].first));
      if (++in_batch % 16 == 0) trainer.step(0.003F / (1.0F + 0.3F * static_cast<float>(epoch)));
    }
  }
  return trainer.network;
}

// Networks of which each has not seen another fold; their mean is steadier than any of them.
VerdictNetwork learn_all(const std::vector<Text>& texts) {
  VerdictNetwork mean;
  for (std::size_t member = 0; member < members; ++member) {
    const VerdictNetwork one = learn(texts, static_cast<int>(member), member);
    for (std::size_t unit = member * member_units; unit < (member + 1) * member_units; ++unit) {
      for (std::size_t i = 0; i < window_inputs; ++i) mean.hidden[i][unit] = one.hidden[i][unit];
      mean.hidden_bias[unit] = one.hidden_bias[unit];
      mean.out[unit] = one.out[unit] / members;
    }
    for (std::size_t i = 0; i < window_inputs; ++i) mean.direct[i] += one.direct[i] / members;
    mean.bias += one.bias / members;
  }
  return mean;
}

// The scores that a share of the clean texts pass.
float limit(std::vector<float> scores, double rate) {
  if (scores.empty()) return 0;
  std::ranges::sort(scores, std::greater<>());
  return scores[static_cast<std::size_t>(rate * static_cast<double>(scores.size()))];
}

void report(const std::vector<Text>& texts, const std::vector<float>& scores) {
  std::vector<float> clean;
  std::map<std::string, std::vector<float>> groups;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].dirty) clean.push_back(scores[i]);
    groups[(texts[i].dirty ? "dirty " : "clean ") + texts[i].group].push_back(scores[i]);
  }
  const float all = limit(clean, 0.01);
  std::fprintf(stderr, "verdicts on folds not seen; 1 %% of clean texts pass %.2f\n", static_cast<double>(all));
  for (const auto& [name, of] : groups) {
    const auto pass = std::ranges::count_if(of, [&](float s) { return s > all; });
    const auto hit = std::ranges::count_if(of, [&](float s) { return s > 0; });
    std::fprintf(stderr, "  %-24s %6zu  above it %.3f  hits %.3f  1 %% pass %.2f\n", name.c_str(), of.size(),
                 static_cast<double>(pass) / static_cast<double>(of.size()),
                 static_cast<double>(hit) / static_cast<double>(of.size()), static_cast<double>(limit(of, 0.01)));
  }
}

void write(const VerdictNetwork& network, const char* path) {
  std::FILE* file = std::fopen(path, "w");
  const auto row = [&](const auto& values) {
    std::fprintf(file, "{");
    for (const float value : values) std::fprintf(file, "%.4ff,", static_cast<double>(value));
    std::fprintf(file, "}");
  };
  std::fprintf(file,
               "// Written by tools/train-injection; not edited.\nconstexpr VerdictNetwork trained_verdict = {\n{{\n");
  for (const auto& input : network.hidden) row(input), std::fprintf(file, ",\n");
  std::fprintf(file, "}},\n");
  row(network.hidden_bias), std::fprintf(file, ",\n");
  row(network.out), std::fprintf(file, ",\n");
  row(network.direct), std::fprintf(file, ",\n%.4ff,\n", static_cast<double>(network.bias));
  row(network.host_bias), std::fprintf(file, "};\n");
  std::fclose(file);
}

}  // namespace

void train_verdict(const std::vector<Line>& lines, const std::array<Heads, folds>& heads, const char* path) {
  const OrderHits hits;
  PatternDatabase::Scratch scratch;
  std::vector<Context> contexts;
  for (const Heads& of : heads) contexts.emplace_back(of.table());
  std::vector<Text> texts;
  for (const Line& line : lines)
    if (line.kind.starts_with("clean") || line.kind.starts_with("dirty"))
      texts.push_back(judge(line, contexts[static_cast<std::size_t>(line.fold)], hits, scratch));
  std::vector<float> scores(texts.size());
  for (int fold = 0; fold < folds; ++fold) {
    const VerdictNetwork network = learn(texts, fold, 0);
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (texts[i].fold == fold) scores[i] = best(texts[i], network);
  }
  VerdictNetwork network = learn_all(texts);
  // How sure one has to be, per kind of host: at 0 one clean text in a hundred passes, of programs, which vary more
  // than any training text, six in a thousand. Documents that somebody asks about hold a request that is wanted; they
  // do not count here.
  for (std::size_t host = 0; host < network.host_bias.size(); ++host) {
    std::vector<float> clean;
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (!texts[i].dirty && texts[i].group != "about" && static_cast<std::size_t>(texts[i].host) == host)
        clean.push_back(scores[i]);
    network.host_bias[host] = -limit(clean, static_cast<Host>(host) == Host::code ? 0.006 : 0.01);
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (static_cast<std::size_t>(texts[i].host) == host) scores[i] += network.host_bias[host];
  }
  report(texts, scores);
  write(network, path);
}

}  // namespace trainer
