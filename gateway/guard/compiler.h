// Compiles the guardrails of policy snapshots, on the thread that takes snapshots in: workers only ever see a finished
// Guard. Compiled patterns are kept on disk, sealed, so that a restart need not compile them again.
//
// Threads: one at a time.
#pragma once
#include <filesystem>
#include <memory>

#include "guard/guard.h"

namespace sluice::gateway {

using GuardPtr = std::shared_ptr<const guard::Guard>;

class GuardCompiler {
 public:
  // `folder` is made when it is needed; `storage_key` (32 bytes) seals what is kept there.
  GuardCompiler(std::filesystem::path folder, Secret storage_key);

  // nullptr for a document without rules; the Guard of the last call while document and key are the same.
  // invalid_argument with the path of the field: then the snapshot cannot be enforced and is refused.
  Result<GuardPtr> compile(const policy::GuardrailDocument& document, const Secret& hash_key);
  // Whether compile() has nothing to do for these.
  [[nodiscard]] bool has(const policy::GuardrailDocument& document, const Secret& hash_key) const;

 private:
  [[nodiscard]] guard::Guard::Options options(const Secret& hash_key) const;
  std::filesystem::path folder_;
  Secret storage_key_;
  std::string last_;  // digest of document and key
  GuardPtr last_guard_;
};

}  // namespace sluice::gateway
