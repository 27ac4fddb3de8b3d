#include "console_backend/activity/requests.h"

#include "base/json.h"
#include "console_backend/activity/guardrail_counts.h"
#include "console_backend/store/like.h"

namespace sluice::console {

namespace {

constexpr const char* request_columns =
    "SELECT request_id, time, origin, client_request_id, upstream_request_id, user_name, device, app, app_version, "
    "virtual_key, team, provider, model, dialect, operation, streamed, host, path, decision, reason, status, "
    "input_tokens, "
    "output_tokens, cache_read_tokens, cache_write_tokens, tokens_estimated, tokens_known, cost_nanodollars, "
    "cost_known, "
    "latency_us, overhead_us, attempts, "
    "guardrails, completed_at FROM requests";

RequestRow request_of(const store::Row& row) {
  RequestRow request;
  request.origin = row.text("origin");
  request.time = row.time("time");
  audit::RequestFacts& facts = request.facts;
  facts.request_id = row.text("request_id");
  facts.client_request_id = row.text("client_request_id");
  facts.device = row.text("device");
  facts.user = row.text("user_name");
  facts.app = row.text("app");
  facts.app_version = row.text("app_version");
  facts.virtual_key = row.text("virtual_key");
  facts.team = row.text("team");
  facts.provider = row.text("provider");
  facts.model = row.text("model");
  facts.dialect = row.text("dialect");
  facts.operation = row.text("operation");
  facts.streamed = row.yes("streamed");
  facts.host = row.text("host");
  facts.path = row.text("path");
  request.completed = !row.null("completed_at");
  request.decision = request.completed ? row.text("decision") : "in_progress";
  audit::Outcome& outcome = request.outcome;
  outcome.reason = row.text("reason");
  outcome.status = static_cast<int>(row.number("status"));
  outcome.upstream_request_id = row.text("upstream_request_id");
  if (row.yes("tokens_known"))
    outcome.tokens =
        audit::Tokens{row.number("input_tokens"), row.number("output_tokens"), row.number("cache_read_tokens"),
                      row.number("cache_write_tokens"), row.yes("tokens_estimated")};
  if (row.yes("cost_known")) outcome.cost_nanodollars = row.number("cost_nanodollars");
  outcome.latency_us = row.number("latency_us");
  outcome.overhead_us = row.number("overhead_us");
  outcome.attempts = static_cast<int>(row.number("attempts"));
  request.guardrails_json = row.text("guardrails");
  return request;
}

std::string guardrails_json(const std::vector<audit::GuardrailOutcome>& guardrails) {
  JsonWriter json;
  json.begin_array();
  for (const audit::GuardrailOutcome& one : guardrails) {
    json.begin_object().field("rule", one.rule).field("action", one.action).field("phase", one.phase);
    json.field("found_by", one.found_by).field("count", one.count).end_object();
  }
  return json.end_array().take();
}

void ensure_row(store::Session& audit, const std::string& request_id, const std::string& origin, TimePoint time) {
  audit.run(
      "INSERT INTO requests (request_id, time, origin) VALUES (:request_id, :time, :origin) "
      "ON CONFLICT (request_id) DO NOTHING",
      {{"request_id", request_id}, {"time", time}, {"origin", origin}});
}

// A row belongs to the origin that began it: no other may change it, whatever ids its records name.
bool store_facts(store::Session& audit, const audit::RequestFacts& facts, const std::string& origin, TimePoint time) {
  return audit.run(
             "UPDATE requests SET time = :time, client_request_id = :client_request_id, user_name = :user_name, "
             "device = :device, app = :app, app_version = :app_version, virtual_key = :virtual_key, team = :team, "
             "provider = :provider, model = :model, dialect = :dialect, operation = :operation, "
             "streamed = :streamed, host = :host, path = :path "
             "WHERE request_id = :request_id AND origin = :origin",
             {{"time", time},
              {"client_request_id", facts.client_request_id},
              {"user_name", facts.user},
              {"device", facts.device},
              {"app", facts.app},
              {"app_version", facts.app_version},
              {"virtual_key", facts.virtual_key},
              {"team", facts.team},
              {"provider", facts.provider},
              {"model", facts.model},
              {"dialect", facts.dialect},
              {"operation", facts.operation},
              {"streamed", facts.streamed},
              {"host", facts.host},
              {"path", facts.path},
              {"request_id", facts.request_id},
              {"origin", origin}}) > 0;
}

// Gateways and spools from before null was possible say zero for what nobody knew; migration audit/0005 reads the rows
// they left the same way. No answer costs no token at all, and nobody who wrote a zero knew a price.
void forget_zeroes(audit::Outcome& outcome) {
  if (outcome.tokens) {
    const audit::Tokens& tokens = *outcome.tokens;
    const bool counted = tokens.input > 0 || tokens.output > 0 || tokens.cache_read > 0 || tokens.cache_write > 0;
    if (!counted) outcome.tokens.reset();
  }
  if (outcome.cost_nanodollars == 0) outcome.cost_nanodollars.reset();
}

// A completion that comes twice is counted once.
void count_first_completion(store::Session& audit, const std::string& request_id, const audit::Outcome& outcome,
                            const std::string& origin, TimePoint time) {
  if (outcome.guardrails.empty()) return;
  const std::int64_t open = audit.number(
      "SELECT COUNT(*) AS n FROM requests WHERE request_id = :request_id AND origin = :origin AND completed_at IS NULL",
      {{"request_id", request_id}, {"origin", origin}});
  if (open > 0) count_guardrails(audit, outcome.guardrails, time);
}

bool store_outcome(store::Session& audit, const std::string& request_id, audit::Outcome outcome,
                   const std::string& origin, TimePoint time) {
  forget_zeroes(outcome);
  count_first_completion(audit, request_id, outcome, origin, time);
  const audit::Tokens tokens = outcome.tokens.value_or(audit::Tokens());
  return audit.run(
             "UPDATE requests SET decision = :decision, reason = :reason, status = :status, "
             "upstream_request_id = :upstream_request_id, input_tokens = :input_tokens, output_tokens = "
             ":output_tokens, "
             "cache_read_tokens = :cache_read_tokens, cache_write_tokens = :cache_write_tokens, "
             "tokens_estimated = :tokens_estimated, tokens_known = :tokens_known, "
             "cost_nanodollars = :cost_nanodollars, cost_known = :cost_known, latency_us = :latency_us, overhead_us = "
             ":overhead_us, "
             "attempts = :attempts, guardrails = :guardrails, completed_at = :completed_at "
             "WHERE request_id = :request_id AND origin = :origin",
             {{"decision", audit::name_of(outcome.decision)},
              {"reason", outcome.reason},
              {"status", outcome.status},
              {"upstream_request_id", outcome.upstream_request_id},
              {"input_tokens", tokens.input},
              {"output_tokens", tokens.output},
              {"cache_read_tokens", tokens.cache_read},
              {"cache_write_tokens", tokens.cache_write},
              {"tokens_estimated", tokens.estimated},
              {"tokens_known", outcome.tokens.has_value()},
              {"cost_nanodollars", outcome.cost_nanodollars.value_or(0)},
              {"cost_known", outcome.cost_nanodollars.has_value()},
              {"latency_us", outcome.latency_us},
              {"overhead_us", outcome.overhead_us},
              {"attempts", outcome.attempts},
              {"guardrails", guardrails_json(outcome.guardrails)},
              {"completed_at", time},
              {"request_id", request_id},
              {"origin", origin}}) > 0;
}

struct Join {
  store::Session& audit;
  const std::string& origin;

