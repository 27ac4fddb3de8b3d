#include "guard/lazy_regex.h"

#include <re2/re2.h>

#include <mutex>

#include "guard/regex_words.h"

namespace sluice::guard {
namespace {

constexpr std::int64_t memory = 16 << 20;

}  // namespace

struct LazyRegex::State {
  std::string text;
  RegexUnits units;
  RegexMatch match;
  std::once_flag once{};
  std::unique_ptr<const re2::RE2> regex{};

  const re2::RE2& compiled() {
    std::call_once(once, [this] {
      re2::RE2::Options options;
      options.set_log_errors(false);
      options.set_max_mem(memory);
      if (units == RegexUnits::bytes) options.set_encoding(re2::RE2::Options::EncodingLatin1);
      options.set_longest_match(match == RegexMatch::longest);
      regex = std::make_unique<const re2::RE2>(re2::StringPiece(text), options);
    });
    return *regex;
  }
};

LazyRegex::LazyRegex(std::string text, RegexUnits units, RegexMatch match)
    : state_(std::make_unique<State>(std::move(text), units, match)) {}
LazyRegex::~LazyRegex() = default;
LazyRegex::LazyRegex(LazyRegex&&) noexcept = default;
LazyRegex& LazyRegex::operator=(LazyRegex&&) noexcept = default;

const re2::RE2* LazyRegex::get() const {
  const re2::RE2& regex = state_->compiled();
  return regex.ok() ? &regex : nullptr;
}

std::string LazyRegex::why_not() const {
  return regex_refusal(state_->text, state_->compiled().error());
}

}  // namespace sluice::guard
