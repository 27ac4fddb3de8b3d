// Frames of the local channel (agent, tray, broker, command line): four bytes of length, big-endian, then one JSON
// document of that many bytes. Pure: bytes in, documents out; what the documents mean is with their owners.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sluice::ipc {

inline constexpr std::size_t frame_limit = 1024 * 1024;  // of the body

// The frame of `body`; too_large above frame_limit, invalid_argument when empty.
Result<std::string> encode_frame(std::string_view body);

// Takes bytes as they come and gives whole bodies back. After an error the channel cannot be read on: close it.
class FrameReader {
 public:
  void feed(std::string_view bytes);
  // The next body; nothing while it is incomplete; malformed (a length of zero), too_large.
  Result<std::optional<std::string>> next();
  // True when the channel may end here: no frame has begun.
  [[nodiscard]] bool at_boundary() const noexcept { return position_ == bytes_.size(); }

 private:
  std::string bytes_;
  std::size_t position_ = 0;
};

}  // namespace sluice::ipc
