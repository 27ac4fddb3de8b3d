// Small JSON documents, strictly: configuration, snapshots, control messages, REST bodies. Never the data path
// (libs/dialect reads model traffic).
//
// Order of checks: limits first (bytes, depth), then form (one document, valid UTF-8, no duplicate keys), then shape
// and meaning through JsonFields. Messages name the field by its path: "hosts[3].mode: …".
#pragma once
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace sluice {

struct JsonLimits {
  std::size_t bytes = 1024 * 1024;
  std::size_t depth = 32;
};

struct JsonMember;
struct JsonValue;
using JsonArray = std::vector<JsonValue>;
using JsonObject = std::vector<JsonMember>;  // in the order of the text; keys are unique

struct JsonValue {
  // Integers that fit are int64; every other number is double.
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, JsonArray, JsonObject> data;

  // nullptr when this is no object or has no such member.
  [[nodiscard]] const JsonValue* find(std::string_view key) const noexcept;
};
struct JsonMember {
  std::string key;
  JsonValue value;
};

// too_large, or malformed with the byte position or the path of a duplicate key.
Result<JsonValue> parse_json(std::string_view text, JsonLimits limits = {});

// Reads one object field by field. The first thing that is wrong is kept and every later answer is an empty value, so
// that a parser reads straight down and asks once, at its end:
//
//   JsonFields fields(*document);
//   Thing thing{.name = fields.text("name"), .size = fields.integer("size", 0, 100)};
//   for (JsonFields& part : fields.objects("parts", 1000)) thing.parts.push_back(part.text("id"));
//   if (auto error = fields.finish()) return fail(*error);    // also: fields that nobody asked for
//
// The document must outlive it. Threads: one.
class JsonFields {
 public:
  explicit JsonFields(const JsonValue& document);  // the root must be an object
  JsonFields(const JsonFields&) = delete;
  JsonFields(JsonFields&&) noexcept = default;

  // Required fields: missing, null or of another type is `malformed`; outside the bounds is `invalid_argument`.
  std::string text(std::string_view key, std::size_t longest = 64 * 1024);
  std::int64_t integer(std::string_view key, std::int64_t smallest = 0,
                       std::int64_t largest = std::numeric_limits<std::int64_t>::max());
  bool boolean(std::string_view key);
  TimePoint time(std::string_view key);  // RFC 3339
  std::string choice(std::string_view key, std::initializer_list<std::string_view> allowed);
  std::vector<std::string> texts(std::string_view key, std::size_t most = 1000);
  JsonFields object(std::string_view key);
  std::vector<JsonFields> objects(std::string_view key, std::size_t most = 10'000);
  std::vector<std::pair<std::string, const JsonValue*>> members();  // of a map with free keys; takes all of them

  // Optional fields: absent (or null) is nullopt.
  [[nodiscard]] bool has(std::string_view key) const;
  std::optional<std::string> optional_text(std::string_view key, std::size_t longest = 64 * 1024);
  std::optional<std::int64_t> optional_integer(std::string_view key, std::int64_t smallest = 0,
                                               std::int64_t largest = std::numeric_limits<std::int64_t>::max());
  std::optional<bool> optional_boolean(std::string_view key);
  std::optional<TimePoint> optional_time(std::string_view key);
  const JsonValue* raw(std::string_view key);  // takes the field as it is; nullptr when absent

  [[nodiscard]] std::string path_of(std::string_view key) const;
  // Records a problem of meaning with this field ("must be …").
  void refuse(std::string_view key, std::string_view problem, ErrorCode code = ErrorCode::invalid_argument);

  // The first error of this object and everything below it; nullopt when all is well. Asking at the root also finds
  // fields that nobody asked for, in every object that was visited.
  std::optional<Error> finish();

 private:
  struct State;
  struct Seen;
  JsonFields(std::shared_ptr<State> state, const JsonValue* value, std::string path);
  const JsonValue* take(std::string_view key, bool required);
  template <class T>
  const T* take_as(std::string_view key, bool required, std::string_view expected);
  std::shared_ptr<State> state_;
  std::shared_ptr<Seen> seen_;
};

// Writes compact JSON in the order of the calls; strings are escaped, invalid UTF-8 becomes U+FFFD. Threads: one.
class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& number(double value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  // already JSON
  JsonWriter& value(const JsonValue& value);

  // key and value in one.
  JsonWriter& field(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& field(std::string_view name, const char* value) { return key(name).text(value); }
  JsonWriter& field(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  JsonWriter& field(std::string_view name, int value) { return key(name).integer(value); }
  JsonWriter& field(std::string_view name, std::size_t value) {
    return key(name).integer(static_cast<std::int64_t>(value));
  }
  JsonWriter& field(std::string_view name, double value) { return key(name).number(value); }
  JsonWriter& field(std::string_view name, bool value) { return key(name).boolean(value); }
  JsonWriter& field(std::string_view name, TimePoint value) { return key(name).text(to_rfc3339(value)); }
  JsonWriter& field(std::string_view name, const std::vector<std::string>& values);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::string take() noexcept { return std::move(text_); }

 private:
  void separate();
  std::string text_;
  bool fresh_ = true;  // nothing stands before the next value that would need a comma
};

// Appends `text` as a JSON string with its quotes. Only what must be escaped is, in the short form where there is one:
// audit chains hash this text, so its form may not change.
void append_json_string(std::string& out, std::string_view text);

}  // namespace sluice
