#include "net/stream.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace sluice::net {
namespace {

class PrefixedStream final : public ByteStream {
 public:
  PrefixedStream(std::string head, StreamPtr rest) : head_(std::move(head)), rest_(std::move(rest)) {}

  Task<Result<std::size_t>> read_some(std::span<char> into, Deadline deadline) override {
    if (at_ == head_.size()) return rest_->read_some(into, deadline);
    return read_head(into);
  }
  Task<Result<void>> write(std::span<const std::string_view> pieces, Deadline deadline) override {
    return rest_->write(pieces, deadline);
  }
  Task<Result<void>> finish_writing(Deadline deadline) override { return rest_->finish_writing(deadline); }
  void close() noexcept override { rest_->close(); }
  bool stale() noexcept override { return at_ != head_.size() || rest_->stale(); }
  std::optional<Result<std::size_t>> try_read(std::span<char> into) noexcept override {
    if (at_ != head_.size()) return take(into);
    return rest_->try_read(into);
  }

 private:
  std::size_t take(std::span<char> into) noexcept {
    const std::size_t count = std::min(into.size(), head_.size() - at_);
    std::memcpy(into.data(), head_.data() + at_, count);
    at_ += count;
    if (at_ == head_.size()) head_ = std::string(), at_ = 0;
    return count;
  }
  Task<Result<std::size_t>> read_head(std::span<char> into) { co_return take(into); }

  std::string head_;
  std::size_t at_ = 0;
  StreamPtr rest_;
};

}  // namespace

std::optional<Result<std::size_t>> ByteStream::try_read(std::span<char>) noexcept {
  return std::nullopt;
}

Task<Result<void>> ByteStream::write_text(std::string_view text, Deadline deadline) {
  const std::array<std::string_view, 1> pieces{text};
  Result<void> outcome = co_await write(pieces, deadline);
  co_return outcome;
}

StreamPtr with_prefix(std::string head, StreamPtr rest) {
  if (head.empty()) return rest;
  return std::make_unique<PrefixedStream>(std::move(head), std::move(rest));
}

}  // namespace sluice::net
