// One REST request and its answer, apart from sockets: handlers are plain functions that run on a worker thread, may
// block on the database, and are tested without a server.
#pragma once
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "console_backend/identity/sign_in.h"
#include "console_backend/store/page.h"
#include "http/message.h"

namespace sluice::console {

// What went wrong, and which field or query parameter is to blame.
struct Problem {
  Error error;
  std::string field;
  int status = 0;                        // 0: the error's own
  std::chrono::seconds retry_after{60};  // of 429 and 503

  // "note: is too long" names the field `note`.
  Problem(Error from);  // NOLINT: errors become problems wherever they are returned
};
inline std::unexpected<Problem> problem(Error error) {
  return std::unexpected<Problem>(Problem(std::move(error)));
}
inline std::unexpected<Problem> problem(ErrorCode code, std::string detail) {
  return problem({code, std::move(detail)});
}

struct Answer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  http::Fields fields;  // besides content-type and content-length
};
using Outcome = std::expected<Answer, Problem>;
inline Answer json_answer(std::string body, int status = 200) {
  return {status, std::move(body), "application/json", {}};
}
inline Answer no_content() {
  return {204, "", "", {}};
}

struct Call {
  std::string method;
  std::string path;   // as sent, without the query
  std::string query;  // as sent
  http::Fields fields;
  std::string body;
  std::string address;                                         // of the client, for limits
  std::map<std::string, std::string, std::less<>> parameters;  // of the path, decoded
  std::optional<Principal> principal;

  [[nodiscard]] const std::string& parameter(std::string_view name) const { return parameters.find(name)->second; }
  [[nodiscard]] std::string field(std::string_view name) const { return std::string(fields.get(name).value_or("")); }
  [[nodiscard]] std::string cookie(std::string_view name) const;
  [[nodiscard]] std::string actor() const { return principal ? principal->actor() : "nobody"; }
};

// Reads the query strictly: what nobody asked for is invalid_argument, like a parameter that is given twice.
class Query {
 public:
  explicit Query(const Call& call);
  std::string text(std::string_view name, std::size_t longest);
  std::string choice(std::string_view name, std::initializer_list<std::string_view> allowed);
  std::optional<TimePoint> time(std::string_view name);
  PageRequest page();  // cursor and limit
  [[nodiscard]] bool has(std::string_view name) const { return given_.contains(std::string(name)); }
  // The first thing that was wrong.
  std::optional<Error> finish();

 private:
  std::optional<std::string> take(std::string_view name);
  void refuse(std::string_view name, std::string_view what);
  std::map<std::string, std::string> given_;
  std::set<std::string, std::less<>> asked_;
  std::optional<Error> error_;
};

// Ids that clients choose: letters, digits, '.', '_' and '-', a letter or digit first, at most 64.
bool is_chosen_id(std::string_view id);

// Null for what is not known.
void maybe_text(JsonWriter& json, std::string_view name, std::string_view value);
void maybe_time(JsonWriter& json, std::string_view name, const std::optional<TimePoint>& value);
// "next_cursor" of a page.
void next_cursor(JsonWriter& json, const std::optional<Position>& next);

// A page of a list that is small enough to be read whole; the cursor is the index in it.
template <class T>
Page<T> page_of(std::vector<T> all, const PageRequest& request) {
  Page<T> page;
  const std::int64_t first = request.after ? request.after->number() : 0;
  const std::size_t begin = std::min(all.size(), static_cast<std::size_t>(first));
  const std::size_t end = std::min(all.size(), begin + request.limit);
  for (std::size_t i = begin; i < end; ++i) page.items.push_back(std::move(all[i]));
  if (end < all.size()) page.next = Position{std::to_string(end), ""};
  return page;
}

}  // namespace sluice::console
