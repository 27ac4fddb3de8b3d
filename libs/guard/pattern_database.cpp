#include "guard/pattern_database.h"

#include <hs/hs.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "base/handle.h"

namespace sluice::guard {
namespace {

constexpr std::size_t longest_text = 256 * 1024 * 1024;
constexpr std::string_view magic = "sluice.patterns.v1";

void free_database(hs_database_t* database) {
  ::hs_free_database(database);
}
void free_scratch(hs_scratch_t* scratch) {
  ::hs_free_scratch(scratch);
}
void free_error(hs_compile_error_t* error) {
  ::hs_free_compile_error(error);
}
void free_info(hs_expr_info_t* info) {
  std::free(info);
}
using DatabaseHandle = Handle<hs_database_t, free_database>;
using ScratchHandle = Handle<hs_scratch_t, free_scratch>;
using ErrorHandle = Handle<hs_compile_error_t, free_error>;
using InfoHandle = Handle<hs_expr_info_t, free_info>;

unsigned flags_of(const Pattern& pattern) {
  return pattern.caseless ? HS_FLAG_CASELESS : 0U;
}

std::optional<std::string> reason_against(const Pattern& pattern) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  const auto code = ::hs_expression_info(pattern.regex.c_str(), flags_of(pattern), &info, &error);
  const InfoHandle owned_info(info);
  const ErrorHandle owned_error(error);
  if (pattern.regex.find('\0') != std::string::npos) return "it holds a NUL";
  if (code != HS_SUCCESS) return error != nullptr ? error->message : "it cannot be compiled";
  if (info->min_width == 0) return "it matches the empty text";
  return std::nullopt;
}

struct ShardOutcome {
  DatabaseHandle database;
  std::vector<PatternRefusal> refused;
  std::string failure;
};

// Compiles one shard; an expression that only the compiler proper refuses is taken out and the rest compiled again.
ShardOutcome compile_shard(std::span<const Pattern> given) {
  ShardOutcome outcome;
  std::vector<const Pattern*> patterns;
  for (const Pattern& pattern : given) patterns.push_back(&pattern);
  while (!patterns.empty()) {
    std::vector<const char*> expressions;
    std::vector<unsigned> flags;
    std::vector<unsigned> ids;
    for (const Pattern* pattern : patterns) {
      expressions.push_back(pattern->regex.c_str());
      flags.push_back(flags_of(*pattern));
      ids.push_back(pattern->id);
    }
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    const auto code =
        ::hs_compile_multi(expressions.data(), flags.data(), ids.data(), static_cast<unsigned>(expressions.size()),
                           HS_MODE_BLOCK, nullptr, &database, &error);
    const ErrorHandle owned(error);
    if (code == HS_SUCCESS) {
      outcome.database.reset(database);
      return outcome;
    }
    if (error == nullptr || error->expression < 0) {
      outcome.failure = error != nullptr ? error->message : "Hyperscan could not compile the patterns";
      return outcome;
    }
    const auto at = patterns.begin() + error->expression;
    outcome.refused.push_back({(*at)->id, error->message});
    patterns.erase(at);
  }
  return outcome;
}

}  // namespace

struct PatternDatabase::State {
  std::vector<DatabaseHandle> shards;
  std::size_t bytes = 0;

  Result<void> add(DatabaseHandle database) {
    std::size_t size = 0;
    if (::hs_database_size(database.get(), &size) != HS_SUCCESS)
      return fail(ErrorCode::internal, "a database without a size");
    bytes += size;
    shards.push_back(std::move(database));
    return {};
  }
};

struct PatternDatabase::Scratch::State {
  ScratchHandle scratch;
  std::shared_ptr<const PatternDatabase::State> fits;  // kept, so that its address cannot come again

  // Makes the scratch large enough for the database: a look at one pointer once it is.
  Result<void> prepare(const std::shared_ptr<const PatternDatabase::State>& state) {
    if (fits == state) return {};
    for (const DatabaseHandle& shard : state->shards) {
      hs_scratch_t* raw = scratch.release();
      const auto code = ::hs_alloc_scratch(shard.get(), &raw);
      scratch.reset(raw);
      if (code != HS_SUCCESS) return fail(ErrorCode::internal, "no memory for pattern matching");
    }
    fits = state;
    return {};
  }
};

