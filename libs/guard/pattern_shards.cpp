#include "guard/pattern_shards.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/hmac.h"

namespace sluice::guard {
namespace {

constexpr std::string_view magic = "sluice.patterns.v3";
// An expression that only the compiler proper refuses costs the shard's compilation once more.
constexpr std::size_t most_late_refusals = 8;

void free_error(hs_compile_error_t* error) {
  ::hs_free_compile_error(error);
}
void free_info(hs_expr_info_t* info) {
  std::free(info);
}
using ErrorHandle = Handle<hs_compile_error_t, free_error>;
using InfoHandle = Handle<hs_expr_info_t, free_info>;

unsigned flags_of(const Pattern& pattern) {
  return (pattern.caseless ? HS_FLAG_CASELESS : 0U) | (pattern.form == Pattern::Form::characters ? HS_FLAG_UTF8 : 0U);
}

void append_number(std::string& out, std::uint64_t number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

struct Given {
  std::vector<const char*> expressions;
  std::vector<std::size_t> sizes;
  std::vector<unsigned> flags, ids;
  Given(const std::vector<const Pattern*>& patterns, std::uint32_t base) {
    for (const Pattern* pattern : patterns) {
      expressions.push_back(pattern->regex.c_str());
      sizes.push_back(pattern->regex.size());
      flags.push_back(flags_of(*pattern));
      ids.push_back(pattern->id - base);
    }
  }
};

}  // namespace

Result<PatternWidth> width_of(const Pattern& pattern) {
  if (pattern.form == Pattern::Form::literal) return PatternWidth{pattern.regex.size(), pattern.regex.size()};
  if (pattern.regex.find('\0') != std::string::npos) return fail(ErrorCode::invalid_argument, "it holds a NUL");
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  const auto code = ::hs_expression_info(pattern.regex.c_str(), flags_of(pattern), &info, &error);
  const InfoHandle owned_info(info);
  const ErrorHandle owned_error(error);
  if (code != HS_SUCCESS)
    return fail(ErrorCode::invalid_argument, error != nullptr ? error->message : "it cannot be compiled");
  constexpr unsigned endless = 0xFFFFFFFF;
  return PatternWidth{info->min_width,
                      info->max_width == endless ? std::nullopt : std::optional<std::size_t>(info->max_width)};
}

std::string PatternDatabase::cache_key() {
  std::string key = std::string(magic) + "/" + ::hs_version();
  hs_platform_info_t platform{};
  if (::hs_populate_platform(&platform) == HS_SUCCESS) key += "/" + std::to_string(platform.cpu_features);
  return key;
}

std::uint32_t base_of(std::span<const Pattern> patterns) {
  return patterns.empty() ? 0 : std::ranges::min(patterns, {}, &Pattern::id).id;
}

ShardKey key_of(std::span<const Pattern> patterns) {
  std::string all = PatternDatabase::cache_key();
  const std::uint32_t base = base_of(patterns);
  for (const Pattern& pattern : patterns) {
    append_number(all, pattern.id - base);
    append_number(all, flags_of(pattern) | static_cast<std::uint64_t>(pattern.form) << 32);
    append_number(all, pattern.regex.size());
    all.append(pattern.regex);
  }
  return hmac_sha256(magic, all);
}

ShardOutcome compile_shard(std::span<const Pattern> given) {
  ShardOutcome outcome;
  outcome.shard.key = key_of(given);
  outcome.shard.base = base_of(given);
  outcome.shard.characters = given.front().form == Pattern::Form::characters;
  const bool literal = given.front().form == Pattern::Form::literal;
  std::vector<const Pattern*> patterns;
  for (const Pattern& pattern : given) patterns.push_back(&pattern);
  while (!patterns.empty()) {
    const Given all(patterns, outcome.shard.base);
    const auto count = static_cast<unsigned>(patterns.size());
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    const auto code = literal
                          ? ::hs_compile_lit_multi(all.expressions.data(), all.flags.data(), all.ids.data(),
                                                   all.sizes.data(), count, HS_MODE_BLOCK, nullptr, &database, &error)
                          : ::hs_compile_multi(all.expressions.data(), all.flags.data(), all.ids.data(), count,
                                               HS_MODE_BLOCK, nullptr, &database, &error);
    const ErrorHandle owned(error);
    if (code == HS_SUCCESS) {
      outcome.shard.database.reset(database);
      return outcome;
    }
    if (error == nullptr || error->expression < 0 || outcome.refused.size() == most_late_refusals) {
      outcome.failure = error != nullptr ? error->message : "Hyperscan could not compile the patterns";
      return outcome;
    }
    const auto at = patterns.begin() + error->expression;
    outcome.refused.push_back({(*at)->id, error->message});
    patterns.erase(at);
  }
  return outcome;
}

std::string write_shards(std::span<const Shard> shards) {
  std::string out(magic);
  for (const Shard& shard : shards) {
    char* raw = nullptr;
    std::size_t size = 0;
    if (::hs_serialize_database(shard.database.get(), &raw, &size) != HS_SUCCESS) return {};
    out.append(shard.key.data(), shard.key.size()).append(1, shard.characters ? 'c' : 'b');
    append_number(out, shard.base);
    append_number(out, size);
    out.append(raw, size);
    std::free(raw);
  }
  return out;
}

Result<std::vector<Shard>> read_shards(std::string_view text) {
  if (!text.starts_with(magic)) return fail(ErrorCode::malformed, "not compiled patterns");
  text.remove_prefix(magic.size());
  std::vector<Shard> shards;
  while (!text.empty()) {
    Shard shard;
    std::uint64_t base = 0, length = 0;
    const std::size_t head = shard.key.size() + 1 + sizeof base + sizeof length;
    if (text.size() < head) return fail(ErrorCode::malformed, "compiled patterns end too early");
    std::ranges::copy(text.substr(0, shard.key.size()), shard.key.begin());
    shard.characters = text[shard.key.size()] == 'c';
    std::memcpy(&base, text.data() + shard.key.size() + 1, sizeof base);
    std::memcpy(&length, text.data() + shard.key.size() + 1 + sizeof base, sizeof length);
    shard.base = static_cast<std::uint32_t>(base);
    text.remove_prefix(head);
    if (length > text.size()) return fail(ErrorCode::malformed, "compiled patterns end too early");
    hs_database_t* raw = nullptr;
    if (::hs_deserialize_database(text.data(), length, &raw) != HS_SUCCESS)
      return fail(ErrorCode::malformed, "compiled patterns of another version or processor");
    shard.database.reset(raw);
    shards.push_back(std::move(shard));
    text.remove_prefix(length);
  }
  return shards;
}

}  // namespace sluice::guard
