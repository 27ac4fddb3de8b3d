// Private to libs/http: the chunked transfer coding (RFC 9112 §7.1), strict. Boost.Beast 1.81 reads it too, but an
// assertion of its chunk parser can be reached from the wire (tests/fuzz/corpus/http_head/chunk_after_end), so this one
// stands in for it.
//
// Refused: sizes over 2^63, white space around the size, bare LF, extensions or trailers over 8 KiB a body.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace sluice::http {

class ChunkDecoder {
 public:
  struct Step {
    std::size_t consumed = 0;
    std::string_view data;  // inside the input
  };
  // Takes input up to the end of the next run of data; call again with the rest.
  Result<Step> feed(std::string_view input);
  [[nodiscard]] bool done() const noexcept { return state_ == State::done; }

 private:
  enum class State : std::uint8_t {
    size_first,
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_start,
    trailer,
    trailer_lf,
    end_lf,
    done
  };
  Result<void> take_size_digit(char c);
  Result<void> take_control(char c);

  State state_ = State::size_first;
  std::uint64_t left_ = 0;
  std::size_t overhead_ = 0;  // bytes of extensions and trailers so far
};

}  // namespace sluice::http
