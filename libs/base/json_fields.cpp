#include <algorithm>

#include "base/json.h"

namespace sluice {

// Shared by all readers of one document.
struct JsonFields::State {
  std::optional<Error> first_error;
  std::vector<std::shared_ptr<Seen>> visited;  // in the order of the visits
};

// One object and which of its members were asked for.
struct JsonFields::Seen {
  const JsonObject* object;
  std::string path;
  std::vector<bool> taken;
};

JsonFields::JsonFields(const JsonValue& document) : JsonFields(std::make_shared<State>(), &document, {}) {}

JsonFields::JsonFields(std::shared_ptr<State> state, const JsonValue* value, std::string path)
    : state_(std::move(state)), seen_(std::make_shared<Seen>()) {
  static const JsonObject nothing;
  const auto* object = value == nullptr ? &nothing : std::get_if<JsonObject>(&value->data);
  if (object == nullptr) {
    if (!state_->first_error)
      state_->first_error =
          Error{ErrorCode::malformed, (path.empty() ? "the document" : path) + (path.empty() ? " " : ": ") +
                                          std::string("must be an object")};
    object = &nothing;
  }
  *seen_ = {object, std::move(path), std::vector<bool>(object->size())};
  state_->visited.push_back(seen_);
}

std::string JsonFields::path_of(std::string_view key) const {
  return seen_->path.empty() ? std::string(key) : seen_->path + "." + std::string(key);
}

void JsonFields::refuse(std::string_view key, std::string_view problem, ErrorCode code) {
  if (!state_->first_error) state_->first_error = Error{code, path_of(key) + ": " + std::string(problem)};
}

bool JsonFields::has(std::string_view key) const {
  const auto member = std::ranges::find(*seen_->object, key, &JsonMember::key);
  return member != seen_->object->end() && !std::holds_alternative<std::nullptr_t>(member->value.data);
}

const JsonValue* JsonFields::take(std::string_view key, bool required) {
  const auto& object = *seen_->object;
  const auto member = std::ranges::find(object, key, &JsonMember::key);
  if (member != object.end()) {
    seen_->taken[static_cast<std::size_t>(member - object.begin())] = true;
    if (!std::holds_alternative<std::nullptr_t>(member->value.data)) return &member->value;
  }
  if (required) refuse(key, "is missing", ErrorCode::malformed);
  return nullptr;
}

template <class T>
const T* JsonFields::take_as(std::string_view key, bool required, std::string_view expected) {
  const auto* value = take(key, required);
  if (value == nullptr) return nullptr;
  const auto* data = std::get_if<T>(&value->data);
  if (data == nullptr) refuse(key, std::string("must be ").append(expected), ErrorCode::malformed);
  return data;
}

const JsonValue* JsonFields::raw(std::string_view key) {
  return take(key, false);
}

std::optional<std::string> JsonFields::optional_text(std::string_view key, std::size_t longest) {
  const auto* value = take_as<std::string>(key, false, "a string");
  if (value == nullptr) return std::nullopt;
  if (value->size() > longest) refuse(key, "is longer than " + std::to_string(longest) + " bytes");
  return *value;
}

std::string JsonFields::text(std::string_view key, std::size_t longest) {
  if (!has(key)) take(key, true);
  return optional_text(key, longest).value_or(std::string());
}

std::optional<std::int64_t> JsonFields::optional_integer(std::string_view key, std::int64_t smallest,
                                                         std::int64_t largest) {
  const auto* value = take_as<std::int64_t>(key, false, "a whole number");
  if (value == nullptr) return std::nullopt;
  if (*value < smallest || *value > largest)
    refuse(key, "must be from " + std::to_string(smallest) + " to " + std::to_string(largest));
  return *value;
}

std::int64_t JsonFields::integer(std::string_view key, std::int64_t smallest, std::int64_t largest) {
  if (!has(key)) take(key, true);
  return optional_integer(key, smallest, largest).value_or(0);
}

std::optional<bool> JsonFields::optional_boolean(std::string_view key) {
  const auto* value = take_as<bool>(key, false, "true or false");
  return value == nullptr ? std::nullopt : std::optional(*value);
}

bool JsonFields::boolean(std::string_view key) {
  if (!has(key)) take(key, true);
  return optional_boolean(key).value_or(false);
}

std::optional<TimePoint> JsonFields::optional_time(std::string_view key) {
  const auto* value = take_as<std::string>(key, false, "a string");
  if (value == nullptr) return std::nullopt;
  const auto time = from_rfc3339(*value);
  if (!time) refuse(key, "must be a time like 2026-01-31T10:20:30Z");
  return time.value_or(TimePoint{});
}

TimePoint JsonFields::time(std::string_view key) {
  if (!has(key)) take(key, true);
  return optional_time(key).value_or(TimePoint{});
}

std::string JsonFields::choice(std::string_view key, std::initializer_list<std::string_view> allowed) {
  auto value = text(key);
  if (std::ranges::find(allowed, value) != allowed.end()) return value;
  std::string list;
  for (const auto option : allowed) list.append(list.empty() ? "" : ", ").append(option);
  refuse(key, "must be one of: " + list);
  return std::string(*allowed.begin());
}

std::vector<std::string> JsonFields::texts(std::string_view key, std::size_t most) {
  std::vector<std::string> found;
  const auto* array = take_as<JsonArray>(key, true, "a list");
  if (array == nullptr) return found;
  if (array->size() > most) {
    refuse(key, "has more than " + std::to_string(most) + " entries");
    return found;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    const auto* text = std::get_if<std::string>(&(*array)[i].data);
    if (text == nullptr)
      refuse(std::string(key) + "[" + std::to_string(i) + "]", "must be a string", ErrorCode::malformed);
    else
      found.push_back(*text);
  }
  return found;
}

JsonFields JsonFields::object(std::string_view key) {
  return {state_, take(key, true), path_of(key)};
}

std::vector<JsonFields> JsonFields::objects(std::string_view key, std::size_t most) {
  std::vector<JsonFields> found;
  const auto* array = take_as<JsonArray>(key, true, "a list");
  if (array == nullptr) return found;
  if (array->size() > most) {
    refuse(key, "has more than " + std::to_string(most) + " entries");
    return found;
  }
  found.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i)
    found.push_back({state_, &(*array)[i], path_of(key) + "[" + std::to_string(i) + "]"});
  return found;
}

std::vector<std::pair<std::string, const JsonValue*>> JsonFields::members() {
  std::vector<std::pair<std::string, const JsonValue*>> found;
  for (const auto& member : *seen_->object) found.emplace_back(member.key, &member.value);
  seen_->taken.assign(seen_->taken.size(), true);
  return found;
}

std::optional<Error> JsonFields::finish() {
  // A misspelt field shows twice, as an unknown one and as the one that is missing: the first is the better message.
  for (const auto& seen : state_->visited)
    for (std::size_t i = 0; i < seen->taken.size(); ++i)
      if (!seen->taken[i])
        return Error{ErrorCode::malformed,
                     seen->path + (seen->path.empty() ? "" : ".") + (*seen->object)[i].key + ": is not a known field"};
  return state_->first_error;
}

}  // namespace sluice
