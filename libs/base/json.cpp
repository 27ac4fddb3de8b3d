#include "base/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sluice {
namespace {

std::string place(std::string_view text, std::size_t position) {
  const auto before = text.substr(0, std::min(position, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto start = before.rfind('\n');
  const auto column = start == std::string_view::npos ? before.size() : before.size() - start - 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(std::max<std::size_t>(column, 1));
}

// Builds the value from nlohmann's events, because its own tree keeps only the last of two equal keys.
class Builder {
 public:
  Builder(std::string_view text, JsonLimits limits) : text_(text), limits_(limits) {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) {
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return add(static_cast<std::int64_t>(value));
    return add(static_cast<double>(value));
  }
  bool number_float(double value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(std::vector<std::uint8_t>&) { return false; }
  bool start_object(std::size_t) { return open(JsonObject{}); }
  bool start_array(std::size_t) { return open(JsonArray{}); }
  bool key(std::string& name) {
    std::get<JsonObject>(open_.back()->data).push_back({std::move(name), {}});
    return true;
  }
  bool end_object() {
    if (!keys_are_unique()) return false;
    open_.pop_back();
    return true;
  }
  bool end_array() {
    open_.pop_back();
    return true;
  }
  // The library's message quotes the text, which may be a secret: only the position goes on.
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
    error_ = Error{ErrorCode::malformed, "not valid JSON at " + place(text_, position)};
    return false;
  }

  Result<JsonValue> result(bool parsed) {
    if (parsed && !error_) return std::move(root_);
    return fail(error_.value_or(Error{ErrorCode::malformed, "not valid JSON"}));
  }

 private:
  template <class T>
  bool add(T&& value) {
    slot().data = std::forward<T>(value);
    return true;
  }
  template <class T>
  bool open(T&& container) {
    JsonValue& value = slot();
    value.data = std::forward<T>(container);
    open_.push_back(&value);
    if (open_.size() <= limits_.depth) return true;
    error_ = Error{ErrorCode::malformed, "nested deeper than " + std::to_string(limits_.depth) + " levels"};
    return false;
  }
  // Where the next value goes. An open container's own address is stable: its parent grows only after it is closed.
  JsonValue& slot() {
    if (open_.empty()) return root_;
    if (auto* array = std::get_if<JsonArray>(&open_.back()->data)) return array->emplace_back();
    return std::get<JsonObject>(open_.back()->data).back().value;
  }
  bool keys_are_unique() {
    const auto& object = std::get<JsonObject>(open_.back()->data);
    std::vector<std::string_view> keys;
    keys.reserve(object.size());
    for (const auto& member : object) keys.emplace_back(member.key);
    std::ranges::sort(keys);
    const auto twice = std::ranges::adjacent_find(keys);
    if (twice == keys.end()) return true;
    const auto path = open_path();
    error_ = Error{ErrorCode::malformed, path + (path.empty() ? "" : ".") + std::string(*twice) + ": stands twice"};
    return false;
  }
  [[nodiscard]] std::string open_path() const {
    std::string path;
    for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
      if (const auto* array = std::get_if<JsonArray>(&open_[i]->data)) {
        path += "[" + std::to_string(array->size() - 1) + "]";
      } else {
        if (!path.empty()) path += '.';
        path += std::get<JsonObject>(open_[i]->data).back().key;
      }
    }
    return path;
  }

  std::string_view text_;
  JsonLimits limits_;
  JsonValue root_;
  std::vector<JsonValue*> open_;
  std::optional<Error> error_;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const noexcept {
  const auto* object = std::get_if<JsonObject>(&data);
  if (object == nullptr) return nullptr;
  const auto member = std::ranges::find(*object, key, &JsonMember::key);
  return member == object->end() ? nullptr : &member->value;
}

Result<JsonValue> parse_json(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.bytes)
    return fail(ErrorCode::too_large,
                std::to_string(text.size()) + " bytes of JSON, the limit is " + std::to_string(limits.bytes));
  Builder builder(text, limits);
  const bool parsed = nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  return builder.result(parsed);
}

}  // namespace sluice
