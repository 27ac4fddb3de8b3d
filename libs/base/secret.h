// A value that cannot be printed, copied or compared by accident. `reveal()` is the word to look for in review.
// Memory is wiped when the value goes.
#pragma once
#include <string>
#include <string_view>

namespace sluice {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) noexcept;
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  [[nodiscard]] Secret duplicate() const { return Secret(value_); }
  [[nodiscard]] std::string_view reveal() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

 private:
  void wipe() noexcept;
  std::string value_;
};

// Compares in time that depends on the lengths only.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace sluice
