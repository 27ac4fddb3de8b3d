#include "ipc/frame.h"

namespace sluice::ipc {
namespace {

constexpr std::size_t header = 4;

std::size_t length_at(std::string_view bytes) noexcept {
  std::size_t value = 0;
  for (const char byte : bytes.substr(0, header)) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

Result<std::string> encode_frame(std::string_view body) {
  if (body.empty()) return fail(ErrorCode::invalid_argument, "a frame without a body");
  if (body.size() > frame_limit)
    return fail(ErrorCode::too_large, "a frame of " + std::to_string(body.size()) + " bytes; the limit is 1 MiB");
  std::string frame;
  frame.reserve(header + body.size());
  for (const int shift : {24, 16, 8, 0}) frame.push_back(static_cast<char>(body.size() >> shift & 0xff));
  frame.append(body);
  return frame;
}

void FrameReader::feed(std::string_view bytes) {
  // What was given out is dropped before the buffer grows, so it holds one frame and one read at most.
  bytes_.erase(0, position_);
  position_ = 0;
  bytes_.append(bytes);
}

Result<std::optional<std::string>> FrameReader::next() {
  const std::string_view rest = std::string_view(bytes_).substr(position_);
  if (rest.size() < header) return std::nullopt;
  const std::size_t length = length_at(rest);
  if (length == 0) return fail(ErrorCode::malformed, "a frame without a body");
  if (length > frame_limit)
    return fail(ErrorCode::too_large, "a frame of " + std::to_string(length) + " bytes; the limit is 1 MiB");
  if (rest.size() < header + length) return std::nullopt;
  std::string body(rest.substr(header, length));
  position_ += header + length;
  return body;
}

}  // namespace sluice::ipc