  bool operator()(const audit::Intent& intent) const {
    ensure_row(audit, intent.request.request_id, origin, intent.time);
    return store_facts(audit, intent.request, origin, intent.time);
  }
  bool operator()(const audit::Completion& completion) const {
    ensure_row(audit, completion.request_id, origin, completion.time);
    return store_outcome(audit, completion.request_id, completion.outcome, origin, completion.time);
  }
  bool operator()(const audit::Refusal& refusal) const {
    ensure_row(audit, refusal.request.request_id, origin, refusal.time);
    return store_facts(audit, refusal.request, origin, refusal.time) &&
           store_outcome(audit, refusal.request.request_id, refusal.outcome, origin, refusal.time);
  }
};

// The WHERE of a query: only what it names, so that the index on what is named serves it.
struct Filter {
  std::string where = " WHERE 1 = 1";
  store::Values values;

  void equal(std::string_view column, const std::string& value) {
    if (value.empty()) return;
    where.append(" AND ").append(column).append(" = :").append(column);
    values.emplace_back(column, value);
  }
  // The column holds what guardrails_json() wrote; LIKE would not tell letters of one case from those of the other.
  void guardrail(const std::string& rule) {
    if (rule.empty()) return;
    const std::string object = JsonWriter().begin_object().field("rule", rule).end_object().take();
    where += " AND REPLACE(guardrails, :guardrail, '') <> guardrails";
    values.emplace_back("guardrail", object.substr(1, object.size() - 2));
  }

