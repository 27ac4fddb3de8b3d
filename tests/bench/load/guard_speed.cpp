// How fast one core looks through texts in pieces of 20 KB, what it finds in them, and what it allocates.
// usage: bench_guard_speed [--detectors secrets,pii] [--repeat N] FILE...  → one JSON line
//
// `pass` is Hyperscan alone with every pattern of the families; `scan` is all of Engine::scan. Both are time of this
// thread's processor, so that others on the machine do not count, and the best of N rounds. Allocations are counted in
// the last round, when all memory that is kept has been taken.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <new>
#include <string>

#include "base/files.h"
#include "guard/engine.h"
#include "guard/pii/pii.h"
#include "guard/secrets/builtin.h"

namespace {

std::size_t allocations = 0;

double seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

void* counted(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace {

using namespace sluice;
using namespace sluice::guard;

constexpr std::size_t piece_size = 20'480;

class Counter final : public PatternDatabase::Sink {
 public:
  void matched(std::uint32_t, std::size_t) override { ++count; }
  std::size_t count = 0;
};

struct Options {
  bool secrets = true;
  bool pii = true;
  int repeat = 3;
  std::vector<const char*> files;
};

Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--detectors" && i + 1 < argc) {
      const std::string_view names = argv[++i];
      options.secrets = names.contains("secrets");
      options.pii = names.contains("pii");
    } else if (word == "--repeat" && i + 1 < argc) {
      options.repeat = std::max(1, std::atoi(argv[++i]));
    } else {
      options.files.push_back(argv[i]);
    }
  }
  return options;
}

std::vector<std::shared_ptr<const Ruleset>> families(const Options& options) {
  std::vector<std::shared_ptr<const Ruleset>> out;
  std::vector<SecretRefusal> refused;
  if (options.secrets) {
    auto rules = SecretRules::make(builtin_secret_rules(), refused);
    if (rules && refused.empty()) out.push_back(*rules);
  }
  if (options.pii) out.push_back(make_pii_rules());
  return out;
}

struct Figures {
  std::size_t bytes = 0, pieces = 0, lines = 0, hits = 0, findings = 0, matches = 0, allocations = 0, patterns = 0;
  std::size_t database_bytes = 0;
  double pass = 1e9, scan = 1e9;  // seconds of the best round
  std::map<std::string, long, std::less<>> by_rule;
};

Result<void> measure(const std::vector<std::string>& pieces, const Options& options, Figures& figures) {
  const auto rulesets = families(options);
  std::vector<Pattern> patterns;
  for (const auto& ruleset : rulesets) ruleset->add_patterns(patterns);
  figures.patterns = patterns.size();
  std::vector<PatternRefusal> refused;
  auto database = PatternDatabase::compile(patterns, refused);
  if (!database) return fail(database.error());
  std::vector<Engine::Refusal> unusable;
  const auto engine = Engine::make(rulesets, unusable);
  if (!engine) return fail(engine.error());
  if (!refused.empty() || !unusable.empty()) return fail(ErrorCode::internal, "a built-in pattern does not compile");
  figures.database_bytes = (*engine)->database_bytes();

  PatternDatabase::Scratch pattern_scratch;
  Engine::Scratch scratch;
  std::vector<Finding> findings;
  for (int round = 0; round < options.repeat; ++round) {
    Counter counter;
    double begin = seconds();
    for (const std::string& piece : pieces)
      if (auto scanned = database->scan(piece, pattern_scratch, counter); !scanned) return scanned;
    figures.pass = std::min(figures.pass, seconds() - begin);
    figures.matches = counter.count;
    const std::size_t before = allocations;
    begin = seconds();
    for (const std::string& piece : pieces)
      if (auto scanned = (*engine)->scan(piece, Phase::input, scratch, findings); !scanned) return scanned;
    figures.scan = std::min(figures.scan, seconds() - begin);
    figures.allocations = allocations - before;
  }
  for (const std::string& piece : pieces) {
    if (auto scanned = (*engine)->scan(piece, Phase::input, scratch, findings); !scanned) return scanned;
    figures.findings += findings.size();
    for (const Finding& finding : findings)
      if (finding.hit) ++figures.hits, ++figures.by_rule[std::string(finding.rule)];
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = read_options(argc, argv);
  Figures figures;
  std::vector<std::string> pieces;
  for (const char* const file : options.files) {
    const auto text = read_file(file);
    if (!text) continue;
    for (std::size_t at = 0; at < text->size(); at += piece_size) pieces.push_back(text->substr(at, piece_size));
  }
  for (const std::string& piece : pieces) {
    figures.bytes += piece.size();
    figures.lines += static_cast<std::size_t>(std::ranges::count(piece, '\n'));
  }
  figures.pieces = pieces.size();
  if (const auto measured = measure(pieces, options, figures); !measured) {
    std::fprintf(stderr, "bench_guard_speed: %s\n", measured.error().detail.c_str());
    return 1;
  }
  const double megabytes = static_cast<double>(figures.bytes) / 1e6;
  std::printf(
      "{\"bytes\":%zu,\"pieces\":%zu,\"lines\":%zu,\"matches\":%zu,\"findings\":%zu,\"hits\":%zu,"
      "\"pass_mb_per_second\":%.1f,\"scan_mb_per_second\":%.1f,\"allocations_per_scan\":%.2f,"
      "\"database_bytes\":%zu,\"patterns\":%zu,\"by_rule\":{",
      figures.bytes, figures.pieces, figures.lines, figures.matches, figures.findings, figures.hits,
      megabytes / figures.pass, megabytes / figures.scan,
      static_cast<double>(figures.allocations) / static_cast<double>(std::max<std::size_t>(1, figures.pieces)),
      figures.database_bytes, figures.patterns);
  const char* separator = "";
  for (const auto& [rule, count] : figures.by_rule)
    std::printf("%s\"%s\":%ld", std::exchange(separator, ","), rule.c_str(), count);
  std::printf("}}\n");
  return 0;
}
