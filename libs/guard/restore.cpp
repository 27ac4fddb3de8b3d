#include "guard/restore.h"

namespace sluice::guard {

// Tokens begin with '[' (Guard::replacement), so only these places are looked at.
std::vector<dialect::TextEdit> restorations(std::string_view text, const TokenVault& vault) {
  std::vector<dialect::TextEdit> edits;
  if (vault.empty()) return edits;
  for (std::size_t at = text.find('['); at != std::string_view::npos;) {
    const std::size_t close = text.substr(at, vault.longest_token()).find(']');
    if (close != std::string_view::npos) {
      const auto found = vault.originals().find(text.substr(at, close + 1));
      if (found != vault.originals().end()) {
        edits.push_back({at, at + close + 1, found->second});
        at = text.find('[', at + close + 1);
        continue;
      }
    }
    at = text.find('[', at + 1);
  }
  return edits;
}

std::size_t token_open_from(std::string_view text, const TokenVault& vault) {
  if (vault.empty()) return text.size();
  const std::size_t tail = text.size() > vault.longest_token() ? text.size() - vault.longest_token() : 0;
  for (std::size_t at = text.find('[', tail); at != std::string_view::npos; at = text.find('[', at + 1)) {
    const auto next = vault.originals().lower_bound(text.substr(at));
    if (next != vault.originals().end() && next->first.size() > text.size() - at &&
        next->first.starts_with(text.substr(at)))
      return at;
  }
  return text.size();
}

}  // namespace sluice::guard
