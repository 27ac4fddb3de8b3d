// simdjson reads up to 64 bytes past the end of a text: this is a copy with that room. Private to libs/dialect.
#pragma once
#include <cstring>
#include <memory>
#include <string_view>

namespace sluice::dialect {

class PaddedBuffer {
 public:
  static constexpr std::size_t padding = 64;

  // The copy; valid until the next call.
  std::string_view copy(std::string_view text) {
    if (text.size() + padding > capacity_) {
      capacity_ = text.size() + text.size() / 4 + padding;
      bytes_ = std::make_unique_for_overwrite<char[]>(capacity_);
    }
    if (!text.empty()) std::memcpy(bytes_.get(), text.data(), text.size());
    std::memset(bytes_.get() + text.size(), 0, padding);
    return {bytes_.get(), text.size()};
  }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  void release() noexcept {
    bytes_.reset();
    capacity_ = 0;
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
};

// A buffer that one large text made this big is given back afterwards.
inline constexpr std::size_t largest_kept_buffer = 1024 * 1024;

}  // namespace sluice::dialect
