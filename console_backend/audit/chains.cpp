#include "console_backend/audit/chains.h"

namespace sluice::console {

std::vector<ChainHead> chain_heads(store::Session& audit) {
  std::vector<ChainHead> heads;
  for (const store::Row& row :
       audit.rows("SELECT origin, kind, last_sequence, last_hash FROM origins ORDER BY origin")) {
    heads.push_back({row.text("origin"), row.text("kind"), row.number("last_sequence"), row.text("last_hash")});
  }
  return heads;
}

std::vector<ChainLine> chain_lines(store::Session& audit, std::string_view origin, std::int64_t after,
                                   std::int64_t limit) {
  std::vector<ChainLine> lines;
  for (const store::Row& row : audit.rows("SELECT sequence, line FROM events WHERE origin = :origin AND sequence > "
                                          ":after ORDER BY sequence LIMIT :limit",
                                          {{"origin", origin}, {"after", after}, {"limit", limit}})) {
    lines.push_back({row.number("sequence"), row.text("line")});
  }
  return lines;
}

}  // namespace sluice::console
