#include "console_backend/api/call.h"

#include <algorithm>
#include <charconv>

namespace sluice::console {

Problem::Problem(Error from) : error(std::move(from)) {
  const std::size_t colon = error.detail.find(": ");
  if (colon == std::string::npos || colon == 0) return;
  const std::string_view prefix = std::string_view(error.detail).substr(0, colon);
  const bool path = std::ranges::all_of(prefix, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("_.[]-").find(c) != std::string_view::npos;
  });
  if (!path) return;
  field = prefix;
  // The document was read; one of its fields is wrong. Only what could not be read at all is malformed.
  if (error.code == ErrorCode::malformed) error.code = ErrorCode::invalid_argument;
}

std::string Call::cookie(std::string_view name) const {
  for (const http::Field& one : fields) {
    if (!http::equal_ignoring_case(one.name, "cookie")) continue;
    std::string_view rest = one.value;
    while (!rest.empty()) {
      const std::size_t end = rest.find(';');
      std::string_view pair = rest.substr(0, end);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
      if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
        return std::string(pair.substr(name.size() + 1));
      }
    }
  }
  return {};
}

Query::Query(const Call& call) {
  std::string_view rest = call.query;
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    std::string raw(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    std::ranges::replace(raw, '+', ' ');
    Result<std::string> name = http::percent_decode(pair.substr(0, equals));
    Result<std::string> value = http::percent_decode(raw);
    if (!name || !value) {
      refuse("query", "holds a broken percent escape");
      continue;
    }
    if (!given_.emplace(*name, *value).second) refuse(*name, "is given twice");
  }
}

void Query::refuse(std::string_view name, std::string_view what) {
  if (!error_) error_ = Error{ErrorCode::invalid_argument, std::string(name) + ": " + std::string(what)};
}

std::optional<std::string> Query::take(std::string_view name) {
  asked_.emplace(name);
  const auto found = given_.find(std::string(name));
  if (found == given_.end()) return std::nullopt;
  return found->second;
}

std::string Query::text(std::string_view name, std::size_t longest) {
  std::string value = take(name).value_or("");
  if (value.size() > longest) {
    refuse(name, "is longer than " + std::to_string(longest) + " bytes");
    return {};
  }
  return value;
}

std::string Query::choice(std::string_view name, std::initializer_list<std::string_view> allowed) {
  std::optional<std::string> value = take(name);
  if (!value) return {};
  if (std::ranges::find(allowed, *value) != allowed.end()) return *value;
  std::string list;
  for (std::string_view one : allowed) list.append(list.empty() ? "" : ", ").append(one);
  refuse(name, "must be one of " + list);
  return {};
}

std::optional<TimePoint> Query::time(std::string_view name) {
  std::optional<std::string> value = take(name);
  if (!value) return std::nullopt;
  Result<TimePoint> time = from_rfc3339(*value);
  if (time) return *time;
  refuse(name, "must be a time like 2026-01-31T12:00:00Z");
  return std::nullopt;
}

PageRequest Query::page() {
  PageRequest page;
  if (std::optional<std::string> limit = take("limit")) {
    const auto [end, error] = std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
    if (error != std::errc() || end != limit->data() + limit->size() || page.limit < 1 || page.limit > 200) {
      refuse("limit", "must be a number from 1 to 200");
      page.limit = 50;
    }
  }
  if (std::optional<std::string> cursor = take("cursor")) {
    Result<Position> position = parse_cursor(*cursor);
    if (position) {
      page.after = std::move(*position);
    } else if (!error_) {
      error_ = position.error();
    }
  }
  return page;
}

std::optional<Error> Query::finish() {
  for (const auto& [name, value] : given_) {
    if (!asked_.contains(name)) refuse(name, "there is no such query parameter here");
  }
  return error_;
}

bool is_chosen_id(std::string_view id) {
  const auto letter_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !id.empty() && id.size() <= 64 && letter_or_digit(id[0]) &&
         std::ranges::all_of(id, [&](char c) { return letter_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

void maybe_text(JsonWriter& json, std::string_view name, std::string_view value) {
  json.key(name);
  if (value.empty()) {
    json.null();
  } else {
    json.text(value);
  }
}

void maybe_time(JsonWriter& json, std::string_view name, const std::optional<TimePoint>& value) {
  json.key(name);
  if (value) {
    json.text(to_rfc3339(*value));
  } else {
    json.null();
  }
}

void next_cursor(JsonWriter& json, const std::optional<Position>& next) {
  maybe_text(json, "next_cursor", next ? print_cursor(*next) : std::string());
}

}  // namespace sluice::console
