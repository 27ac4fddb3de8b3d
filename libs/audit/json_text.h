// Private to libs/audit: compact JSON written by hand. Records are written on the hot path, where a JSON library would
// take most of the time; the text is the same that nlohmann's dump() gives, which the verifier relies on.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace sluice::audit {

// Longer texts are cut (at a character) so that a record stays within its line.
inline constexpr std::size_t text_limit = 2048;

// A JSON string of at most text_limit bytes of `text`.
void append_text(std::string& out, std::string_view text);
void append_number(std::string& out, std::int64_t value);
void append_number(std::string& out, std::uint64_t value);
void append_hex(std::string& out, std::string_view bytes);

}  // namespace sluice::audit
