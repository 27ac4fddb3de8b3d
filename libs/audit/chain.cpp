#include "audit/chain.h"

#include <nlohmann/json.hpp>

#include "audit/json_text.h"
#include "audit/record_text.h"
#include "base/encoding.h"

namespace sluice::audit {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::string_view record_key = R"({"record":)";

bool is_personal(std::string_view key) noexcept {
  return key == "device" || key == "user";
}

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The object `text` when it is exactly the compact form of one.
Result<Json> parse_exact(std::string_view text, std::size_t limit) {
  if (text.size() > limit) return fail(ErrorCode::too_large, "more than " + std::to_string(limit) + " bytes");
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object()) return fail(ErrorCode::malformed, "not a JSON object");
  if (text_of(json) != text) return fail(ErrorCode::malformed, "not in compact form, or a field stands there twice");
  return json;
}

// Lower-case digits only: one text for one record.
Result<std::string> hex_at(const Json& json, const char* key, std::size_t count) {
  const auto found = json.find(key);
  const std::string text = found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  auto bytes = from_hex(text);
  if (!bytes || bytes->size() != count || to_hex(*bytes) != text)
    return fail(ErrorCode::malformed,
                std::string(key) + " must be " + std::to_string(2 * count) + " hexadecimal digits in lower case");
  return bytes;
}

Result<Hash> hash_at(const Json& json, const char* key) {
  const auto bytes = hex_at(json, key, Hash().size());
  if (!bytes) return fail(bytes.error());
  Hash hash;
  std::ranges::copy(*bytes, hash.begin());
  return hash;
}

// The digest that stands for the personal fields, checked against them when they are there.
Result<Hash> personal_digest(const Json& line, const Json& personal) {
  const bool has_digest = line.contains("personal");
  const bool has_salt = line.contains("salt");
  if (!has_digest) {
    if (has_salt || !personal.empty()) return fail(ErrorCode::bad_signature, "personal fields that no digest covers");
    return Hash{};
  }
  auto digest = hash_at(line, "personal");
  if (!digest) return fail(digest.error());
  if (!has_salt) {
    if (!personal.empty()) return fail(ErrorCode::bad_signature, "personal fields without their salt");
    return *digest;
  }
  const auto salt = hex_at(line, "salt", 16);
  if (!salt) return fail(salt.error());
  if (tls::sha256(*salt, text_of(personal)) != *digest)
    return fail(ErrorCode::bad_signature, "the personal fields were changed");
  return *digest;
}

Result<void> known_keys(const Json& line) {
  for (const auto& item : line.items()) {
    const std::string& key = item.key();
    if (key != "record" && key != "salt" && key != "personal" && key != "previous" && key != "hash")
      return fail(ErrorCode::malformed, "\"" + key + "\" is not a known field");
  }
  const auto record = line.find("record");
  if (record == line.end() || !record->is_object()) return fail(ErrorCode::malformed, "record must be an object");
  const auto origin = record->find("origin");
  const auto sequence = record->find("sequence");
  if (origin == record->end() || !origin->is_string())
    return fail(ErrorCode::malformed, "record.origin must be a string");
  if (sequence == record->end() || !sequence->is_number_unsigned() || *sequence == 0)
    return fail(ErrorCode::malformed, "record.sequence must be a whole number of at least 1");
  return {};
}

}  // namespace

Hash chain_start(std::string_view origin) {
  return tls::sha256("sluice.audit.v1\n", origin);
}

DraftRecord draft(const Record& record, std::string_view salt16) {
  DraftRecord made = record_fields(record);
  if (made.personal_fields.empty()) return made;
  append_hex(made.salt, salt16);
  // The fields as an object of their own: the comma in front becomes its brace.
  made.personal_digest = tls::sha256_of({salt16, "{", std::string_view(made.personal_fields).substr(1), "}"});
  return made;
}

ChainedLine chain(const DraftRecord& draft, std::string_view origin_json, std::uint64_t sequence,
                  const Hash& previous) {
  ChainedLine line;
  std::string& text = line.text;
  text.reserve(draft.head.size() + draft.middle.size() + draft.personal_fields.size() + draft.rest.size() +
               origin_json.size() + 400);
  text.append(record_key).append(draft.head).append(origin_json).append(R"(,"sequence":)");
  append_number(text, sequence);
  text.append(draft.middle);
  const std::string_view front = std::string_view(text).substr(record_key.size());
  line.hash = tls::sha256_of({tls::view(previous), front, draft.rest, tls::view(draft.personal_digest)});
  text.append(draft.personal_fields).append(draft.rest);
  if (!draft.salt.empty()) {
    text.append(R"(,"salt":")").append(draft.salt).append(R"(","personal":")");
    append_hex(text, tls::view(draft.personal_digest));
    text.push_back('"');
  }
  text.append(R"(,"previous":")");
  append_hex(text, tls::view(previous));
  text.append(R"(","hash":")");
  append_hex(text, tls::view(line.hash));
  text.append(R"("})");
  return line;
}

Result<CheckedLine> check_line(std::string_view line) {
  auto json = parse_exact(line, line_limit);
  if (!json) return fail(json.error());
  if (auto known = known_keys(*json); !known) return fail(known.error());
  const Json& record = (*json)["record"];
  Json public_part = Json::object(), personal_part = Json::object();
  for (const auto& item : record.items())
    (is_personal(item.key()) ? personal_part : public_part)[item.key()] = item.value();
  const auto digest = personal_digest(*json, personal_part);
  if (!digest) return fail(digest.error());
  const auto previous = hash_at(*json, "previous");
  if (!previous) return fail(previous.error());
  const auto hash = hash_at(*json, "hash");
  if (!hash) return fail(hash.error());
  if (tls::sha256(tls::view(*previous), text_of(public_part), tls::view(*digest)) != *hash)
    return fail(ErrorCode::bad_signature, "the record does not fit its hash");
  return CheckedLine{record["origin"].get<std::string>(), record["sequence"].get<std::uint64_t>(), text_of(record),
                     *previous, *hash};
}

Result<std::string> remove_personal(std::string_view line) {
  auto json = parse_exact(line, line_limit);
  if (!json) return fail(json.error());
  if (auto known = known_keys(*json); !known) return fail(known.error());
  Json& record = (*json)["record"];
  record.erase("device");
  record.erase("user");
  json->erase("salt");
  return text_of(*json);
}

}  // namespace sluice::audit
