#include "config/settings.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/files.h"
#include "base/json.h"
#include "config/values.h"

namespace sluice::config {
namespace {

constexpr JsonLimits limits{.bytes = 1024 * 1024, .depth = 8};

const Setting* row_named(const Table& table, std::string_view key) {
  const auto row = std::ranges::find(table.settings, key, &Setting::key);
  return row == table.settings.end() ? nullptr : &*row;
}

bool is_section(const Table& table, std::string_view path) {
  return std::ranges::any_of(table.settings, [path](const Setting& row) {
    return row.key.size() > path.size() && row.key.starts_with(path) && row.key[path.size()] == '.';
  });
}

}  // namespace

// Walks the file's objects along the table's dotted keys.
class Reader {
 public:
  explicit Reader(const Table& table) : table_(table) {}

  Result<void> section(const JsonObject& object, const std::string& path) {
    for (const auto& member : object) {
      const auto key = path.empty() ? member.key : path + "." + member.key;
      // "listen.web" as one name would be a second way to say {"listen":{"web":…}}, and a way around the duplicate
      // check.
      if (member.key.find('.') != std::string::npos)
        return fail(ErrorCode::invalid_argument, key + ": is not a known setting");
      auto done = this->member(key, member.value);
      if (!done) return done;
    }
    return {};
  }

  Result<Settings> finish() {
    for (const auto& row : table_.settings) {
      if (settings_.entries_.contains(row.key)) continue;
      if (row.presence == Presence::required)
        return fail(ErrorCode::invalid_argument, std::string(row.key) + ": is missing");
      auto value = read_fallback(row);
      // A default that its own row refuses is a mistake in the table; a test of every table finds it.
      if (!value) return fail(ErrorCode::internal, "default of " + std::string(row.key) + ": " + value.error().detail);
      add(row, std::move(*value), false);
    }
    if (table_.check != nullptr)
      if (auto checked = table_.check(settings_); !checked) return fail(checked.error());
    return std::move(settings_);
  }

 private:
  Result<void> member(const std::string& key, const JsonValue& json) {
    if (const auto* row = row_named(table_, key)) {
      auto value = read_value(*row, json);
      if (!value) return fail(value.error().during(key));
      add(*row, std::move(*value), true);
      return {};
    }
    if (!is_section(table_, key)) return fail(ErrorCode::invalid_argument, key + ": is not a known setting");
    const auto* object = std::get_if<JsonObject>(&json.data);
    if (object == nullptr) return fail(ErrorCode::invalid_argument, key + ": must be an object");
    return section(*object, key);
  }

  void add(const Setting& row, Settings::Value value, bool given) {
    auto text = canonical(value);
    settings_.entries_.insert_or_assign(std::string(row.key),
                                        Settings::Entry{&row, std::move(value), std::move(text), given});
  }

  const Table& table_;
  Settings settings_;
};

Result<Settings> parse_settings(const Table& table, std::string_view json) {
  const auto document = parse_json(json, limits);
  if (!document) return fail(document.error());
  const auto* object = std::get_if<JsonObject>(&document->data);
  if (object == nullptr) return fail(ErrorCode::malformed, "the document must be an object");
  Reader reader(table);
  if (auto read = reader.section(*object, {}); !read) return fail(read.error());
  return reader.finish();
}

Result<Settings> load_settings(const Table& table, const std::filesystem::path& file) {
  const auto text = read_file(file, limits.bytes);
  if (!text) return fail(text.error().during("reading " + file.string()));
  auto settings = parse_settings(table, *text);
  if (!settings) return fail(settings.error().during(file.string()));
  return settings;
}

// A wrong key or type is a mistake in our own code that no input can cause: the first run of the program shows it.
const Settings::Entry& Settings::entry(std::string_view key, std::initializer_list<Type> types) const {
  const auto found = entries_.find(key);
  if (found == entries_.end() || std::ranges::find(types, found->second.row->type) == types.end()) {
    std::fprintf(stderr, "no setting \"%.*s\" of this type\n", static_cast<int>(key.size()), key.data());
    std::abort();
  }
  return found->second;
}

const std::string& Settings::text(std::string_view key) const {
  return std::get<std::string>(entry(key, {Type::text, Type::url, Type::choice}).value);
}
std::filesystem::path Settings::path(std::string_view key) const {
  return std::get<std::string>(entry(key, {Type::path}).value);
}
const Address& Settings::address(std::string_view key) const {
  return std::get<Address>(entry(key, {Type::address}).value);
}
std::int64_t Settings::integer(std::string_view key) const {
  return std::get<std::int64_t>(entry(key, {Type::integer}).value);
}
std::chrono::milliseconds Settings::duration(std::string_view key) const {
  return std::chrono::milliseconds(std::get<std::int64_t>(entry(key, {Type::duration}).value));
}
std::size_t Settings::size(std::string_view key) const {
  return static_cast<std::size_t>(std::get<std::int64_t>(entry(key, {Type::size}).value));
}
bool Settings::boolean(std::string_view key) const {
  return std::get<bool>(entry(key, {Type::boolean}).value);
}
const std::vector<std::string>& Settings::texts(std::string_view key) const {
  return std::get<std::vector<std::string>>(entry(key, {Type::texts}).value);
}
const Secret& Settings::secret(std::string_view key) const {
  return std::get<Secret>(entry(key, {Type::secret}).value);
}
bool Settings::given(std::string_view key) const {
  const auto found = entries_.find(key);
  return found != entries_.end() && found->second.given;
}

std::vector<std::string> Settings::restart_needed(const Settings& newer) const {
  std::vector<std::string> keys;
  for (const auto& [key, old] : entries_) {
    const auto other = newer.entries_.find(key);
    const bool same = other != newer.entries_.end() && other->second.source_text == old.source_text;
    if (!same && old.row->applies == Applies::restart) keys.push_back(key);
  }
  return keys;
}

}  // namespace sluice::config
