#include "config/values.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <functional>

namespace sluice::config {
namespace {

using Value = Settings::Value;

std::unexpected<Error> wrong(std::string problem) {
  return fail(ErrorCode::invalid_argument, std::move(problem));
}

// A whole number followed by one of the units, without a space.
struct Unit {
  std::string_view name;
  std::int64_t factor;
};
Result<std::int64_t> number_with_unit(std::string_view text, std::span<const Unit> units, std::string_view example) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto suffix = text.substr(static_cast<std::size_t>(end - text.data()));
  const auto unit = std::ranges::find(units, suffix, &Unit::name);
  std::int64_t product = 0;
  if (error != std::errc() || unit == units.end() || number < 0)
    return wrong("must be a number with a unit, like " + std::string(example));
  if (__builtin_mul_overflow(number, unit->factor, &product)) return wrong("is too large");
  return product;
}

constexpr Unit duration_units[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr Unit size_units[] = {{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"", 1}};

Result<Value> bounded(const Setting& row, Result<std::int64_t> number) {
  if (!number) return fail(number.error());
  if (*number < row.minimum || *number > row.maximum) {
    const std::string unit = row.type == Type::duration ? " ms" : row.type == Type::size ? " bytes" : "";
    return wrong("must be from " + std::to_string(row.minimum) + " to " + std::to_string(row.maximum) + unit);
  }
  return Value(*number);
}

Result<Value> url(std::string text) {
  const auto scheme = text.find("://");
  const auto name = text.substr(0, scheme);
  if (scheme == std::string::npos || (name != "http" && name != "https"))
    return wrong("must begin with https:// or http://");
  while (text.ends_with('/')) text.pop_back();
  const auto host_start = scheme + 3;
  if (text.size() <= host_start || text[host_start] == ':' || text.find_first_of(" \t\r\n\"<>@") != std::string::npos)
    return wrong("must be a URL with a host and without a user name");
  return Value(std::move(text));
}

Result<Value> secret(std::string_view text) {
  if (text.starts_with("vault.")) return fail(ErrorCode::unsupported, "vault references are not supported yet");
  if (!text.starts_with("env.")) return Value(Secret(std::string(text)));
  const std::string name(text.substr(4));
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return wrong("the environment variable " + name + " is not set");
  return Value(Secret(std::string(value)));
}

// Types whose value is written as a string.
Result<Value> from_text(const Setting& row, std::string_view text) {
  const bool may_be_empty = row.presence == Presence::optional && row.type != Type::choice &&
                            row.type != Type::duration && row.type != Type::size;
  if (text.empty() && may_be_empty) {
    if (row.type == Type::secret) return Value(Secret());
    if (row.type == Type::address) return Value(Address{});
    return Value(std::string());
  }
  if (text.empty()) return wrong("must not be empty");
  switch (row.type) {
    case Type::path:
      if (!text.starts_with('/')) return wrong("must be an absolute path");
      return Value(std::string(text));
    case Type::url:
      return url(std::string(text));
    case Type::address: {
      auto address = parse_address(text);
      if (!address) return fail(address.error());
      return Value(std::move(*address));
    }
    case Type::duration: {
      const auto span = parse_duration(text);
      return bounded(row, span ? Result<std::int64_t>(span->count()) : fail(span.error()));
    }
    case Type::size:
      return bounded(row, parse_size(text));
    case Type::choice: {
      if (std::ranges::find(row.choices, text) != row.choices.end()) return Value(std::string(text));
      std::string list;
      for (const auto choice : row.choices) list.append(list.empty() ? "" : ", ").append(choice);
      return wrong("must be one of: " + list);
    }
    case Type::secret:
      return secret(text);
    case Type::text:
    case Type::integer:
    case Type::boolean:
    case Type::texts:
      return Value(std::string(text));
  }
  return wrong("has an unknown type");
}

Result<Value> texts(const JsonValue& json) {
  const auto* array = std::get_if<JsonArray>(&json.data);
  if (array == nullptr) return wrong("must be a list of strings");
  std::vector<std::string> found;
  for (std::size_t i = 0; i < array->size(); ++i) {
    const auto* item = std::get_if<std::string>(&(*array)[i].data);
    if (item == nullptr) return wrong("entry " + std::to_string(i) + " must be a string");
    found.push_back(*item);
  }
  return Value(std::move(found));
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto number = number_with_unit(text, duration_units, "250ms, 30s, 5m, 48h or 7d");
  if (!number) return fail(number.error());
  return std::chrono::milliseconds(*number);
}

Result<std::int64_t> parse_size(std::string_view text) {
  return number_with_unit(text, size_units, "64KiB, 32MiB or 1GiB");
}

Result<Address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong("must be an address with a port, like 127.0.0.1:8080");
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port > 65535)
    return wrong("must end with a port from 0 to 65535");
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos)
    return wrong("must have an IPv6 address in brackets, like [::1]:8080");
  return Address{std::string(host), static_cast<std::uint16_t>(port)};
}

Result<Value> read_value(const Setting& row, const JsonValue& json) {
  switch (row.type) {
    case Type::integer: {
      const auto* number = std::get_if<std::int64_t>(&json.data);
      if (number == nullptr) return wrong("must be a whole number");
      return bounded(row, *number);
    }
    case Type::boolean: {
      const auto* flag = std::get_if<bool>(&json.data);
      if (flag == nullptr) return wrong("must be true or false");
      return Value(*flag);
    }
    case Type::texts:
      return texts(json);
    case Type::size:
      if (const auto* number = std::get_if<std::int64_t>(&json.data)) return bounded(row, *number);
      break;
    default:
      break;
  }
  const auto* text = std::get_if<std::string>(&json.data);
  if (text == nullptr) return wrong("must be a string");
  return from_text(row, *text);
}

Result<Value> read_fallback(const Setting& row) {
  switch (row.type) {
    case Type::integer: {
      const auto number = number_with_unit(row.fallback.empty() ? "0" : row.fallback, size_units, "1");
      return bounded(row, number);
    }
    case Type::boolean:
      return Value(row.fallback == "true");
    case Type::texts: {
      std::vector<std::string> found;
      for (auto rest = row.fallback; !rest.empty();) {
        const auto comma = rest.find(',');
        found.emplace_back(rest.substr(0, comma));
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
      }
      return Value(std::move(found));
    }
    default:
      return from_text(row, row.fallback);
  }
}

std::string canonical(const Value& value) {
  struct Print {
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(const std::vector<std::string>& list) const {
      std::string out;
      for (const auto& item : list) append_json_string(out, item);
      return out;
    }
    std::string operator()(const Address& address) const { return address.host + ":" + std::to_string(address.port); }
    std::string operator()(const Secret& secret) const {
      return std::to_string(std::hash<std::string_view>()(secret.reveal()));
    }
  };
  return std::visit(Print{}, value);
}

}  // namespace sluice::config
