#include "guard/pattern_database.h"

#include <hs/hs.h>

#include <algorithm>

#include "guard/pattern_shards.h"
#include "guard/utf8.h"

namespace sluice::guard {
namespace {

constexpr std::size_t longest_text = 256 * 1024 * 1024;

void free_scratch(hs_scratch_t* scratch) {
  ::hs_free_scratch(scratch);
}
using ScratchHandle = Handle<hs_scratch_t, free_scratch>;

std::optional<std::string> reason_against(const Pattern& pattern) {
  const Result<PatternWidth> width = width_of(pattern);
  if (!width) return width.error().detail;
  if (width->least == 0) return "it matches the empty text";
  return std::nullopt;
}

// Shards in the order of the patterns, none of them of two forms or groups.
std::vector<std::span<const Pattern>> split(std::span<const Pattern> patterns, std::size_t shard_size) {
  std::vector<std::span<const Pattern>> shards;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= patterns.size(); ++i) {
    const Pattern& first = patterns[begin];
    const bool full = i - begin >= shard_size && first.form != Pattern::Form::literal;
    if (i < patterns.size() && !full && patterns[i].form == first.form && patterns[i].group == first.group) continue;
    shards.push_back(patterns.subspan(begin, i - begin));
    begin = i;
  }
  return shards;
}

}  // namespace

struct PatternDatabase::State {
  std::vector<Shard> shards;
  std::size_t bytes = 0, from_cache = 0;
  bool characters = false;  // one of the shards must see valid UTF-8

  Result<void> add(Shard shard) {
    std::size_t size = 0;
    if (::hs_database_size(shard.database.get(), &size) != HS_SUCCESS)
      return fail(ErrorCode::internal, "a database without a size");
    bytes += size;
    characters = characters || shard.characters;
    shards.push_back(std::move(shard));
    return {};
  }
};

struct PatternDatabase::Scratch::State {
  ScratchHandle scratch;
  std::string repaired;                                // a text without the bytes that are no UTF-8
  std::shared_ptr<const PatternDatabase::State> fits;  // kept, so that its address cannot come again

  // Makes the scratch large enough for the database: a look at one pointer once it is.
  Result<void> prepare(const std::shared_ptr<const PatternDatabase::State>& state) {
    if (fits == state) return {};
    for (const Shard& shard : state->shards) {
      hs_scratch_t* raw = scratch.release();
      const auto code = ::hs_alloc_scratch(shard.database.get(), &raw);
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
  std::vector<Shard> known;
  if (!options.cached.empty())
    if (Result<std::vector<Shard>> read = read_shards(options.cached)) known = std::move(*read);
  auto state = std::make_shared<State>();
  const auto shards = split(usable, std::max<std::size_t>(1, options.shard_size));
  std::vector<ShardOutcome> outcomes(shards.size());
  std::vector<std::function<void()>> jobs;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const auto found = std::ranges::find(known, key_of(shards[i]), &Shard::key);
    if (found != known.end() && found->database) {
      outcomes[i].shard = std::move(*found);
      outcomes[i].shard.base = base_of(shards[i]);
      ++state->from_cache;
    } else {
      jobs.emplace_back([&, i] { outcomes[i] = compile_shard(shards[i]); });
    }
  }
  if (options.run_all && jobs.size() > 1)
    options.run_all(std::move(jobs));
  else
    for (const std::function<void()>& job : jobs) job();
  for (ShardOutcome& outcome : outcomes) {
    if (!outcome.failure.empty()) return fail(ErrorCode::internal, "compiling patterns: " + outcome.failure);
    std::ranges::move(outcome.refused, std::back_inserter(refused));
    if (!outcome.shard.database) continue;
    Result<void> added = state->add(std::move(outcome.shard));
    if (!added) return fail(added.error());
  }
  PatternDatabase database;
  database.state_ = std::move(state);
  return database;
}

Result<std::string> PatternDatabase::serialise() const {
  std::string out = write_shards(state_ ? std::span<const Shard>(state_->shards) : std::span<const Shard>());
  if (out.empty()) return fail(ErrorCode::internal, "writing compiled patterns");
  return out;
}

Result<PatternDatabase> PatternDatabase::deserialise(std::string_view text) {
  Result<std::vector<Shard>> shards = read_shards(text);
  if (!shards) return fail(shards.error());
  auto state = std::make_shared<State>();
  for (Shard& shard : *shards) {
    Result<void> added = state->add(std::move(shard));
    if (!added) return fail(added.error());
  }
  PatternDatabase database;
  database.state_ = std::move(state);
  return database;
}

namespace {

struct Receiver {
  PatternDatabase::Sink& sink;
  std::uint32_t base = 0;
};

int forward_match(unsigned id, unsigned long long, unsigned long long to, unsigned, void* context) noexcept {
  const auto* const receiver = static_cast<const Receiver*>(context);
  receiver->sink.matched(receiver->base + id, to);
  return 0;
}

}  // namespace

Result<void> PatternDatabase::scan(std::string_view text, Scratch& scratch, Sink& sink) const {
  if (!state_ || text.empty()) return {};
  if (text.size() > longest_text) return fail(ErrorCode::too_large, "a text of more than 256 MiB");
  Result<void> ready = scratch.state_->prepare(state_);
  if (!ready) return ready;
  // Hyperscan promises nothing for text that is no UTF-8: such bytes become NULs, which leaves all offsets as they are.
  const bool broken = state_->characters && !is_utf8(text);
  if (broken) replace_broken_utf8(text, scratch.state_->repaired);
  for (const Shard& shard : state_->shards) {
    const std::string_view seen = broken && shard.characters ? std::string_view(scratch.state_->repaired) : text;
    Receiver receiver{.sink = sink, .base = shard.base};
    const auto code = ::hs_scan(shard.database.get(), seen.data(), static_cast<unsigned>(seen.size()), 0,
                                scratch.state_->scratch.get(), forward_match, &receiver);
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
std::size_t PatternDatabase::shards_from_cache() const noexcept {
  return state_ ? state_->from_cache : 0;
}

}  // namespace sluice::guard
