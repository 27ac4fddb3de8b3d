// `sluice guard scan`: JSON lines in, findings out, in the same order. For tests of rules and for measuring them.
#pragma once
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "guard/engine.h"

namespace sluice::agent {

struct GuardScanOptions {
  std::optional<std::string> detectors{};  // "secrets,pii,injection"; nothing: all
  std::string gitleaks_file{};             // rules in gitleaks' format beside the built-in ones; empty: none
  bool builtin_secrets = true;
};

class GuardScanner {
 public:
  // What was passed over or refused is told in `notes`, a line each.
  static Result<GuardScanner> make(const GuardScanOptions& options, std::vector<std::string>& notes);

  // {"id","text","phase"} → {"id","findings":[…]}. Other fields are ignored. malformed names what is missing.
  Result<std::string> scan_line(std::string_view line);

 private:
  explicit GuardScanner(std::shared_ptr<const guard::Engine> engine) : engine_(std::move(engine)) {}
  std::shared_ptr<const guard::Engine> engine_;
  guard::Engine::Scratch scratch_;
  std::vector<guard::Finding> findings_;
};

// The exit status: 0, 1 when a line or the rules could not be read (the reason is on standard error), 2 for options
// that are wrong.
int guard_scan(const GuardScanOptions& options, std::FILE* input, std::FILE* output);

}  // namespace sluice::agent
