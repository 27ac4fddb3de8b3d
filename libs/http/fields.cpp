#include <algorithm>

#include "http/message.h"

namespace sluice::http {
namespace {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

Fields::Fields(std::initializer_list<Field> fields) {
  for (const Field& field : fields) add(field.name, field.value);
}

Field Fields::at(std::size_t index) const noexcept {
  const Entry& entry = entries_[index];
  const std::string_view text(text_);
  return {text.substr(entry.name, entry.name_size), text.substr(entry.value, entry.value_size)};
}

void Fields::add(std::string_view name, std::string_view value) {
  Entry entry{};
  entry.name = static_cast<std::uint32_t>(text_.size());
  entry.name_size = static_cast<std::uint32_t>(name.size());
  text_.append(name);
  entry.value = static_cast<std::uint32_t>(text_.size());
  entry.value_size = static_cast<std::uint32_t>(value.size());
  text_.append(value);
  entries_.push_back(entry);
}

void Fields::set(std::string_view name, std::string_view value) {
  bool placed = false;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    Entry entry = entries_[i];
    if (equal_ignoring_case(at(i).name, name)) {
      if (placed) continue;
      placed = true;
      const auto begin = static_cast<std::uint32_t>(text_.size());
      text_.append(value);
      entry.value = begin;
      entry.value_size = static_cast<std::uint32_t>(value.size());
    }
    entries_[kept++] = entry;
  }
  entries_.resize(kept);
  if (!placed) add(name, value);
}

void Fields::remove(std::string_view name) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (!equal_ignoring_case(at(i).name, name)) entries_[kept++] = entries_[i];
  entries_.resize(kept);
}

void Fields::remove_prefix(std::string_view prefix) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (!equal_ignoring_case(at(i).name.substr(0, prefix.size()), prefix)) entries_[kept++] = entries_[i];
  entries_.resize(kept);
}

std::optional<std::string_view> Fields::get(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (entries_[i].name_size == name.size() && equal_ignoring_case(at(i).name, name)) return at(i).value;
  return std::nullopt;
}

std::size_t Fields::count(std::string_view name) const noexcept {
  std::size_t found = 0;
  for (const Field field : *this)
    if (equal_ignoring_case(field.name, name)) ++found;
  return found;
}

bool Fields::has_token(std::string_view name, std::string_view token) const noexcept {
  for (const Field field : *this) {
    if (!equal_ignoring_case(field.name, name)) continue;
    for (std::string_view rest = field.value;;) {
      const auto comma = rest.find(',');
      if (equal_ignoring_case(trim(rest.substr(0, comma)), token)) return true;
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return false;
}

void Fields::reserve(std::size_t fields, std::size_t bytes) {
  entries_.reserve(fields);
  text_.reserve(bytes);
}

void Fields::clear() noexcept {
  entries_.clear();
  text_.clear();
}

}  // namespace sluice::http
