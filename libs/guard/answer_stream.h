// The body of a streamed answer on its way to the client, with its content coding: as it came when no rule may change
// it, else through a StreamGuard. Pure; threads: one at a time.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "guard/stream_guard.h"

namespace sluice::guard {

class AnswerStream {
 public:
  // Appends what a piece of the body decodes to. Errors: the coding is broken.
  using Decoder = std::function<Result<void>(std::string_view piece, std::string& out)>;
  struct Facts {
    std::shared_ptr<const Guard> guard;
    Guard::Selection rules;
    dialect::Operation operation = dialect::Operation::chat_completions;
    std::shared_ptr<const TokenVault> tokens = {};  // may be nullptr
    // Empty for a body without content coding; an error for a coding that is not known.
    Result<Decoder> decoder = Decoder();
  };
  AnswerStream() = default;  // no rules: everything passes as it comes
  explicit AnswerStream(Facts facts);

  // What comes out is not what went in: the head must lose content-encoding and content-length.
  [[nodiscard]] bool replaces() const noexcept { return replaces_; }
  // What goes to the client now; valid until the next call. A content coding that nobody knows is decided at once: the
  // stream is blocked, or passes unread and says so. An error when one breaks midway and a rule might change the
  // answer.
  Result<std::string_view> pass(std::string_view piece, SteadyPoint now, Guard::Scratch& scratch);
  // What was held; once, at the end of the stream.
  std::string_view finish(SteadyPoint now, Guard::Scratch& scratch);

  // The stream ended without finish(), or was blocked: rules that only watch see what has come of it.
  void close(Guard::Scratch& scratch) {
    if (guard_ && !unreadable_) guard_->close(scratch);
  }

  [[nodiscard]] bool guarded() const noexcept { return guard_.has_value(); }
  [[nodiscard]] bool blocked() const noexcept { return blocked_; }
  // Of all that passed; call at the end.
  [[nodiscard]] Outcomes outcomes() const;
  [[nodiscard]] std::size_t text_bytes() const noexcept { return guard_ ? guard_->text_bytes() : 0; }
  [[nodiscard]] std::size_t most_held_bytes() const noexcept { return guard_ ? guard_->most_held_bytes() : 0; }
  [[nodiscard]] SteadyPoint::duration longest_delay() const noexcept {
    return guard_ ? guard_->longest_delay() : SteadyPoint::duration{};
  }

 private:
  void decide_unread();
  Result<std::string_view> unreadable(std::string_view piece, Error error);
  Facts facts_;
  std::optional<StreamGuard> guard_;
  bool replaces_ = false;
  bool unreadable_ = false;
  bool blocked_ = false;
  std::string decoded_, out_;
};

}  // namespace sluice::guard
