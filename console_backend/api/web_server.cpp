#include "console_backend/api/web_server.h"

#include "console_backend/api/answering.h"
#include "console_backend/api/log_rows.h"
#include "console_backend/devices/devices.h"
#include "log/log.h"

namespace sluice::console {

namespace {

Task<Result<void>> respond(http::Exchange& exchange, Outcome outcome) {
  std::string body;
  http::ResponseHead head = head_of(outcome, body);
  add_security_fields(head.fields);
  Result<void> sent = co_await exchange.respond(std::move(head), body);
  co_return sent;
}

std::string change_event(Topics topics, std::int64_t version) {
  JsonWriter json;
  json.begin_object().key("topics").begin_array();
  for (std::size_t i = 0; i < Topics::count; ++i) {
    if (topics.has(i)) json.text(topic_names[i]);
  }
  json.end_array().field("version", version).end_object();
  return "event: change\ndata: " + json.take() + "\n\n";
}

bool is_export(const Call& call) {
  return call.path == "/api/logs" && call.method == "GET" && call.query.find("format=") != std::string::npos;
}

bool may_have_body(const Call& call) {
  return call.method != "GET" && call.method != "HEAD" && call.path.starts_with("/api/");
}

}  // namespace

Task<std::expected<std::size_t, Problem>> WebServer::body_limit_of(Call& call) {
  if (!may_have_body(call)) co_return open_limit;
  std::function<std::expected<const Route*, Problem>()> admit = [this, &call] { return api_.admit(call); };
  std::expected<const Route*, Problem> route = co_await workers_.run(std::move(admit));
  if (!route) co_return std::unexpected(route.error());
  if ((*route)->access == Access::open) co_return open_limit;
  if (call.path.starts_with("/api/guardrails/gitleaks/")) co_return file_limit;
  co_return call.path == "/api/guardrails/document" ? document_limit : body_limit;
}

Task<void> WebServer::handle(http::Exchange& exchange, std::string address) {
  const http::RequestHead& request = exchange.request();
  Call call{request.method,
            std::string(request.path()),
            std::string(request.query()),
            request.fields,
            "",
            std::move(address),
            {},
            std::nullopt};
  const std::expected<std::size_t, Problem> limit = co_await body_limit_of(call);
  if (!limit) {
    Result<void> refused = co_await respond(exchange, std::unexpected(limit.error()));
    static_cast<void>(refused);
    co_return;
  }
  Result<std::string> body = co_await exchange.read_whole_body(*limit);
  if (!body) {
    if (body.error().code == ErrorCode::too_large) {
      Result<void> refused = co_await respond(exchange, problem(body.error()));
      static_cast<void>(refused);
    }
    exchange.close_after();
    co_return;
  }
  call.body = std::move(*body);
  if (call.path == "/api/live" && call.method == "GET") {
    Result<void> done = co_await live(exchange, std::move(call));
    static_cast<void>(done);
    co_return;
  }
  if (is_export(call)) {
    Result<void> done = co_await export_logs(exchange, std::move(call));
    static_cast<void>(done);
    co_return;
  }
  std::function<Outcome()> work = [this, &call] { return answer(call); };
  Outcome outcome = co_await workers_.run(std::move(work));
  Result<void> sent = co_await respond(exchange, std::move(outcome));
  static_cast<void>(sent);
}

Outcome WebServer::answer(Call& call) const {
  if (call.path == "/healthz") return Answer{200, "ok\n", "text/plain; charset=utf-8", {}};
  if (call.path == "/readyz") return ready();
  if (call.path == "/metrics") return metrics(call);
  if (call.path == "/api" || call.path.starts_with("/api/")) {
    Outcome outcome = api_.answer(call);
    if (!outcome && row_of(outcome.error().error.code).http_status == 500) {
      log::failure(log::Level::error, "api.failed", outcome.error().error, {{"path", call.path}});
    }
    return outcome;
  }
  return files_.answer(call);
}

Outcome WebServer::ready() const {
  for (store::Database* database : {&services_.config, &services_.audit}) {
    Result<std::int64_t> asked =
        database->read([](store::Session& session) { return session.number("SELECT 1 AS n"); });
    if (!asked) return problem(ErrorCode::overloaded, "the database does not answer");
  }
  return Answer{200, "ready\n", "text/plain; charset=utf-8", {}};
}

// Counts of devices are nobody's business but the operator's: a scraper shows an API token.
Outcome WebServer::metrics(const Call& call) const {
  if (Result<Principal> who = api_.authenticate(call); !who) return problem(who.error());
  Result<std::vector<DeviceCount>> counts =
      services_.config.read([&](store::Session& session) { return count_devices(session, services_.clock.now()); });
  if (!counts) return problem(counts.error());
  std::string text = "# HELP sluice_agent_devices Enrolled devices.\n# TYPE sluice_agent_devices gauge\n";
  for (const DeviceCount& one : *counts) {
    text += "sluice_agent_devices{platform=\"" + one.platform + "\",state=\"" + one.state + "\"} " +
            std::to_string(one.count) + "\n";
  }
  Result<std::int64_t> broken = services_.audit.read(
      [](store::Session& session) { return session.number("SELECT COUNT(*) AS n FROM findings"); });
  if (!broken) return problem(broken.error());
  text +=
      "# HELP sluice_audit_findings_total Records that did not fit their chain.\n"
      "# TYPE sluice_audit_findings_total counter\nsluice_audit_findings_total " +
      std::to_string(*broken) + "\n";
  text +=
      "# HELP sluice_snapshot_version The policy in force.\n# TYPE sluice_snapshot_version gauge\n"
      "sluice_snapshot_version " +
      std::to_string(services_.publisher.current()->version.version) + "\n";
  return Answer{200, std::move(text), "text/plain; version=0.0.4; charset=utf-8", {}};
}

Task<Result<void>> WebServer::live(http::Exchange& exchange, Call call) {
  std::function<Result<Principal>()> check = [this, &call] { return api_.authenticate(call); };
  Result<Principal> principal = co_await workers_.run(check);
  if (!principal) {
    Result<void> refused = co_await respond(exchange, problem(principal.error()));
    co_return refused;
  }
  http::ResponseHead head;
  head.fields.add("content-type", "text/event-stream");
  head.fields.add("cache-control", "no-store");
  head.fields.add("x-accel-buffering", "no");
  add_security_fields(head.fields);
  ChangeHub::Watch watch(hub_);
  const std::string first = change_event(Topics::all(), services_.publisher.current()->version.version);
  Result<void> sent = co_await exchange.start_response(std::move(head), first);
  Deadline next_ping = in(ping_time);
  while (sent && !hub_.closed()) {
    co_await watch.wait(next_ping);
    const Topics topics = watch.take();
    if (!topics.empty()) {
      sent = co_await exchange.write_body(change_event(topics, services_.publisher.current()->version.version));
      if (!sent) break;
      Result<void> paused = co_await async::sleep_for(change_pause);
      if (!paused) break;
    }
    if (steady_now() < next_ping) continue;
    principal = co_await workers_.run(check);  // the stream ends with the session
    if (!principal) break;
    sent = co_await exchange.write_body(": ping\n\n");
    next_ping = in(ping_time);
  }
  if (!sent) co_return sent;
  Result<void> finished = co_await exchange.finish_response();
  co_return finished;
}

Task<Result<void>> WebServer::export_logs(http::Exchange& exchange, Call call) {
  std::function<Result<LogQuery>()> begin = [this, &call]() -> Result<LogQuery> {
    Result<Principal> principal = api_.authenticate(call);
    if (!principal) return fail(principal.error());
    return read_log_query(services_, call);
  };
  Result<LogQuery> query = co_await workers_.run(std::move(begin));
  if (!query) {
    Result<void> refused = co_await respond(exchange, problem(query.error()));
    co_return refused;
  }
  const bool csv = query->format == "csv";
  http::ResponseHead head;
  head.fields.add("content-type", csv ? "text/csv; charset=utf-8" : "application/x-ndjson");
  head.fields.add("content-disposition",
                  csv ? "attachment; filename=\"sluice-logs.csv\"" : "attachment; filename=\"sluice-logs.jsonl\"");
  head.fields.add("cache-control", "no-store");
  add_security_fields(head.fields);
  Result<void> sent = co_await exchange.start_response(std::move(head), csv ? csv_header() : std::string());
  std::function<Result<ExportPiece>()> step = [this, &query] { return next_export_piece(services_, *query); };
  while (sent) {
    Result<ExportPiece> piece = co_await workers_.run(step);
    if (!piece) {
      exchange.abort();  // a cut export must not look complete
      co_return fail(piece.error());
    }
    if (!piece->text.empty()) sent = co_await exchange.write_body(piece->text);
    if (!sent || piece->last) break;
  }
  if (!sent) co_return sent;
  Result<void> finished = co_await exchange.finish_response();
  co_return finished;
}

}  // namespace sluice::console
