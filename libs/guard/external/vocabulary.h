// The words of vendors in ours. A type is one of the fixed vocabulary, so that rules, redactions and metrics do not
// depend on whose word it was; the vendor's own stays in the finding's `rule`.
#pragma once
#include <span>
#include <string_view>

namespace sluice::guard::external {

// Personal data, secrets and injection as everywhere; beyond these what only external providers judge: hate,
// harassment, sexual, violence, self_harm, misconduct, profanity, malware, topic, word, grounding, personal_data,
// other.
std::span<const std::string_view> types() noexcept;
bool is_type(std::string_view word) noexcept;

// "EMAIL_ADDRESS", "pii/email", "SelfHarm" → "email", "email", "self_harm"; "other" when it is no word we know. Lives
// as long as the program.
std::string_view type_of(std::string_view vendor_word);

}  // namespace sluice::guard::external
