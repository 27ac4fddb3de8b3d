#include <nlohmann/json.hpp>

#include "audit/chain.h"
#include "audit/json_text.h"
#include "base/encoding.h"

namespace sluice::audit {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::string_view signed_prefix = "sluice.checkpoint.v1\n";

std::string compact(const Checkpoint& checkpoint) {
  std::string out = R"({"origin":)";
  append_text(out, checkpoint.origin);
  out += R"(,"sequence":)";
  append_number(out, checkpoint.sequence);
  out += R"(,"hash":")";
  append_hex(out, tls::view(checkpoint.hash));
  out += R"(","time":)";
  append_text(out, to_rfc3339(checkpoint.time));
  return out + "}";
}

Result<Checkpoint> parse(const Json& json) {
  const auto text = [&json](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  Checkpoint checkpoint;
  checkpoint.origin = text("origin");
  const auto sequence = json.find("sequence");
  const auto hash = from_hex(text("hash"));
  const auto time = from_rfc3339(text("time"));
  if (checkpoint.origin.empty() || sequence == json.end() || !sequence->is_number_unsigned() || !hash ||
      hash->size() != checkpoint.hash.size() || !time || json.size() != 4)
    return fail(ErrorCode::malformed, "a checkpoint needs origin, sequence, hash and time, and nothing else");
  checkpoint.sequence = sequence->get<std::uint64_t>();
  std::ranges::copy(*hash, checkpoint.hash.begin());
  checkpoint.time = *time;
  return checkpoint;
}

}  // namespace

std::string sign_checkpoint(const Checkpoint& checkpoint, const tls::SigningKey& key) {
  const std::string body = compact(checkpoint);
  const std::string signature = key.sign(std::string(signed_prefix) + body);
  return R"({"checkpoint":)" + body + R"(,"key_id":")" + tls::key_id(key.public_key()) + R"(","signature":")" +
         to_base64(signature) + R"("})";
}

Result<Checkpoint> verify_checkpoint(std::string_view text, std::string_view public_key) {
  if (text.size() > line_limit) return fail(ErrorCode::too_large, "a checkpoint of more than 64 KiB");
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object() || !json.contains("checkpoint") || !json["checkpoint"].is_object() ||
      !json.contains("signature") || !json["signature"].is_string())
    return fail(ErrorCode::malformed, "not a checkpoint");
  auto checkpoint = parse(json["checkpoint"]);
  if (!checkpoint) return checkpoint;
  if (public_key.empty()) return checkpoint;
  const auto signature = from_base64(json["signature"].get<std::string>());
  if (!signature || !tls::verify_ed25519(public_key, std::string(signed_prefix) + compact(*checkpoint), *signature))
    return fail(ErrorCode::bad_signature, "the checkpoint is not signed with the given key");
  return checkpoint;
}

}  // namespace sluice::audit
