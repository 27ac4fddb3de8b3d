// Named events with fields, one JSON object a line, to stderr:
//   log::event("tunnel.closed", {{"host", host}, {"bytes", up.bytes}});
//   {"time":"2026-01-31T10:20:30.123Z","level":"info","event":"tunnel.closed","host":"api.openai.com","bytes":812}
//
// A field is text, a number or a truth value. Secret does not convert, and prompts, tokens, cookies and full URLs do
// not belong here. Threads: all functions may be called from any; lines never mix.
#pragma once
#include <atomic>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/error.h"

namespace sluice {
class Secret;
}

namespace sluice::log {

enum class Level : std::uint8_t { debug, info, warning, error };

// Borrows text: it must live until the call returns.
class Value {
 public:
  template <std::same_as<bool> B>
  Value(B flag) : data_(flag) {}
  template <std::integral I>
    requires(!std::same_as<I, bool>)
  Value(I number) : data_(static_cast<std::int64_t>(number)) {}
  Value(double number) : data_(number) {}
  Value(std::string_view text) : data_(text) {}
  Value(const std::string& text) : data_(std::string_view(text)) {}
  Value(const char* text) : data_(std::string_view(text)) {}
  Value(const Secret&) = delete;

  [[nodiscard]] const auto& data() const noexcept { return data_; }

 private:
  std::variant<std::string_view, std::int64_t, double, bool> data_;
};

struct Field {
  std::string_view name;
  Value value;
};
using Fields = std::initializer_list<Field>;

// Sets what is written and how the program is called in the lines. Call once at start, and on reload.
void start(std::string_view program, Level level);
void set_level(Level level) noexcept;
[[nodiscard]] bool enabled(Level level) noexcept;

void event(Level level, std::string_view name, Fields fields = {});
inline void event(std::string_view name, Fields fields = {}) {
  event(Level::info, name, fields);
}
inline void debug(std::string_view name, Fields fields = {}) {
  event(Level::debug, name, fields);
}
inline void warning(std::string_view name, Fields fields = {}) {
  event(Level::warning, name, fields);
}
inline void error(std::string_view name, Fields fields = {}) {
  event(Level::error, name, fields);
}
// An event with "error" (the row's name) and "detail" in front of the fields.
void failure(Level level, std::string_view name, const Error& problem, Fields fields = {});

// Lets at most `burst` events through per second; the next one let through carries "suppressed": how many were not.
// Make it static beside the call: `static log::RateLimit limit; log::event(limit, log::Level::warning, …);`
class RateLimit {
 public:
  explicit constexpr RateLimit(std::uint32_t burst = 5) : burst_(burst) {}
  // Whether this event may pass; `suppressed` then receives the count since the last one that did.
  bool allow(SteadyPoint now, std::uint64_t& suppressed) noexcept;

 private:
  std::uint32_t burst_;
  std::atomic<std::int64_t> window_{-1};  // the second we count in
  std::atomic<std::uint32_t> used_{0};
  std::atomic<std::uint64_t> suppressed_{0};
};
void event(RateLimit& limit, Level level, std::string_view name, Fields fields = {});

// For tests: receives each line instead of stderr until reset with nullptr. The function must be thread safe.
using Sink = void (*)(std::string_view line);
void redirect(Sink sink) noexcept;

}  // namespace sluice::log
