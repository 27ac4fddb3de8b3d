// /api/logs, but for exports, which are streamed (web_server.cpp)
#include "console_backend/api/log_rows.h"
#include "console_backend/api/routes.h"

namespace sluice::console {

namespace {

Outcome list_logs(Services& services, Call& call) {
  Result<LogQuery> query = read_log_query(services, call);
  if (!query) return problem(query.error());
  Result<Page<RequestRow>> page =
      services.audit.read([&](store::Session& session) { return requests(session, query->page, query->rows); });
  if (!page) return problem(page.error());
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const RequestRow& row : page->items) write_log_row(json, row, query->names);
  json.end_array();
  next_cursor(json, page->next);
  return json_answer(json.end_object().take());
}

Outcome get_log(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  Result<std::optional<RequestRow>> row =
      services.audit.read([&](store::Session& session) { return find_request(session, call.parameter("request_id")); });
  if (!row) return problem(row.error());
  if (!*row) return problem(ErrorCode::not_found, "there is no such request");
  Call none = call;
  none.query.clear();
  Result<LogQuery> names = read_log_query(services, none);
  if (!names) return problem(names.error());
  JsonWriter json;
  write_log_row(json, **row, names->names);
  return json_answer(json.take());
}

}  // namespace

void add_log_routes(std::vector<Route>& routes, Services& services) {
  constexpr Access who = Access::administrator;
  routes.push_back({"GET", "/api/logs", who, [&](Call& call) { return list_logs(services, call); }});
  routes.push_back({"GET", "/api/logs/{request_id}", who, [&](Call& call) { return get_log(services, call); }});
}

}  // namespace sluice::console
