// What kinds of things can change: the topics of the live stream.
#pragma once
#include <bitset>
#include <initializer_list>
#include <string_view>

namespace sluice::console {

enum class Topic : unsigned char { devices, apps, logs, keys, providers, tokens, gateways, actions, guardrails };
inline constexpr std::string_view topic_names[] = {"devices", "apps",     "logs",    "keys",      "providers",
                                                   "tokens",  "gateways", "actions", "guardrails"};

class Topics {
 public:
  Topics() = default;
  Topics(std::initializer_list<Topic> topics) {
    for (Topic topic : topics) bits_.set(static_cast<std::size_t>(topic));
  }
  static Topics all() {
    Topics every;
    every.bits_.set();
    return every;
  }
  void add(Topics more) { bits_ |= more.bits_; }
  [[nodiscard]] bool empty() const { return bits_.none(); }
  [[nodiscard]] bool has(std::size_t index) const { return bits_.test(index); }
  static constexpr std::size_t count = std::size(topic_names);

 private:
  std::bitset<count> bits_;
};

}  // namespace sluice::console
