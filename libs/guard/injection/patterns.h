// Phrasings of orders to an assistant, on normalised text (lower case, no accents, Latin look-alikes undone).
// Written from how such orders work, per language; a pattern needs two words that belong together, never one.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::guard {

enum class Order : std::uint8_t {
  override_rules,
  ask_for_prompt,
  persona,
  role_marker,
  secrecy,
  exfiltration,
  address
};

struct OrderPattern {
  Order order = Order::override_rules;
  float weight = 0;  // added to the window's log-odds
  std::string_view regex{};
};

std::span<const OrderPattern> order_patterns();

}  // namespace sluice::guard
