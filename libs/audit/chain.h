// The hash chain that holds the records of one origin (a gateway or a device) together.
//
//   line     = {"record":{…},"salt":HEX,"personal":HEX,"previous":HEX,"hash":HEX}
//   hash     = SHA-256( previous ‖ public fields as JSON ‖ personal digest )
//   personal = SHA-256( salt ‖ personal fields as JSON ), or 32 zero bytes when the record has none
//   previous = the hash of the record before; for sequence 1: SHA-256("sluice.audit.v1\n" ‖ origin)
//
// ‖ joins raw bytes. "As JSON" is the record's compact text (no blanks, fields in their order, UTF-8, only what must
// be escaped is), once without the personal fields and once with nothing but them. Personal fields are `device` and
// `user`; the salt is 16 random bytes. Deleting a person removes these fields and the salt from a line and leaves
// `personal`: the chain still verifies, and the digest alone tells nothing, since the salt is gone.
// Records without personal fields carry neither `salt` nor `personal`. A line that is not byte for byte the compact
// form of what it says is refused: there is one text for one record, and no second reading of it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/record.h"
#include "base/result.h"
#include "tls/crypto.h"
#include "tls/keys.h"

namespace sluice::audit {

using Hash = tls::Digest;

Hash chain_start(std::string_view origin);

// A record serialised as far as its place in the chain does not matter: done outside the spool's lock.
struct DraftRecord {
  std::string head{};             // {"type":"intent","origin":
  std::string middle{};           // ,"time":… up to the personal fields
  std::string personal_fields{};  // ,"device":…,"user":…   empty when there are none
  std::string rest{};             // the fields after them, and }
  std::string salt{};             // hex; empty when there are none
  Hash personal_digest{};
};
// `salt16`: 16 random bytes; not looked at for a record without personal fields (a completion).
DraftRecord draft(const Record& record, std::string_view salt16);

struct ChainedLine {
  std::string text{};  // one line, no newline
  Hash hash{};
};
// `origin_json`: the origin as a JSON string, quotes included.
ChainedLine chain(const DraftRecord& draft, std::string_view origin_json, std::uint64_t sequence, const Hash& previous);

inline constexpr std::size_t line_limit = 64 * 1024;

// What a line says, checked against itself: the hash fits its fields, the personal fields fit their digest.
// malformed, or bad_signature when the hash does not fit.
struct CheckedLine {
  std::string origin{};
  std::uint64_t sequence = 0;
  std::string record_json{};  // the record's own text
  Hash previous{};
  Hash hash{};
};
Result<CheckedLine> check_line(std::string_view line);

// The line without personal fields and salt.
Result<std::string> remove_personal(std::string_view line);

// A signed statement of how far a chain had come. Exported, it keeps whoever holds the records from rewriting them.
struct Checkpoint {
  std::string origin{};
  std::uint64_t sequence = 0;
  Hash hash{};
  TimePoint time{};
};
// {"checkpoint":{"origin","sequence","hash","time"},"key_id","signature"}: Ed25519 over "sluice.checkpoint.v1\n" and
// the checkpoint's compact JSON.
std::string sign_checkpoint(const Checkpoint& checkpoint, const tls::SigningKey& key);
Result<Checkpoint> verify_checkpoint(std::string_view text, std::string_view public_key);

}  // namespace sluice::audit
