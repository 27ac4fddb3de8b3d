// What is printed from a settings table: JSON Schema and documentation.
#include <map>
#include <set>

#include "base/json.h"
#include "config/settings.h"
#include "config/values.h"

namespace sluice::config {
namespace {

constexpr std::string_view duration_pattern = "^[0-9]+(ms|s|m|h|d)$";
constexpr std::string_view size_pattern = "^[0-9]+(B|KiB|MiB|GiB)?$";

std::string_view type_name(const Setting& row) {
  switch (row.type) {
    case Type::text:
      return "text";
    case Type::path:
      return "path";
    case Type::url:
      return "URL";
    case Type::address:
      return "address";
    case Type::integer:
      return "integer";
    case Type::duration:
      return "duration";
    case Type::size:
      return "size";
    case Type::choice:
      return "choice";
    case Type::boolean:
      return "boolean";
    case Type::texts:
      return "list";
    case Type::secret:
      return "secret";
  }
  return "";
}

void write_default(JsonWriter& out, const Setting& row) {
  const auto value = read_fallback(row);
  if (!value || row.type == Type::secret || row.presence == Presence::required) return;
  out.key("default");
  if (row.type == Type::boolean)
    out.boolean(std::get<bool>(*value));
  else if (row.type == Type::integer)
    out.integer(std::get<std::int64_t>(*value));
  else if (row.type == Type::texts) {
    out.begin_array();
    for (const auto& item : std::get<std::vector<std::string>>(*value)) out.text(item);
    out.end_array();
  } else
    out.text(row.fallback);
}

void write_schema_type(JsonWriter& out, const Setting& row) {
  switch (row.type) {
    case Type::integer:
      out.field("type", "integer").field("minimum", row.minimum).field("maximum", row.maximum);
      return;
    case Type::boolean:
      out.field("type", "boolean");
      return;
    case Type::texts:
      out.field("type", "array").key("items").begin_object().field("type", "string").end_object();
      return;
    case Type::choice:
      out.field("type", "string").key("enum").begin_array();
      for (const auto choice : row.choices) out.text(choice);
      out.end_array();
      return;
    case Type::duration:
      out.field("type", "string").field("pattern", duration_pattern);
      return;
    case Type::size:
      out.key("type").begin_array().text("integer").text("string").end_array().field("pattern", size_pattern);
      return;
    case Type::secret:
      out.field("type", "string").field("writeOnly", true);
      return;
    case Type::text:
    case Type::path:
    case Type::url:
    case Type::address:
      out.field("type", "string");
      return;
  }
}

// The rows below one section, by the next part of their key, in the table's order.
void write_section(JsonWriter& out, const Table& table, const std::string& prefix) {
  std::vector<std::string_view> required;
  std::set<std::string> written;
  out.field("type", "object").key("properties").begin_object();
  for (const auto& row : table.settings) {
    if (!row.key.starts_with(prefix)) continue;
    const auto rest = row.key.substr(prefix.size());
    const std::string name(rest.substr(0, rest.find('.')));
    const bool is_row = name.size() == rest.size();
    if (is_row && row.presence == Presence::required) required.push_back(rest);
    if (!written.insert(name).second) continue;
    out.key(name).begin_object();
    if (is_row) {
      out.field("description", row.meaning);
      write_schema_type(out, row);
      write_default(out, row);
    } else {
      write_section(out, table, prefix + name + ".");
    }
    out.end_object();
  }
  out.end_object();
  if (!required.empty()) {
    out.key("required").begin_array();
    for (const auto name : required) out.text(name);
    out.end_array();
  }
  out.field("additionalProperties", false);
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out.append(c == '|' ? "\\|" : std::string(1, c));
  return out;
}

std::string bounds(const Setting& row) {
  if (row.type == Type::choice) {
    std::string list;
    for (const auto choice : row.choices) list.append(list.empty() ? " One of `" : ", `").append(choice).append("`");
    return list + ".";
  }
  const bool counted = row.type == Type::integer || row.type == Type::duration || row.type == Type::size;
  if (!counted || row.maximum == std::numeric_limits<std::int64_t>::max()) return {};
  const std::string unit = row.type == Type::duration ? " ms" : row.type == Type::size ? " bytes" : "";
  return " From " + std::to_string(row.minimum) + " to " + std::to_string(row.maximum) + unit + ".";
}

}  // namespace

std::string print_schema(const Table& table) {
  JsonWriter out;
  out.begin_object().field("$schema", "https://json-schema.org/draft/2020-12/schema");
  out.field("title", std::string(table.program) + " configuration").field("description", table.summary);
  write_section(out, table, {});
  return out.end_object().take() + "\n";
}

std::string print_docs(const Table& table) {
  std::string out = "## " + std::string(table.program) + "\n\n" + std::string(table.summary) + "\n\nFile: `" +
                    std::string(table.default_file) + "`\n\n| setting | type | default | meaning | applies |\n" +
                    "|---|---|---|---|---|\n";
  for (const auto& row : table.settings) {
    const bool required = row.presence == Presence::required;
    out.append("| `").append(row.key).append("` | ").append(type_name(row));
    if (!row.unit.empty()) out.append(" (").append(row.unit).append(")");
    out.append(" | ");
    if (required)
      out.append("required");
    else if (!row.fallback.empty())
      out.append("`").append(cell(row.fallback)).append("`");
    out.append(" | ").append(cell(row.meaning)).append(cell(bounds(row)));
    if (row.managed == Managed::yes) out.append(" May be set by device management.");
    out.append(row.applies == Applies::live ? " | on reload |\n" : " | on restart |\n");
  }
  return out;
}

}  // namespace sluice::config
