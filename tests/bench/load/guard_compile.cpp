// How long the guardrails of a policy take to compile, how large they are, and what they cost a text.
// usage: bench_guard_compile DOCUMENT.json THREADS FILE...  → one JSON line
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "base/files.h"
#include "base/json.h"
#include "guard/guard.h"

using namespace sluice;
using namespace sluice::guard;
using Steady = std::chrono::steady_clock;

namespace {

double seconds_since(Steady::time_point begin) {
  return std::chrono::duration<double>(Steady::now() - begin).count();
}

void run_on(std::size_t threads, std::vector<std::function<void()>> jobs) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t mine = next++; mine < jobs.size(); mine = next++) jobs[mine]();
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back(work);
  work();
}

struct Cache {
  std::string compiled;
  Guard::Options options(std::size_t threads) {
    Guard::Options made;
    made.hash_key = Secret(std::string(32, 'k'));
    made.run_all = [threads](std::vector<std::function<void()>> jobs) { run_on(threads, std::move(jobs)); };
    made.cached = [this](std::string_view) { return compiled.empty() ? std::nullopt : std::optional(compiled); };
    made.keep = [this](std::string_view, std::string_view text) { compiled = text; };
    return made;
  }
};

std::shared_ptr<const Guard> compile(std::string_view json, Guard::Options options) {
  auto document = policy::parse_guardrails(json);
  auto guard = document ? Guard::compile(std::move(*document), std::move(options)) : fail(document.error());
  if (guard) return *guard;
  std::fprintf(stderr, "bench_guard_compile: %s\n", guard.error().message().c_str());
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto json = read_file(argv[1]);
  if (!json) return 2;
  const auto threads = static_cast<std::size_t>(std::strtoul(argv[2], nullptr, 10));
  Cache cache;
  auto begin = Steady::now();
  const auto guard = compile(*json, cache.options(threads));
  const double cold = seconds_since(begin);
  const double cpu = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  begin = Steady::now();
  (void)compile(*json, cache.options(threads));
  const double warm = seconds_since(begin);

  Guard::Scratch scratch;
  std::vector<Finding> findings;
  std::size_t bytes = 0, hits = 0;
  std::clock_t time = 0;  // of the processor, since other programs may run
  for (int i = 3; i < argc; ++i) {
    const auto text = read_file(argv[i]);
    if (!text) continue;
    for (std::size_t at = 0; at < text->size(); at += 20'480) {
      const std::string_view part = std::string_view(*text).substr(at, 20'480);
      const std::clock_t before = std::clock();
      const auto scanned = guard->scan(part, Phase::input, scratch, findings);
      time += std::clock() - before;
      if (!scanned) return 1;
      bytes += part.size();
      hits += findings.size();
    }
  }
  JsonWriter out;
  out.begin_object().field("patterns", guard->document().patterns.size()).field("threads", threads);
  out.field("compile_seconds", cold)
      .field("cpu_seconds", cpu)
      .field("from_cache_seconds", warm)
      .field("cache_bytes", cache.compiled.size());
  out.field("database_bytes", guard->database_bytes()).field("findings", hits);
  const double seconds = static_cast<double>(time) / CLOCKS_PER_SEC;
  out.field("mb_per_second", seconds > 0 ? static_cast<double>(bytes) / 1e6 / seconds : 0.0).end_object();
  std::printf("%s\n", out.text().c_str());
  return 0;
}
