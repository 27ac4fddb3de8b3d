// JSON to records. Strict: a field that is missing, unknown, twice there or of another type is an error with its path.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "audit/chain.h"
#include "audit/record.h"

namespace sluice::audit {
namespace {

using Json = nlohmann::ordered_json;

// Reads fields of one object and keeps the first error.
class Object {
 public:
  Object(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
    if (!json.is_object()) wrong("", "must be an object");
  }
  std::string text(const char* key) {
    const Json* value = find(key);
    if (value == nullptr) return {};
    if (!value->is_string()) wrong(key, "must be a string");
    return value->is_string() ? value->get<std::string>() : std::string();
  }
  std::string optional_text(const char* key) {
    return json_.is_object() && json_.contains(key) ? text(key) : std::string();
  }
  std::int64_t number(const char* key, std::int64_t least = 0) {
    const Json* value = find(key);
    if (value == nullptr) return least;
    const bool fits = value->is_number_integer() &&
                      !(value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t{INT64_MAX}) &&
                      value->get<std::int64_t>() >= least;
    if (!fits) wrong(key, "must be a whole number of at least " + std::to_string(least));
    return fits ? value->get<std::int64_t>() : least;
  }
  std::int64_t optional_number(const char* key, std::int64_t fallback) {
    return json_.is_object() && json_.contains(key) ? number(key) : fallback;
  }
  int small_number(const char* key) {
    const std::int64_t value = number(key);
    if (value > 1'000'000) wrong(key, "is too large");
    return value > 1'000'000 ? 0 : static_cast<int>(value);
  }
  bool flag(const char* key) {
    const Json* value = find(key);
    if (value != nullptr && !value->is_boolean()) wrong(key, "must be true or false");
    return value != nullptr && value->is_boolean() && value->get<bool>();
  }
  bool is_null(const char* key) {
    const Json* value = find(key);
    return value != nullptr && value->is_null();
  }
  bool optional_flag(const char* key) { return json_.is_object() && json_.contains(key) && flag(key); }
  TimePoint time(const char* key) {
    const auto parsed = from_rfc3339(text(key));
    if (!parsed) wrong(key, "must be an RFC 3339 time");
    return parsed.value_or(TimePoint{});
  }
  const Json& member(const char* key) {
    static const Json nothing;
    const Json* value = find(key);
    return value != nullptr ? *value : nothing;
  }
  void wrong(std::string_view key, std::string_view what) {
    if (!error_.empty()) return;
    error_ = path_;
    if (!key.empty() && !path_.empty()) error_ += '.';
    error_.append(key).append(" ").append(what);
  }
  void wrong(const std::string& error) {
    if (error_.empty()) error_ = error;
  }
  // Every field has been asked for, or it is unknown.
  std::string finish() {
    if (json_.is_object())
      for (const auto& item : json_.items())
        if (std::ranges::find(known_, item.key()) == known_.end()) wrong(item.key(), "is not a known field");
    return error_;
  }

 private:
  const Json* find(const char* key) {
    known_.emplace_back(key);
    if (!json_.is_object()) return nullptr;
    const auto found = json_.find(key);
    if (found != json_.end()) return &*found;
    wrong(key, "is missing");
    return nullptr;
  }
  const Json& json_;
  std::string path_, error_;
  std::vector<std::string> known_;
};

RequestFacts request_of(Object& object) {
  RequestFacts facts;
  facts.request_id = object.text("request_id");
  facts.client_request_id = object.text("client_request_id");
  facts.device = object.optional_text("device");
  facts.user = object.optional_text("user");
  facts.app = object.text("app");
  facts.app_version = object.text("app_version");
  facts.virtual_key = object.text("virtual_key");
  facts.team = object.optional_text("team");
  facts.provider = object.text("provider");
  facts.model = object.text("model");
  facts.dialect = object.text("dialect");
  facts.operation = object.text("operation");
  facts.streamed = object.flag("streamed");
  facts.host = object.text("host");
  facts.path = object.text("path");
  return facts;
}

Decision decision_of(Object& object) {
  const std::string name = object.text("decision");
  for (const auto decision :
       {Decision::allowed, Decision::denied, Decision::refused, Decision::failed, Decision::interrupted})
    if (name == name_of(decision)) return decision;
  object.wrong("decision", "must be allowed, denied, refused, failed or interrupted");
  return Decision::failed;
}

std::optional<Tokens> tokens_of(Object& object) {
  if (object.is_null("tokens")) return std::nullopt;
  Object tokens(object.member("tokens"), "tokens");
  const Tokens read{tokens.number("input"), tokens.number("output"), tokens.number("cache_read"),
                    tokens.number("cache_write"), tokens.optional_flag("estimated")};
  object.wrong(tokens.finish());
  return read;
}

Outcome outcome_of(Object& object) {
  Outcome outcome;
  outcome.decision = decision_of(object);
  outcome.reason = object.text("reason");
  outcome.status = object.small_number("status");
  outcome.upstream_request_id = object.text("upstream_request_id");
  outcome.tokens = tokens_of(object);
  if (!object.is_null("cost_nanodollars")) outcome.cost_nanodollars = object.number("cost_nanodollars");
  outcome.latency_us = object.number("latency_us");
  outcome.overhead_us = object.number("overhead_us");
  outcome.attempts = object.small_number("attempts");
  const Json& guardrails = object.member("guardrails");
  if (!guardrails.is_array()) object.wrong("guardrails", "must be a list");
  for (std::size_t i = 0; guardrails.is_array() && i < guardrails.size(); ++i) {
    Object entry(guardrails[i], "guardrails[" + std::to_string(i) + "]");
    outcome.guardrails.push_back({entry.text("rule"), entry.text("action"), entry.text("phase"),
                                  entry.optional_text("found_by"), entry.optional_number("count", 1)});
    object.wrong(entry.finish());
  }
  outcome.guard_held_bytes = object.optional_number("guard_held_bytes", 0);
  outcome.guard_delay_us = object.optional_number("guard_delay_us", 0);
  return outcome;
}

}  // namespace

Result<PlacedRecord> record_from_json(std::string_view text) {
  if (text.size() > line_limit) return fail(ErrorCode::too_large, "an audit record of more than 64 KiB");
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return fail(ErrorCode::malformed, "the audit record is not JSON");
  // One text for one record: this also refuses a field that is given twice.
  if (json.dump(-1, ' ', false, Json::error_handler_t::replace) != text)
    return fail(ErrorCode::malformed, "the audit record is not in its compact form, or a field stands there twice");
  Object object(json, "");
  PlacedRecord placed;
  const std::string type = object.text("type");
  placed.origin = object.text("origin");
  placed.sequence = static_cast<std::uint64_t>(object.number("sequence", 1));
  const TimePoint time = object.time("time");
  if (type == "intent")
    placed.record = Intent{time, request_of(object)};
  else if (type == "completion")
    placed.record = Completion{time, object.text("request_id"), outcome_of(object)};
  else if (type == "refusal")
    placed.record = Refusal{time, request_of(object), outcome_of(object)};
  else
    object.wrong("type", "must be intent, completion or refusal");
  if (const std::string error = object.finish(); !error.empty())
    return fail(ErrorCode::malformed, "audit record: " + error);
  return placed;
}

}  // namespace sluice::audit
