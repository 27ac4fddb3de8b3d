// A setting is declared once, as a row of its program's table; parser, --help, docs/config.md, JSON Schema and managed
// profiles walk that table. Code below app/ gets the values it needs, never the Settings.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace sluice::config {

enum class Type : std::uint8_t {
  text,
  path,      // absolute
  url,       // http:// or https://, host, optional port; no trailing slash is kept
  address,   // "host:port", "[::1]:port", ":port"
  integer,   // JSON number within [minimum, maximum]
  duration,  // "250ms", "30s", "5m", "48h", "7d"; bounds in milliseconds
  size,      // bytes as a number, or "64KiB", "32MiB", "1GiB"
  choice,    // one of `choices`
  boolean,
  texts,   // list of strings
  secret,  // the value itself, or "env.NAME" for a variable of the environment
};
enum class Applies : std::uint8_t { live, restart };  // live: taken over on SIGHUP
enum class Managed : std::uint8_t { no, yes };        // may stand in a file that device management writes
enum class Presence : std::uint8_t { optional, required };

struct Setting {
  std::string_view key = {};  // dotted: "listen.web" is {"listen":{"web":…}}
  Type type = Type::text;
  std::string_view unit = {};     // for people: "requests", "bytes"; empty when the type says it
  std::string_view meaning = {};  // a sentence
  std::string_view fallback =
      {};  // as the file would say it, strings without quotes, lists comma-separated; "" is empty
  Presence presence = Presence::optional;
  Applies applies = Applies::restart;
  Managed managed = Managed::no;
  std::int64_t minimum = 0;
  std::int64_t maximum = std::numeric_limits<std::int64_t>::max();
  std::span<const std::string_view> choices = {};
};

struct Address {
  std::string host;  // empty: every address
  std::uint16_t port = 0;
  bool operator==(const Address&) const = default;
};

// Validated values. Getters take the key of a row of the table with that type; anything else is a bug of the caller and
// ends the program. Immutable; any thread.
class Settings {
 public:
  using Value = std::variant<std::string, std::int64_t, bool, std::vector<std::string>, Address, Secret>;

  [[nodiscard]] const std::string& text(std::string_view key) const;  // text, url, choice
  [[nodiscard]] std::filesystem::path path(std::string_view key) const;
  [[nodiscard]] const Address& address(std::string_view key) const;
  [[nodiscard]] std::int64_t integer(std::string_view key) const;
  [[nodiscard]] std::chrono::milliseconds duration(std::string_view key) const;
  [[nodiscard]] std::size_t size(std::string_view key) const;
  [[nodiscard]] bool boolean(std::string_view key) const;
  [[nodiscard]] const std::vector<std::string>& texts(std::string_view key) const;
  [[nodiscard]] const Secret& secret(std::string_view key) const;
  [[nodiscard]] bool given(std::string_view key) const;  // stands in the file

  // Keys whose values differ and that need a restart.
  [[nodiscard]] std::vector<std::string> restart_needed(const Settings& newer) const;

 private:
  friend class Reader;
  struct Entry {
    const Setting* row = nullptr;
    Value value;
    std::string source_text;  // canonical JSON of the value, for comparison; a hash for secrets
    bool given = false;
  };
  [[nodiscard]] const Entry& entry(std::string_view key, std::initializer_list<Type> types) const;
  std::map<std::string, Entry, std::less<>> entries_;
};

struct Table {
  std::string_view program = {};       // "sluice-gateway"
  std::string_view summary = {};       // one line for --help
  std::string_view default_file = {};  // "/etc/sluice/gateway.json"
  std::span<const Setting> settings = {};
  // Checks that need several values; the detail begins with the key. May be null.
  Result<void> (*check)(const Settings& settings) = nullptr;
};

// Errors name the key: "listen.web: …". Unknown keys, duplicate keys and vault references are errors.
Result<Settings> parse_settings(const Table& table, std::string_view json);
Result<Settings> load_settings(const Table& table, const std::filesystem::path& file);

std::string print_schema(const Table& table);  // JSON Schema 2020-12
std::string print_docs(const Table& table);    // a Markdown section

// Parsers of single values, for other places that take the same forms.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);
Result<std::int64_t> parse_size(std::string_view text);
Result<Address> parse_address(std::string_view text);

}  // namespace sluice::config
