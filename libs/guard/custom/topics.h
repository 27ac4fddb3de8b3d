// Topics: a subject is there when enough different words of it stand close together. Private to libs/guard/custom.
#pragma once
#include <cstdint>
#include <vector>

#include "guard/finding.h"
#include "policy/guardrails.h"

namespace sluice::guard {

// A word of a topic, on its way through the engine's list of findings. It never leaves libs/guard/custom.
Finding topic_word(const policy::Topic& topic, std::uint32_t number, std::uint32_t start, std::uint32_t end);
bool is_topic_word(const Finding& finding) noexcept;

// Replaces the words of a topic, findings[begin, end) in order of start, by the places where the topic is a subject:
// written from findings[kept] on (kept <= begin). Returns the new `kept`.
std::size_t find_topic(const policy::Topic& topic, std::vector<Finding>& findings, std::size_t begin, std::size_t end,
                       std::size_t kept);

}  // namespace sluice::guard
