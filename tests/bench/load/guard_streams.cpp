// What guarding a streamed answer costs, and how long it holds events: text of files in deltas of a token or so.
// usage: bench_guard_streams FILE...  → JSON lines: families alone, then whole streams of OpenAI's chat
#include <time.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "base/files.h"
#include "dialect/json_text.h"
#include "guard/engine.h"
#include "guard/pii/pii.h"
#include "guard/secrets/builtin.h"
#include "guard/stream_guard.h"
#include "policy/guardrails.h"

namespace {

using namespace sluice;
using namespace sluice::guard;

// Time of this thread on a processor: other programs on the machine do not count.
struct CpuClock {
  using duration = std::chrono::nanoseconds;
  static duration now() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }
};

// A token or so.
std::size_t next_cut(std::size_t at) {
  return at + 3 + at * 2654435761U % 9;
}

double micros(CpuClock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

void run(const char* name, const Engine& engine, int count, char** files) {
  Engine::Scratch scratch;
  std::vector<Finding> findings;
  CpuClock::duration time{}, worst{};
  std::size_t deltas = 0, bytes = 0, open = 0, most = 0, hits = 0;
  for (int i = 0; i < count; ++i) {
    const auto text = read_file(files[i]);
    if (!text) continue;
    std::size_t begin = 0, settled = 0;
    for (std::size_t at = 0; at < text->size();) {
      at = std::min(text->size(), next_cut(at));
      const std::string_view part = std::string_view(*text).substr(begin, at - begin);
      const auto start = CpuClock::now();
      const auto until = engine.scan_open(part, settled - begin, Phase::output, Families::all(), scratch, findings);
      const auto took = CpuClock::now() - start;
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

// Whole streams: framing, JSON, decoding, scan, judgement. An event that goes with the n-th one behind it was held for
// n.
void run_stream(const char* name, std::string_view rules, int count, char** files) {
  auto document = policy::parse_guardrails(rules);
  Guard::Options options;
  options.hash_key = Secret(std::string(32, 'k'));
  const auto guard = document ? Guard::compile(std::move(*document), std::move(options)) : fail(document.error());
  if (!guard) return (void)std::fprintf(stderr, "%s\n", guard.error().detail.c_str());
  Guard::Scratch scratch;
  CpuClock::duration time{};
  std::size_t events = 0, bytes = 0, held = 0, late = 0, most = 0, at_once = 0;
  for (int i = 0; i < count; ++i) {
    const auto text = read_file(files[i]);
    if (!text) continue;
    StreamGuard stream(*guard, (*guard)->select({}), dialect::Operation::chat_completions, nullptr);
    std::size_t in = 0, out_events = 0;
    std::string out;
    for (std::size_t at = 0; at < text->size(); at = next_cut(at)) {
      const std::string event =
          "data: "
          "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" +
          dialect::json_escaped(std::string_view(*text).substr(at, next_cut(at) - at), dialect::Nesting::plain) +
          "\"},\"finish_reason\":null}]}\n\n";
      out.clear();
      const auto start = CpuClock::now();
      if (stream.feed(event, {}, scratch, out) == StreamGuard::Verdict::blocked) break;
      time += CpuClock::now() - start;
      ++in;
      bytes += event.size();
      const std::size_t before = out_events;
      for (std::size_t end = 0; (end = out.find("\n\n", end)) != std::string::npos; end += 2) ++out_events;
      for (std::size_t gone = before; gone < out_events; ++gone)
        late += in - 1 - gone, at_once += in - 1 == gone ? 1U : 0U;
      held += in - out_events;
    }
    events += in;
    most = std::max(most, stream.most_held_bytes());
  }
  const auto of_events = [&](double value) { return value / static_cast<double>(std::max<std::size_t>(1, events)); };
  std::printf(
      "{\"stream\":\"%s\",\"events\":%zu,\"bytes_per_event\":%.0f,\"us_per_event\":%.2f,\"mean_events_held\":%.2f,"
      "\"mean_events_late\":%.2f,\"gone_at_once\":%.3f,\"most_held_bytes\":%zu}\n",
      name, events, of_events(static_cast<double>(bytes)), of_events(micros(time)),
      of_events(static_cast<double>(held)), of_events(static_cast<double>(late)),
      of_events(static_cast<double>(at_once)), most);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<SecretRefusal> bad;
  auto start = CpuClock::now();
  const auto secrets = SecretRules::make(builtin_secret_rules(), bad);
  std::fprintf(stderr, "secrets: rules %.0f ms\n", micros(CpuClock::now() - start) / 1000);
  start = CpuClock::now();
  std::vector<Engine::Refusal> refused;
  const auto both = Engine::make({*secrets, make_pii_rules()}, refused);
  std::fprintf(stderr, "engine %.0f ms\n", micros(CpuClock::now() - start) / 1000);
  const auto one = Engine::make({*secrets}, refused), other = Engine::make({make_pii_rules()}, refused);
  if (!both || !one || !other) return 1;
  run("secrets", **one, argc - 1, argv + 1);
  run("pii", **other, argc - 1, argv + 1);
  run("secrets, pii", **both, argc - 1, argv + 1);
  const std::string begin = R"({"rules":[{"id":"r","on":["output"],"action":"redact","detectors":[)";
  run_stream("no rule", R"({"rules":[]})", argc - 1, argv + 1);
  run_stream("secrets", begin + R"({"kind":"secrets"}]}]})", argc - 1, argv + 1);
  run_stream("secrets, pii", begin + R"({"kind":"secrets"},{"kind":"pii"}]}]})", argc - 1, argv + 1);
  return 0;
}
