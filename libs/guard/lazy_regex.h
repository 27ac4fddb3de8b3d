// An expression of RE2 that is compiled when it is first asked for: of some hundred rules a text needs a few. Private
// to libs/guard. Threads: any.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace sluice::guard {

enum class RegexUnits : std::uint8_t { characters, bytes };
enum class RegexMatch : std::uint8_t { first, longest };

class LazyRegex {
 public:
  LazyRegex(std::string text, RegexUnits units, RegexMatch match = RegexMatch::first);
  ~LazyRegex();
  LazyRegex(LazyRegex&&) noexcept;
  LazyRegex& operator=(LazyRegex&&) noexcept;

  [[nodiscard]] const re2::RE2* get() const;  // nullptr when RE2 refuses it
  [[nodiscard]] std::string why_not() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::guard
