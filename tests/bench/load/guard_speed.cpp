// How fast one core scans files with the built-in rules, in texts of 20 KB, and what it finds in them.
// usage: bench_guard_speed FILE...  → one JSON line
#include <chrono>
#include <cstdio>
#include <map>
#include <string>

#include "base/files.h"
#include "guard/engine.h"
#include "guard/secrets/builtin.h"

int main(int argc, char** argv) {
  using namespace sluice;
  using namespace sluice::guard;
  std::vector<SecretRefusal> refused;
  const auto rules = SecretRules::make(builtin_secret_rules(), refused);
  std::vector<Engine::Refusal> unusable;
  const auto engine = rules ? Engine::make({*rules}, unusable) : fail(rules.error());
  if (!engine || !refused.empty() || !unusable.empty()) {
    std::fprintf(stderr, "bench_guard_speed: the built-in rules do not compile\n");
    return 1;
  }
  Engine::Scratch scratch;
  std::vector<Finding> findings;
  std::map<std::string, long, std::less<>> by_rule;
  std::size_t bytes = 0, lines = 0, hits = 0;
  std::chrono::steady_clock::duration time{};
  for (int i = 1; i < argc; ++i) {
    const auto text = read_file(argv[i]);
    if (!text) continue;
    for (std::size_t at = 0; at < text->size(); at += 20'480) {
      const std::string_view part = std::string_view(*text).substr(at, 20'480);
      const auto begin = std::chrono::steady_clock::now();
      const auto scanned = (*engine)->scan(part, Phase::input, scratch, findings);
      time += std::chrono::steady_clock::now() - begin;
      if (!scanned) return 1;
      bytes += part.size();
      for (const char c : part) lines += c == '\n' ? 1U : 0U;
      for (const Finding& finding : findings)
        if (finding.hit) ++hits, ++by_rule[std::string(finding.rule)];
    }
  }
  const double seconds = std::chrono::duration<double>(time).count();
  std::printf(
      "{\"bytes\":%zu,\"lines\":%zu,\"hits\":%zu,\"mb_per_second\":%.1f,\"database_bytes\":%zu,\"rules\":%zu,\"by_"
      "rule\":{",
      bytes, lines, hits, seconds > 0 ? static_cast<double>(bytes) / seconds / 1e6 : 0.0, (*engine)->database_bytes(),
      (*rules)->size());
  const char* separator = "";
  for (const auto& [rule, count] : by_rule)
    std::printf("%s\"%s\":%ld", std::exchange(separator, ","), rule.c_str(), count);
  std::printf("}}\n");
  return 0;
}
