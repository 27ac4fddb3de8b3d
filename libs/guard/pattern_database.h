// Many regular expressions in one pass over a text (Hyperscan, without start-of-match: that flag halves the speed and
// a third of real rules cannot have it). It says that a pattern matched and where the match ends; RE2 confirms and
// captures (see ruleset.h).
//
// Syntax: RE2's. Matching is on bytes: '.' and negated classes count bytes of UTF-8, so a rule that bounds a gap in
// characters bounds it in bytes here.
// Threads: an immutable database serves any number of threads, each with its own Scratch.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::guard {

struct Pattern {
  std::string regex{};
  bool caseless = false;
  std::uint32_t id = 0;
};

struct PatternRefusal {
  std::uint32_t id = 0;
  std::string reason{};
};

class PatternDatabase {
 public:
  // Compiles what can be compiled; the rest is named in `refused`. More than `shard_size` patterns become several
  // shards, each a pass of its own. The shards' compilations are handed to `run_all`, which returns when all have run:
  // side by side on the caller's threads, or one after the other when it is empty.
  struct Options {
    std::size_t shard_size = 1024;
    std::function<void(std::vector<std::function<void()>> jobs)> run_all{};
  };
  static Result<PatternDatabase> compile(std::span<const Pattern> patterns, std::vector<PatternRefusal>& refused,
                                         Options options);
  static Result<PatternDatabase> compile(std::span<const Pattern> patterns, std::vector<PatternRefusal>& refused) {
    return compile(patterns, refused, Options());
  }
  // The compiled form for a cache, and back. malformed for text that was not written by the same Hyperscan on a like
  // processor: compile again then.
  [[nodiscard]] Result<std::string> serialise() const;
  static Result<PatternDatabase> deserialise(std::string_view text);

  PatternDatabase() = default;  // matches nothing

  class Sink {
   public:
    // In order of `end` within a shard; the same (id, end) comes once.
    virtual void matched(std::uint32_t id, std::size_t end) = 0;

   protected:
    ~Sink() = default;
  };
  class Scratch;
  // too_large over 256 MiB.
  Result<void> scan(std::string_view text, Scratch& scratch, Sink& sink) const;
  [[nodiscard]] std::size_t bytes() const noexcept;  // of all shards
  [[nodiscard]] std::size_t shards() const noexcept;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

// Working memory of one thread; grows to what the databases it meets need.
class PatternDatabase::Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(Scratch&&) noexcept;
  Scratch& operator=(Scratch&&) noexcept;

 private:
  friend class PatternDatabase;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::guard
