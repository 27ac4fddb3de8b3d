// Usage and end of a streamed answer, seen in bytes that go on as they came.
#pragma once
#include <string>
#include <string_view>

#include "dialect/usage.h"
#include "http/coding.h"
#include "http/message.h"

namespace sluice::gateway {

inline constexpr std::size_t usage_body_limit = 32 * 1024 * 1024;  // above it answers pass without counting tokens

// Watches a stream for usage and its end, through its content coding if it has one.
class StreamObserver {
 public:
  StreamObserver(dialect::Operation operation, const http::Fields& fields)
      : watcher_(operation),
        plain_(!fields.get("content-encoding")),
        decoder_(http::BodyDecoder::make(fields.get("content-encoding").value_or(""))) {}
  void observe(std::string_view piece) {
    if (plain_) {
      watcher_.feed(piece);
    } else if (decoder_) {
      decoded_.clear();
      if (decoder_->feed(piece, decoded_, usage_body_limit)) watcher_.feed(decoded_);
    }
  }
  [[nodiscard]] const dialect::Usage& usage() const noexcept { return watcher_.usage(); }
  [[nodiscard]] dialect::StreamEnd end() const noexcept { return watcher_.end(); }

 private:
  dialect::StreamWatcher watcher_;
  bool plain_;
  Result<http::BodyDecoder> decoder_;
  std::string decoded_;
};

}  // namespace sluice::gateway