PatternDatabase::Scratch::Scratch() : state_(std::make_unique<State>()) {}
PatternDatabase::Scratch::~Scratch() = default;
PatternDatabase::Scratch::Scratch(Scratch&&) noexcept = default;
PatternDatabase::Scratch& PatternDatabase::Scratch::operator=(Scratch&&) noexcept = default;

Result<PatternDatabase> PatternDatabase::compile(std::span<const Pattern> patterns,
                                                 std::vector<PatternRefusal>& refused, Options options) {
  std::vector<Pattern> usable;
  for (const Pattern& pattern : patterns) {
    if (std::optional<std::string> reason = reason_against(pattern))
      refused.push_back({pattern.id, std::move(*reason)});
    else
      usable.push_back(pattern);
  }
  const std::size_t size = std::max<std::size_t>(1, options.shard_size);
  std::vector<ShardOutcome> outcomes((usable.size() + size - 1) / size);
  std::vector<std::function<void()>> jobs;
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    jobs.emplace_back([&, i] {
      outcomes[i] = compile_shard(std::span(usable).subspan(i * size, std::min(size, usable.size() - i * size)));
    });
  if (options.run_all && jobs.size() > 1)
    options.run_all(std::move(jobs));
  else
    for (const std::function<void()>& job : jobs) job();
  auto state = std::make_shared<State>();
  for (ShardOutcome& outcome : outcomes) {
    if (!outcome.failure.empty()) return fail(ErrorCode::internal, "compiling patterns: " + outcome.failure);
    std::ranges::move(outcome.refused, std::back_inserter(refused));
    if (!outcome.database) continue;
    Result<void> added = state->add(std::move(outcome.database));
    if (!added) return fail(added.error());
  }
  PatternDatabase database;
  database.state_ = std::move(state);
  return database;
}

Result<std::string> PatternDatabase::serialise() const {
  std::string out(magic);
  if (!state_) return out;
  for (const DatabaseHandle& shard : state_->shards) {
    char* raw = nullptr;
    std::size_t size = 0;
    if (::hs_serialize_database(shard.get(), &raw, &size) != HS_SUCCESS)
      return fail(ErrorCode::internal, "writing compiled patterns");
    const std::uint64_t length = size;
    out.append(reinterpret_cast<const char*>(&length), sizeof length).append(raw, size);
    std::free(raw);
  }
  return out;
}

Result<PatternDatabase> PatternDatabase::deserialise(std::string_view text) {
  if (!text.starts_with(magic)) return fail(ErrorCode::malformed, "not compiled patterns");
  text.remove_prefix(magic.size());
  auto state = std::make_shared<State>();
  while (!text.empty()) {
    std::uint64_t length = 0;
    if (text.size() < sizeof length) return fail(ErrorCode::malformed, "compiled patterns end too early");
    std::memcpy(&length, text.data(), sizeof length);
    text.remove_prefix(sizeof length);
    if (length > text.size()) return fail(ErrorCode::malformed, "compiled patterns end too early");
    hs_database_t* raw = nullptr;
    const char* const begin = text.data();
    if (::hs_deserialize_database(begin, length, &raw) != HS_SUCCESS)
      return fail(ErrorCode::malformed, "compiled patterns of another version or processor");
    Result<void> added = state->add(DatabaseHandle(raw));
    if (!added) return fail(added.error());
    text.remove_prefix(length);
  }
  PatternDatabase database;
  database.state_ = std::move(state);
  return database;
}

namespace {

int forward_match(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) noexcept {
  static_cast<PatternDatabase::Sink*>(context)->matched(id, to);
  return 0;
}

}  // namespace

Result<void> PatternDatabase::scan(std::string_view text, Scratch& scratch, Sink& sink) const {
  if (!state_ || text.empty()) return {};
  if (text.size() > longest_text) return fail(ErrorCode::too_large, "a text of more than 256 MiB");
  Result<void> ready = scratch.state_->prepare(state_);
  if (!ready) return ready;
  for (const DatabaseHandle& shard : state_->shards) {
    const auto code = ::hs_scan(shard.get(), text.data(), static_cast<unsigned>(text.size()), 0,
                                scratch.state_->scratch.get(), forward_match, &sink);
    if (code != HS_SUCCESS)
      return fail(ErrorCode::internal, "pattern matching failed with code " + std::to_string(code));
  }
  return {};
}

std::size_t PatternDatabase::bytes() const noexcept {
  return state_ ? state_->bytes : 0;
}
std::size_t PatternDatabase::shards() const noexcept {
  return state_ ? state_->shards.size() : 0;
}

}  // namespace sluice::guard
