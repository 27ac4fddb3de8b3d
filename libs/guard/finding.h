// What a detector found in a text. Pure; threads: any.
#pragma once
#include <cstdint>
#include <string_view>

namespace sluice::guard {

enum class Detector : std::uint8_t { secrets, pii, injection, custom, external, limits };
std::string_view name_of(Detector detector) noexcept;

// Which way the text travels: to the model (a prompt, a tool's result) or from it (an answer, a tool's arguments).
enum class Phase : std::uint8_t { input, output };

// `rule` and `type` live as long as the engine that reported them. `type` is of the fixed vocabulary of the command
// line's guard scan: person, location, email, …, secret, injection, jailbreak.
// external: `rule` is "PROVIDER/category", the id of the provider and the vendor's own word; `type` is of
// guard/external/vocabulary.h, and both live as long as the result that holds the finding.
struct Finding {
  Detector detector = Detector::custom;
  std::string_view rule{};
  std::string_view type{};
  std::uint32_t start = 0;  // offsets in bytes of UTF-8
  std::uint32_t end = 0;    // exclusive
  float score = 0;          // 0 to 1
  bool hit = false;         // the score is at or above the rule's threshold
};

}  // namespace sluice::guard
