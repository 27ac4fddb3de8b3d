// What it costs to know what is settled of a text that goes on: text of files in deltas of a few bytes.
// usage: bench_guard_streams FILE...  → one JSON line for each set of families
#include <time.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "base/files.h"
#include "guard/engine.h"
#include "guard/pii/pii.h"
#include "guard/secrets/builtin.h"

namespace {

using namespace sluice;
using namespace sluice::guard;

// Time of this thread on a processor: other programs on the machine do not count.
struct Clock {
  using duration = std::chrono::nanoseconds;
  static duration now() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }
};

double micros(Clock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

void run(const char* name, const Engine& engine, int count, char** files) {
  Engine::Scratch scratch;
  std::vector<Finding> findings;
  Clock::duration time{}, worst{};
  std::size_t deltas = 0, bytes = 0, open = 0, most = 0, hits = 0;
  for (int i = 0; i < count; ++i) {
    const auto text = read_file(files[i]);
    if (!text) continue;
    std::size_t begin = 0, settled = 0;
    for (std::size_t at = 0; at < text->size();) {
      at = std::min(text->size(), at + 3 + at * 2654435761U % 9);  // a token or so
      const std::string_view part = std::string_view(*text).substr(begin, at - begin);
      const auto start = Clock::now();
      const auto until = engine.scan_open(part, settled - begin, Phase::output, Families::all(), scratch, findings);
      const auto took = Clock::now() - start;
      if (!until) return;
      time += took;
      worst = std::max(worst, took);
      for (const Finding& finding : findings) hits += finding.hit && finding.end > settled - begin ? 1U : 0U;
      settled = begin + *until;
      ++deltas;
      open += at - settled;
      most = std::max(most, at - settled);
      if (settled - begin > 1024) begin = settled - 256;
    }
    bytes += text->size();
  }
  std::printf(
      "{\"families\":\"%s\",\"deltas\":%zu,\"bytes\":%zu,\"us_per_delta\":%.2f,\"worst_us\":%.1f,"
      "\"open_bytes\":%.1f,\"most_open_bytes\":%zu,\"hits\":%zu}\n",
      name, deltas, bytes, micros(time) / static_cast<double>(std::max<std::size_t>(1, deltas)), micros(worst),
      static_cast<double>(open) / static_cast<double>(std::max<std::size_t>(1, deltas)), most, hits);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<SecretRefusal> bad;
  auto start = Clock::now();
  const auto secrets = SecretRules::make(builtin_secret_rules(), bad);
  std::fprintf(stderr, "secrets: rules %.0f ms\n", micros(Clock::now() - start) / 1000);
  start = Clock::now();
  std::vector<Engine::Refusal> refused;
  const auto both = Engine::make({*secrets, make_pii_rules()}, refused);
  std::fprintf(stderr, "engine %.0f ms\n", micros(Clock::now() - start) / 1000);
  const auto one = Engine::make({*secrets}, refused), other = Engine::make({make_pii_rules()}, refused);
  if (!both || !one || !other) return 1;
  run("secrets", **one, argc - 1, argv + 1);
  run("pii", **other, argc - 1, argv + 1);
  run("secrets, pii", **both, argc - 1, argv + 1);
  return 0;
}