  void part(const RequestQuery& query) {
    if (query.part.empty()) return;
    const std::string pattern = like_pattern(query.part);
    where +=
        " AND (LOWER(user_name) LIKE :q1 ESCAPE '\\' OR LOWER(model) LIKE :q2 ESCAPE '\\' "
        "OR LOWER(host) LIKE :q3 ESCAPE '\\' OR LOWER(reason) LIKE :q4 ESCAPE '\\' "
        "OR LOWER(request_id) LIKE :q5 ESCAPE '\\' OR LOWER(client_request_id) LIKE :q6 ESCAPE '\\' "
        "OR LOWER(upstream_request_id) LIKE :q7 ESCAPE '\\'";
    for (std::string_view name : {"q1", "q2", "q3", "q4", "q5", "q6", "q7"}) values.emplace_back(name, pattern);
    if (!query.named_devices.empty()) {
      where += " OR device IN (";
      for (const std::string& id : query.named_devices) where += "'" + id + "',";  // ids that the console made
      where.back() = ')';
    }
    where += ")";
  }
};

}  // namespace

Page<RequestRow> requests(store::Session& audit, const PageRequest& page, const RequestQuery& query) {
  Filter filter;
  filter.equal("app", query.app);
  filter.equal("device", query.device);
  filter.equal("model", query.model);
  filter.equal("provider", query.provider);
  filter.equal("virtual_key", query.virtual_key);
  filter.equal("team", query.team);
  filter.guardrail(query.guardrail);
  if (query.decision == "in_progress") {
    filter.where += " AND completed_at IS NULL";
  } else {
    filter.equal("decision", query.decision);
  }
  filter.part(query);
  if (query.from) {
    filter.where += " AND time >= :from_time";
    filter.values.emplace_back("from_time", *query.from);
  }
  if (query.to) {
    filter.where += " AND time < :to_time";
    filter.values.emplace_back("to_time", *query.to);
  }
  if (page.after) {
    filter.where += " AND (time < :after_time OR (time = :after_same AND request_id < :after_id))";
    filter.values.emplace_back("after_time", page.after->number());
    filter.values.emplace_back("after_same", page.after->number());
    filter.values.emplace_back("after_id", page.after->id);
  }
  filter.values.emplace_back("limit", static_cast<std::int64_t>(page.limit + 1));
  Page<RequestRow> answer;
  for (const store::Row& row : audit.rows(
           request_columns + filter.where + " ORDER BY time DESC, request_id DESC LIMIT :limit", filter.values)) {
    answer.items.push_back(request_of(row));
  }
  answer.close(page.limit, [](const RequestRow& last) { return Position::at(last.time, last.facts.request_id); });
  return answer;
}

std::optional<RequestRow> find_request(store::Session& audit, std::string_view request_id) {
  std::optional<store::Row> row =
      audit.row(std::string(request_columns) + " WHERE request_id = :request_id", {{"request_id", request_id}});
  if (!row) return std::nullopt;
  return request_of(*row);
}

std::map<std::string, std::int64_t> requests_by_app(store::Session& audit, TimePoint since) {
  std::map<std::string, std::int64_t> counts;
  for (const store::Row& row :
       audit.rows("SELECT app, COUNT(*) AS n FROM requests WHERE time >= :since GROUP BY app LIMIT 10000",
                  {{"since", since}})) {
    counts[row.text("app")] = row.number("n");
  }
  return counts;
}

bool join_request(store::Session& audit, const audit::PlacedRecord& placed) {
  return std::visit(Join{audit, placed.origin}, placed.record);
}

}  // namespace sluice::console
