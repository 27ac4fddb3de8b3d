// What the rules did with a request or an answer, and the texts that tokens stand for. Never the matched text.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "guard/guard.h"

namespace sluice::guard {

// One line for each rule, what it did and where: equal ones are counted.
struct Outcome {
  std::string rule;      // the policy rule's id
  std::string action;    // shadow, flag, redact, block, or "not_checked" with the reason in `found_by`
  std::string surface;   // input, tool_results, output, tool_arguments
  std::string found_by;  // the detector's rule, "github-pat"
  std::string type;      // "secret"
  std::uint32_t count = 1;
  std::size_t measured = 0;  // limits: what the first of them measured
};

class Outcomes {
 public:
  void add(const policy::GuardRule& rule, policy::Surface surface, const Match& match);
  void not_checked(const policy::GuardRule& rule, policy::Surface surface, std::string_view reason);
  [[nodiscard]] const std::vector<Outcome>& lines() const noexcept { return lines_; }
  // The first rule that blocked; index in the document's rules.
  [[nodiscard]] std::optional<std::uint16_t> blocked_by() const noexcept { return blocked_by_; }
  void block(std::uint16_t rule) {
    if (!blocked_by_) blocked_by_ = rule;
  }

 private:
  static constexpr std::size_t most_lines = 64;
  void count(Outcome line);
  std::vector<Outcome> lines_;  // bounded: further kinds are counted in a last line with the action "more"
  std::optional<std::uint16_t> blocked_by_;
};

// The texts behind reversible tokens of one request; restored in its answer, then gone. Never logged, never stored.
class TokenVault {
 public:
  // Bounded by the request's own size.
  void keep(std::string token, std::string_view original);
  [[nodiscard]] bool empty() const noexcept { return originals_.empty(); }
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& originals() const noexcept { return originals_; }
  [[nodiscard]] std::size_t longest_token() const noexcept { return longest_; }

 private:
  std::map<std::string, std::string, std::less<>> originals_;
  std::size_t longest_ = 0;
};

}  // namespace sluice::guard
