#include "guard/external/vocabulary.h"

#include <algorithm>
#include <array>
#include <string>

namespace sluice::guard::external {
namespace {

constexpr auto all = std::to_array<std::string_view>({"address",      "credit_card",   "crypto_address",
                                                      "date",         "date_of_birth", "driver_license",
                                                      "email",        "iban",          "ip",
                                                      "location",     "mac",           "national_id",
                                                      "organization", "passport",      "person",
                                                      "phone",        "url",           "secret",
                                                      "injection",    "jailbreak",     "hate",
                                                      "harassment",   "sexual",        "violence",
                                                      "self_harm",    "misconduct",    "profanity",
                                                      "malware",      "topic",         "word",
                                                      "grounding",    "other",         "personal_data"});

struct Word {
  std::string_view theirs, ours;  // theirs: in small letters, '_' between words; the longest that occurs decides
};
constexpr auto words = std::to_array<Word>({
    {"address", "address"},
    {"api_key", "secret"},
    {"aws_access_key", "secret"},
    {"aws_secret_key", "secret"},
    {"credential", "secret"},
    {"password", "secret"},
    {"private_key", "secret"},
    {"secret", "secret"},
    {"token", "secret"},
    {"bank_account", "personal_data"},
    {"swift_code", "personal_data"},
    {"us_bank_number", "personal_data"},
    {"medical", "personal_data"},
    {"nrp", "personal_data"},
    {"pii", "personal_data"},
    {"phi", "personal_data"},
    {"age", "personal_data"},
    {"username", "personal_data"},
    {"license_plate", "personal_data"},
    {"credit_card", "credit_card"},
    {"credit_debit_card_number", "credit_card"},
    {"payment_card", "credit_card"},
    {"bitcoin", "crypto_address"},
    {"crypto", "crypto_address"},
    {"crypto_address", "crypto_address"},
    {"date", "date"},
    {"date_time", "date"},
    {"birth", "date_of_birth"},
    {"date_of_birth", "date_of_birth"},
    {"driver_id", "driver_license"},
    {"driver_license", "driver_license"},
    {"driver_s_license", "driver_license"},
    {"drivers_license", "driver_license"},
    {"drivers_license_number", "driver_license"},
    {"email", "email"},
    {"email_address", "email"},
    {"iban", "iban"},
    {"international_bank_account_number", "iban"},
    {"ip_address", "ip"},
    {"ip", "ip"},
    {"city", "location"},
    {"location", "location"},
    {"mac_address", "mac"},
    {"aadhaar", "national_id"},
    {"national_id", "national_id"},
    {"national_insurance", "national_id"},
    {"nhs", "national_id"},
    {"nif", "national_id"},
    {"social_insurance", "national_id"},
    {"social_security", "national_id"},
    {"ssn", "national_id"},
    {"tax_identification_number", "national_id"},
    {"itin", "national_id"},
    {"company", "organization"},
    {"competitor", "organization"},
    {"organization", "organization"},
    {"passport", "passport"},
    {"passport_number", "passport"},
    {"name", "person"},
    {"person", "person"},
    {"phone", "phone"},
    {"phone_number", "phone"},
    {"domain_name", "url"},
    {"link", "url"},
    {"url", "url"},
    {"malicious_entity", "malware"},
    {"malicious_uri", "malware"},
    {"malicious_url", "malware"},
    {"unknown_links", "url"},
    {"virus", "malware"},
    {"jailbreak", "jailbreak"},
    {"indirect_prompt_injection", "injection"},
    {"malicious_prompt", "injection"},
    {"prompt_attack", "injection"},
    {"prompt_injection", "injection"},
    {"injection", "injection"},
    {"hate", "hate"},
    {"hate_speech", "hate"},
    {"harassment", "harassment"},
    {"insult", "harassment"},
    {"toxic", "harassment"},
    {"sexual", "sexual"},
    {"sexually_explicit", "sexual"},
    {"csam", "sexual"},
    {"violence", "violence"},
    {"weapon", "violence"},
    {"self_harm", "self_harm"},
    {"selfharm", "self_harm"},
    {"suicide", "self_harm"},
    {"crime", "misconduct"},
    {"dangerous", "misconduct"},
    {"misconduct", "misconduct"},
    {"profanity", "profanity"},
    {"grounding", "grounding"},
    {"hallucination", "grounding"},
    {"topic", "topic"},
});

// Small letters and digits, everything else one '_'; capitals inside a word begin a new one ("SelfHarm").
std::string plain(std::string_view word) {
  std::string out;
  char before = '_';
  for (const char c : word.substr(0, 128)) {
    const bool capital = c >= 'A' && c <= 'Z';
    const bool known = capital || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (capital && before >= 'a' && before <= 'z') out.push_back('_');
    if (known)
      out.push_back(capital ? static_cast<char>(c - 'A' + 'a') : c);
    else if (!out.empty() && out.back() != '_')
      out.push_back('_');
    before = c;
  }
  return out;
}

// Whether `part` stands in `text` as whole words; a plural s is let be.
bool has_words(std::string_view text, std::string_view part) {
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    std::size_t end = at + part.size();
    if (end < text.size() && text[end] == 's') ++end;
    if ((at == 0 || text[at - 1] == '_') && (end == text.size() || text[end] == '_')) return true;
  }
  return false;
}

}  // namespace

std::span<const std::string_view> types() noexcept {
  return all;
}

bool is_type(std::string_view word) noexcept {
  return std::ranges::find(all, word) != all.end();
}

std::string_view type_of(std::string_view vendor_word) {
  const std::string word = plain(vendor_word);
  if (const auto found = std::ranges::find(all, std::string_view(word)); found != all.end()) return *found;
  const Word* best = nullptr;
  for (const Word& row : words)
    if ((best == nullptr || row.theirs.size() > best->theirs.size()) && has_words(word, row.theirs)) best = &row;
  return best == nullptr ? "other" : best->ours;
}

}  // namespace sluice::guard::external
