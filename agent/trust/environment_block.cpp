#include "agent/trust/trust_store.h"

// The block says in its first line what stood before it, so that taking it out restores every byte: whether the file
// existed, and whether its last line had ended.
namespace sluice::agent {
namespace {

constexpr std::string_view begin = "# sluice: begin";
constexpr std::string_view new_file = " (new file)";
constexpr std::string_view open_line = " (the line above had no end)";
constexpr std::string_view end = "# sluice: end\n";

bool sets_node_extra(std::string_view text) {
  std::size_t position = 0;
  while (position < text.size()) {
    const auto stop = std::min(text.find('\n', position), text.size());
    auto line = text.substr(position, stop - position);
    while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
    if (line.starts_with("export ")) line.remove_prefix(7);
    if (line.starts_with("NODE_EXTRA_CA_CERTS=")) return true;
    position = stop + 1;
  }
  return false;
}

}  // namespace

std::optional<std::string> with_environment_block(const std::optional<std::string>& existing) {
  const std::string before = existing.value_or("");
  if (sets_node_extra(before)) return std::nullopt;
  std::string text = before;
  const bool unfinished = !before.empty() && !before.ends_with('\n');
  if (unfinished) text += '\n';
  text += begin;
  if (!existing) text += new_file;
  if (unfinished) text += open_line;
  text += "\nNODE_EXTRA_CA_CERTS=";
  text += root_certificate_path;
  text += '\n';
  text += end;
  return text;
}

std::optional<std::optional<std::string>> without_environment_block(std::string_view text) {
  const auto start = text.find(begin);
  if (start == std::string_view::npos) return std::nullopt;
  const auto stop = text.find(end, start);
  if (stop == std::string_view::npos) return std::nullopt;
  const auto first_line = text.substr(start, text.find('\n', start) - start);
  std::string rest(text.substr(0, start));
  const auto after = text.substr(stop + end.size());
  if (first_line.contains(open_line) && rest.ends_with('\n') && after.empty()) rest.pop_back();
  rest += after;
  if (first_line.contains(new_file) && rest.empty()) return std::optional<std::string>();
  return std::optional<std::string>(std::move(rest));
}

}  // namespace sluice::agent
