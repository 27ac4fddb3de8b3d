// Sans-I/O HTTP/1.1: bytes in, heads and body pieces out. Boost.Beast's parser is behind it.
//
// Refused as `malformed`: both Content-Length and Transfer-Encoding (RFC 9112 §6.1), differing Content-Lengths, a
// request whose last transfer coding is not chunked, white space before the colon, control characters in fields, line
// folding. Refused as `too_large`: a head over its limit, more than 200 fields.
#pragma once
#include <cstddef>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace sluice::http {

inline constexpr std::size_t default_head_limit = 64 * 1024;

enum class Role { request, response };

// One message at a time: feed until `head_done`, then step through the body until `done`.
class Parser {
 public:
  explicit Parser(Role role, std::size_t head_limit = default_head_limit);
  ~Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;

  // Makes ready for the next message. `expects_no_body`: the answer to HEAD has a head only.
  enum class Body { as_framed, none };
  void reset(Body body = Body::as_framed);

  // Looks for a whole head at the start of `input`. Returns the bytes it took, or 0 when more are needed.
  Result<std::size_t> feed_head(std::string_view input);
  [[nodiscard]] RequestHead& request() noexcept;    // after feed_head() of a request
  [[nodiscard]] ResponseHead& response() noexcept;  // after feed_head() of a response
  [[nodiscard]] Framing framing() const noexcept;

  struct Piece {
    std::size_t consumed = 0;  // 0: more input is needed
    std::string_view data;     // inside `input`; may be empty though bytes were consumed
  };
  Result<Piece> feed_body(std::string_view input);
  Result<void> end_of_input();  // connection_closed when the message is not complete
  [[nodiscard]] bool done() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::http
