// What was found in texts that came before. A conversation's history comes again with every turn and is scanned once.
//
// Texts are known by a keyed hash: nobody can place a text that passes for another, and the cache holds no text.
// Threads: one cache per worker, on its loop.
#pragma once
#include <list>
#include <string>
#include <unordered_map>

#include "base/secret.h"
#include "gateway/guard/compiler.h"
#include "guard/body_guard.h"

namespace sluice::gateway {

class FindingCache final : public guard::FindingMemory {
 public:
  static constexpr std::size_t default_limit = 8 * 1024 * 1024;
  // Shorter texts are scanned faster than they are hashed and looked up.
  static constexpr std::size_t least_text = 256;
  explicit FindingCache(std::size_t limit_bytes = default_limit, std::size_t shortest_text = least_text);

  // Findings are those of one Guard: another one forgets them all.
  void use(GuardPtr guard);
  const std::vector<guard::Finding>* find(std::string_view text, guard::Phase phase) override;
  void keep(std::string_view text, guard::Phase phase, const std::vector<guard::Finding>& findings) override;

  [[nodiscard]] std::uint64_t hits() const noexcept { return hits_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct Entry {
    std::string digest;
    std::vector<guard::Finding> findings;
  };
  [[nodiscard]] std::string digest_of(std::string_view text, guard::Phase phase) const;
  static std::size_t cost_of(const Entry& entry) noexcept;

  std::size_t limit_, shortest_;
  Secret input_key_, output_key_;
  GuardPtr guard_;
  std::list<Entry> entries_;  // the most recently used one first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_digest_;
  std::string asked_;  // digest of the last text that was not found: keep() follows find()
  std::size_t bytes_ = 0;
  std::uint64_t hits_ = 0;
};

}  // namespace sluice::gateway
