// /api/audit/chains: the audit chains themselves, so that anybody who may read them can verify them elsewhere
// (`sluice audit verify URL`). Each export of a chain to its end is closed with a signed checkpoint: kept outside, it
// shows later whether the chain was rewritten.
#include <algorithm>
#include <charconv>

#include "audit/chain.h"
#include "base/encoding.h"
#include "console_backend/api/routes.h"
#include "console_backend/audit/chains.h"

namespace sluice::console {

namespace {

constexpr std::int64_t most_lines = 5000;
constexpr std::int64_t usual_lines = 1000;

Outcome list_chains(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  Result<std::vector<ChainHead>> heads =
      services.audit.read([](store::Session& session) { return chain_heads(session); });
  if (!heads) return problem(heads.error());
  JsonWriter json;
  json.begin_object().field("checkpoint_key", to_base64(services.keys.checkpoint.public_key()));
  json.key("items").begin_array();
  for (const ChainHead& head : *heads) {
    json.begin_object().field("origin", head.origin).field("kind", head.kind);
    json.field("last_sequence", head.last_sequence).end_object();
  }
  return json_answer(json.end_array().end_object().take());
}

Result<std::int64_t> number_of(Query& query, std::string_view name, std::int64_t fallback, std::int64_t least,
                               std::int64_t most) {
  const std::string text = query.text(name, 20);
  if (text.empty()) return fallback;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    return fail(ErrorCode::invalid_argument, std::string(name) + ": must be a whole number from " +
                                                 std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

std::string checkpoint_line(const Services& services, const ChainHead& head) {
  const Result<std::string> bytes = from_hex(head.last_hash);
  audit::Checkpoint checkpoint{head.origin, static_cast<std::uint64_t>(head.last_sequence), {}, services.clock.now()};
  if (!bytes || bytes->size() != checkpoint.hash.size()) return {};
  std::ranges::copy(*bytes, checkpoint.hash.begin());
  return audit::sign_checkpoint(checkpoint, services.keys.checkpoint) + "\n";
}

Outcome read_chain(Services& services, Call& call) {
  Query query(call);
  Result<std::int64_t> after = number_of(query, "after", 0, 0, std::numeric_limits<std::int64_t>::max());
  Result<std::int64_t> limit = number_of(query, "limit", usual_lines, 1, most_lines);
  if (std::optional<Error> error = query.finish()) return problem(*error);
  if (!after) return problem(after.error());
  if (!limit) return problem(limit.error());
  struct Found {
    std::vector<ChainHead> heads;
    std::vector<ChainLine> lines;
  };
  Result<Found> found = services.audit.read([&](store::Session& session) {
    return Found{chain_heads(session), chain_lines(session, call.parameter("origin"), *after, *limit)};
  });
  if (!found) return problem(found.error());
  const auto head = std::ranges::find(found->heads, call.parameter("origin"), &ChainHead::origin);
  if (head == found->heads.end()) return problem(ErrorCode::not_found, "no records came from this origin");
  Answer answer{200, {}, "application/x-ndjson", {}};
  for (const ChainLine& line : found->lines) answer.body.append(line.text).append("\n");
  if (!found->lines.empty() && found->lines.back().sequence < head->last_sequence) {
    answer.fields.add("sluice-next-after", std::to_string(found->lines.back().sequence));
  } else {
    answer.body += checkpoint_line(services, *head);
  }
  return answer;
}

}  // namespace

void add_chain_routes(std::vector<Route>& routes, Services& services) {
  constexpr Access who = Access::administrator;
  routes.push_back({"GET", "/api/audit/chains", who, [&](Call& call) { return list_chains(services, call); }});
  routes.push_back({"GET", "/api/audit/chains/{origin}", who, [&](Call& call) { return read_chain(services, call); }});
}

}  // namespace sluice::console
