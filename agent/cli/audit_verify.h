// `sluice audit verify PATH|URL`: where the lines come from; what they say is libs/audit's.
#pragma once
#include <string>

#include "audit/verify.h"
#include "base/result.h"
#include "base/secret.h"

namespace sluice::agent {

struct VerifySource {
  std::string place{};  // a spool folder, a segment, a file of lines, or https://CONSOLE/api/audit/chains[/ORIGIN]
  std::string pin{};    // of the console's key; empty: the system's trust store
  std::string checkpoint_key{};  // base64 of the raw Ed25519 key; empty: the one that the console names
  Secret api_token{};
};
// A broken chain is no error but stands in the report. Blocks.
Result<audit::VerifyReport> verify_source(const VerifySource& source);

}  // namespace sluice::agent
