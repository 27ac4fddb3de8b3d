// Many regular expressions in one pass over a text (Hyperscan, without start-of-match: that flag halves the speed and
// a third of real rules cannot have it). It says that a pattern matched and where the match ends; RE2 confirms and
// captures (see ruleset.h).
//
// Syntax: RE2's. In the form `bytes`, '.' and negated classes count bytes of UTF-8, so a rule that bounds a gap in
// characters bounds it in bytes here; in the form `characters` they count characters.
// Threads: an immutable database serves any number of threads, each with its own Scratch.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::guard {

struct Pattern {
  enum class Form : std::uint8_t {
    bytes,
    characters,  // bytes that are no UTF-8 are seen as NULs
    literal,     // `regex` is the text itself, not empty; caseless for ASCII letters only
  };
  std::string regex{};
  bool caseless = false;
  std::uint32_t id = 0;
  Form form = Form::bytes;
  // Patterns of different forms or groups never share a shard: what changes rarely is apart from what changes often.
  std::uint8_t group = 0;
};

struct PatternWidth {
  std::size_t least = 0;
  std::optional<std::size_t> most = {};  // absent: without end
};
// Of a match, in bytes. invalid_argument with Hyperscan's reason when it refuses the expression.
Result<PatternWidth> width_of(const Pattern& pattern);

struct PatternRefusal {
  std::uint32_t id = 0;
  std::string reason{};
};

class PatternDatabase {
 public:
  // Compiles what can be compiled; the rest is named in `refused`. More than `shard_size` patterns become several
  // shards, each a pass of its own (literals are one). The shards' compilations are handed to `run_all`, which returns
  // when all have run: side by side on the caller's threads, or one after the other when it is empty.
  struct Options {
    std::size_t shard_size = 1024;
    std::function<void(std::vector<std::function<void()>> jobs)> run_all{};
    // What serialise() gave for some database before: shards with the same patterns are taken from it.
    std::string_view cached{};
  };
  static Result<PatternDatabase> compile(std::span<const Pattern> patterns, std::vector<PatternRefusal>& refused,
                                         Options options);
  static Result<PatternDatabase> compile(std::span<const Pattern> patterns, std::vector<PatternRefusal>& refused) {
    return compile(patterns, refused, Options());
  }
  // Names the version of the pattern compiler and the kind of processor that compiled patterns are for.
  static std::string cache_key();
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
  [[nodiscard]] std::size_t shards_from_cache() const noexcept;

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
