#include "console_backend/api/log_rows.h"

#include "console_backend/devices/devices.h"
#include "console_backend/store/like.h"

namespace sluice::console {

namespace {

// Before a completion nothing is known of the outcome; a request that was turned away never used a token. One whose
// answer was stopped is denied too, but the provider had been asked.
bool reached_upstream(const RequestRow& row) {
  return row.completed && ((row.decision != "denied" && row.decision != "refused") || row.outcome.attempts > 0);
}

// A refusal of an older version wrote zeroes for what never was.
bool tokens_known(const RequestRow& row) {
  return reached_upstream(row) && row.outcome.tokens.has_value();
}

bool cost_known(const RequestRow& row) {
  return reached_upstream(row) && row.outcome.cost_nanodollars.has_value();
}

audit::Tokens tokens_of(const RequestRow& row) {
  return row.outcome.tokens.value_or(audit::Tokens());
}

void maybe_count(JsonWriter& json, std::string_view name, std::int64_t value, bool known) {
  json.key(name);
  if (known) {
    json.integer(value);
  } else {
    json.null();
  }
}

std::string device_name(const RequestRow& row, const DeviceNames& names) {
  const auto found = names.find(row.facts.device);
  return found == names.end() ? std::string() : found->second;
}

std::string cell(std::string_view text) {
  std::string safe(text);
  if (!safe.empty() && std::string_view("=+-@\t\r").find(safe[0]) != std::string_view::npos) safe.insert(0, "'");
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (char letter : safe) {
    if (letter == '"') quoted.push_back('"');
    quoted.push_back(letter);
  }
  return quoted + "\"";
}

std::string number_cell(std::int64_t value, bool known) {
  return known ? std::to_string(value) : std::string();
}

}  // namespace

void write_log_row(JsonWriter& json, const RequestRow& row, const DeviceNames& names) {
  const audit::RequestFacts& facts = row.facts;
  const audit::Outcome& outcome = row.outcome;
  const bool upstream = reached_upstream(row);
  json.begin_object().field("time", row.time).field("request_id", facts.request_id);
  maybe_text(json, "client_request_id", facts.client_request_id);
  maybe_text(json, "upstream_request_id", outcome.upstream_request_id);
  maybe_text(json, "user", facts.user);
  maybe_text(json, "device", facts.device);
  maybe_text(json, "device_name", device_name(row, names));
  maybe_text(json, "app", facts.app);
  maybe_text(json, "app_version", facts.app_version);
  maybe_text(json, "virtual_key", facts.virtual_key);
  maybe_text(json, "team", facts.team);
  json.key("customer").null();
  maybe_text(json, "provider", facts.provider);
  maybe_text(json, "model", facts.model);
  maybe_text(json, "dialect", facts.dialect);
  maybe_text(json, "operation", facts.operation);
  json.field("streamed", facts.streamed);
  json.key("tokens").begin_object();
  const audit::Tokens tokens = tokens_of(row);
  const bool told = tokens_known(row);
  maybe_count(json, "input", tokens.input, told);
  maybe_count(json, "output", tokens.output, told);
  maybe_count(json, "cache_read", tokens.cache_read, told);
  maybe_count(json, "cache_write", tokens.cache_write, told);
  if (tokens.estimated) json.field("estimated", true);
  json.end_object();
  maybe_count(json, "cost_nanodollars", outcome.cost_nanodollars.value_or(0), cost_known(row));
  maybe_count(json, "latency_us", outcome.latency_us, row.completed);
  maybe_count(json, "overhead_us", outcome.overhead_us, upstream);
  maybe_count(json, "attempts", outcome.attempts, row.completed);
  json.field("decision", row.decision);
  maybe_text(json, "reason", outcome.reason);
  maybe_count(json, "status", outcome.status, row.completed && outcome.status != 0);
  json.key("guardrails").raw(row.guardrails_json.empty() ? "[]" : row.guardrails_json);
  json.field("origin", row.origin);
  maybe_text(json, "host", facts.host);
  maybe_text(json, "path", facts.path);
  json.end_object();
}

std::string csv_header() {
  return "time,request_id,client_request_id,upstream_request_id,user,device,device_name,app,app_version,virtual_key,"
         "team,customer,provider,model,dialect,operation,streamed,tokens.input,tokens.output,tokens.cache_read,"
         "tokens.cache_write,tokens.estimated,cost_nanodollars,latency_us,overhead_us,attempts,decision,reason,status,"
         "guardrails,origin,host,path\r\n";
}

std::string csv_row(const RequestRow& row, const DeviceNames& names) {
  const audit::RequestFacts& facts = row.facts;
  const audit::Outcome& outcome = row.outcome;
  const bool upstream = reached_upstream(row);
  const audit::Tokens tokens = tokens_of(row);
  const bool told = tokens_known(row);
  const std::string cells[] = {to_rfc3339(row.time),
                               facts.request_id,
                               cell(facts.client_request_id),
                               cell(outcome.upstream_request_id),
                               cell(facts.user),
                               cell(facts.device),
                               cell(device_name(row, names)),
                               cell(facts.app),
                               cell(facts.app_version),
                               cell(facts.virtual_key),
                               cell(facts.team),
                               "",
                               cell(facts.provider),
                               cell(facts.model),
                               cell(facts.dialect),
                               cell(facts.operation),
                               facts.streamed ? "true" : "false",
                               number_cell(tokens.input, told),
                               number_cell(tokens.output, told),
                               number_cell(tokens.cache_read, told),
                               number_cell(tokens.cache_write, told),
                               told ? (tokens.estimated ? "true" : "false") : "",
                               number_cell(outcome.cost_nanodollars.value_or(0), cost_known(row)),
                               number_cell(outcome.latency_us, row.completed),
                               number_cell(outcome.overhead_us, upstream),
                               number_cell(outcome.attempts, row.completed),
                               row.decision,
                               cell(outcome.reason),
                               number_cell(outcome.status, row.completed && outcome.status != 0),
                               cell(row.guardrails_json),
                               cell(row.origin),
                               cell(facts.host),
                               cell(facts.path)};
  std::string line;
  for (const std::string& one : cells) line.append(line.empty() ? "" : ",").append(one);
  return line + "\r\n";
}

Result<LogQuery> read_log_query(const Services& services, const Call& call) {
  Query query(call);
  LogQuery wanted;
  wanted.page = query.page();
  wanted.rows.part = query.text("q", 200);
  wanted.rows.app = query.text("app", 64);
  wanted.rows.decision =
      query.choice("decision", {"in_progress", "allowed", "denied", "refused", "failed", "interrupted"});
  wanted.rows.device = query.text("device", 64);
  wanted.rows.model = query.text("model", 128);
  wanted.rows.provider = query.text("provider", 64);
  wanted.rows.guardrail = query.text("guardrail", 64);
  wanted.rows.virtual_key = query.text("virtual_key", 64);
  wanted.rows.team = query.text("team", 128);
  wanted.rows.from = query.time("from");
  wanted.rows.to = query.time("to");
  wanted.format = query.choice("format", {"csv", "json"});
  if (std::optional<Error> error = query.finish()) return fail(*error);
  for (std::string_view name : {"cursor", "limit"}) {
    if (wanted.format.empty() || !query.has(name)) continue;
    return fail(ErrorCode::invalid_argument, std::string(name) + ": an export has no pages");
  }
  Result<DeviceNames> names = services.config.read([](store::Session& session) { return device_names(session); });
  if (!names) return fail(names.error());
  wanted.names = std::move(*names);
  if (wanted.rows.part.empty()) return wanted;
  // Host names live in the other database, so their ids are looked up first.
  Result<Page<DeviceRow>> named = services.config.read([&](store::Session& session) {
    return devices(session, PageRequest{200, std::nullopt}, DeviceQuery{wanted.rows.part, "", ""},
                   services.clock.now());
  });
  if (!named) return fail(named.error());
  for (const DeviceRow& device : named->items) wanted.rows.named_devices.push_back(device.id);
  return wanted;
}

Result<ExportPiece> next_export_piece(const Services& services, LogQuery& query) {
  query.page.limit = 1000;
  Result<Page<RequestRow>> page =
      services.audit.read([&](store::Session& session) { return requests(session, query.page, query.rows); });
  if (!page) return fail(page.error());
  ExportPiece piece{{}, !page->next};
  for (const RequestRow& row : page->items) {
    if (query.format == "csv") {
      piece.text += csv_row(row, query.names);
    } else {
      JsonWriter json;
      write_log_row(json, row, query.names);
      piece.text += json.take() + "\n";
    }
  }
  query.page.after = page->next;
  return piece;
}

}  // namespace sluice::console
