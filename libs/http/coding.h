// Content codings (RFC 9110 §8.4): what a compressed body says, for whoever has to look into it. What is forwarded
// stays as it came. gzip, x-gzip, deflate (zlib, or raw as some servers send it), br and zstd. Pure; threads: one.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sluice::http {

// Decodes a body that arrives in pieces. Output is bounded by the caller's limit, so that a small body cannot grow
// without end.
class BodyDecoder {
 public:
  // `coding` is the value of Content-Encoding; "" and "identity" copy. unsupported for others and for lists.
  static Result<BodyDecoder> make(std::string_view coding);
  ~BodyDecoder();
  BodyDecoder(BodyDecoder&&) noexcept;
  BodyDecoder& operator=(BodyDecoder&&) noexcept;

  // Appends what this piece decodes to. malformed; too_large when `out` would pass `limit`.
  Result<void> feed(std::string_view piece, std::string& out, std::size_t limit);
  [[nodiscard]] bool complete() const noexcept;  // the coding's own end was seen

  struct Engine;

 private:
  explicit BodyDecoder(std::unique_ptr<Engine> engine) noexcept;
  std::unique_ptr<Engine> engine_;
};

// A whole body decoded; nullopt for identity: the body itself is meant. malformed also when it ends too early.
Result<std::optional<std::string>> decode_body(std::string_view coding, std::string_view body, std::size_t limit);

}  // namespace sluice::http
