// A streamed answer under guard: server-sent events go in in any pieces, what may go to the client comes out.
//
// Bytes pass as they came. An event waits only while a text of it may still be part of a match that a rule in force
// would redact or block; events keep their order. A redaction changes the matched bytes inside the JSON strings of the
// events that hold them; a block drops what is held and ends the stream. Pure; threads: one at a time.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "dialect/segments.h"
#include "guard/guard.h"
#include "guard/outcome.h"

namespace sluice::guard {

class StreamGuard {
 public:
  // `guard` and `restored` are shared for the life of the stream. The rules are those of `selection`.
  StreamGuard(std::shared_ptr<const Guard> guard, Guard::Selection selection, dialect::Operation operation,
              std::shared_ptr<const TokenVault> restored);
  ~StreamGuard();
  StreamGuard(StreamGuard&&) noexcept;
  StreamGuard& operator=(StreamGuard&&) noexcept;

  enum class Verdict : std::uint8_t { go_on, blocked };
  // Decoded body bytes. Appends to `out` what may go on. After `blocked` nothing more comes out: the caller ends the
  // stream with an error event of the dialect. `now` only measures the delay.
  Verdict feed(std::string_view bytes, SteadyPoint now, Guard::Scratch& scratch, std::string& out);
  // The stream is over: what is held is judged as it stands and goes.
  Verdict finish(SteadyPoint now, Guard::Scratch& scratch, std::string& out);

  // The stream was cut: rules that only watch see what has come of it. Not needed after finish() or `blocked`.
  void close(Guard::Scratch& scratch);

  [[nodiscard]] const Outcomes& outcomes() const noexcept;
  // Of what the model said, as it stands in the events: for an estimate of tokens that nobody told.
  [[nodiscard]] std::size_t text_bytes() const noexcept;
  [[nodiscard]] std::size_t held_bytes() const noexcept;               // at this moment
  [[nodiscard]] std::size_t most_held_bytes() const noexcept;          // of the stream
  [[nodiscard]] SteadyPoint::duration longest_delay() const noexcept;  // from an event's arrival until it went on

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::guard
