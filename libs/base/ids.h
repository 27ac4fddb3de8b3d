// Identifiers are types: a DeviceId is never taken for an AppId. Text form: prefix, '_', 26 characters of Crockford
// base32 (48 bits of milliseconds, then 80 random bits), so that ids of one kind sort by the time they were made.
#pragma once
#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace sluice {

// A new identifier text with this prefix, e.g. "req_01JD…". Threads: any.
std::string new_id_text(std::string_view prefix);

template <class Kind>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}
  static Id make() { return Id(new_id_text(Kind::prefix)); }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string text_;
};

struct RequestKind {
  static constexpr std::string_view prefix = "req";
};
struct DeviceKind {
  static constexpr std::string_view prefix = "dev";
};
struct GatewayKind {
  static constexpr std::string_view prefix = "gw";
};
struct KeyKind {
  static constexpr std::string_view prefix = "vk";
};
using RequestId = Id<RequestKind>;
using DeviceId = Id<DeviceKind>;
using GatewayId = Id<GatewayKind>;
using VirtualKeyId = Id<KeyKind>;

}  // namespace sluice

template <class Kind>
struct std::hash<sluice::Id<Kind>> {
  std::size_t operator()(const sluice::Id<Kind>& id) const noexcept { return std::hash<std::string>()(id.text()); }
};
