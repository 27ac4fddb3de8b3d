#include "console_backend/activity/intake.h"

#include "audit/chain.h"
#include "audit/record.h"
#include "base/encoding.h"
#include "base/ids.h"
#include "base/json.h"
#include "console_backend/activity/requests.h"
#include "console_backend/devices/enrolment_tokens.h"

namespace sluice::console {

namespace {

constexpr std::size_t longest_detail = 1000;

struct Head {
  std::string origin;
  std::int64_t sequence = 0;
};

// Origin and sequence are read apart from everything else: a record that says something strange still has its place.
Result<Head> head_of(std::string_view line, std::size_t index) {
  const std::string path = "records[" + std::to_string(index) + "]";
  Result<JsonValue> document = parse_json(line);
  if (!document) return fail(document.error().during(path));
  const JsonValue* record = document->find("record");
  const JsonValue* origin = record == nullptr ? nullptr : record->find("origin");
  const JsonValue* sequence = record == nullptr ? nullptr : record->find("sequence");
  const std::string* name = origin == nullptr ? nullptr : std::get_if<std::string>(&origin->data);
  const std::int64_t* number = sequence == nullptr ? nullptr : std::get_if<std::int64_t>(&sequence->data);
  if (name == nullptr) return fail(ErrorCode::malformed, path + ".record.origin: missing");
  if (number == nullptr || *number < 1) return fail(ErrorCode::malformed, path + ".record.sequence: missing");
  return Head{*name, *number};
}

class Chain {
 public:
  Chain(store::Session& audit, std::string_view origin, std::string_view kind, TimePoint now)
      : audit_(audit), origin_(origin), kind_(kind), now_(now) {
    std::optional<store::Row> row =
        audit.row("SELECT last_sequence, last_hash FROM origins WHERE origin = :origin", {{"origin", origin}});
    if (row) last_ = row->number("last_sequence");
    last_hash_ = row ? row->text("last_hash") : to_hex(tls::view(audit::chain_start(origin)));
  }

  void take(const Head& head, const std::string& line, Taken& taken) {
    if (head.sequence <= last_) return;  // was sent again
    if (head.sequence != last_ + 1) {
      find(taken, "gap", head.sequence,
           "records " + std::to_string(last_ + 1) + " to " + std::to_string(head.sequence - 1) + " did not arrive");
      last_hash_.clear();
    }
    check(head, line, taken);
    audit_.run("INSERT INTO events (origin, sequence, line, received_at) VALUES (:origin, :sequence, :line, :now)",
               {{"origin", origin_}, {"sequence", head.sequence}, {"line", line}, {"now", now_}});
    last_ = head.sequence;
    ++taken.stored;
  }

  void store() {
    audit_.run(
        "INSERT INTO origins (origin, kind, last_sequence, last_hash, last_received_at) "
        "VALUES (:origin, :kind, :last_sequence, :last_hash, :now) ON CONFLICT (origin) DO UPDATE SET "
        "last_sequence = excluded.last_sequence, last_hash = excluded.last_hash, "
        "last_received_at = excluded.last_received_at",
        {{"origin", origin_}, {"kind", kind_}, {"last_sequence", last_}, {"last_hash", last_hash_}, {"now", now_}});
  }
  [[nodiscard]] std::int64_t last() const { return last_; }

 private:
  void check(const Head& head, const std::string& line, Taken& taken) {
    Result<audit::CheckedLine> checked = audit::check_line(line);
    if (!checked) {
      find(taken, "chain_broken", head.sequence, checked.error().message());
      last_hash_.clear();
      join(record_json(line), head, taken);
      return;
    }
    if (!last_hash_.empty() && to_hex(tls::view(checked->previous)) != last_hash_) {
      find(taken, "chain_broken", head.sequence, "the record does not follow the one before it");
    }
    last_hash_ = to_hex(tls::view(checked->hash));
    join(checked->record_json, head, taken);
  }

  static std::string record_json(const std::string& line) {
    Result<JsonValue> document = parse_json(line);
    const JsonValue* record = document ? document->find("record") : nullptr;
    return record == nullptr ? std::string() : JsonWriter().value(*record).take();
  }

  void join(const std::string& record_text, const Head& head, Taken& taken) {
    Result<audit::PlacedRecord> placed = audit::record_from_json(record_text);
    if (!placed) {
      find(taken, "unreadable", head.sequence, placed.error().message());
      return;
    }
    const audit::RequestFacts* facts = nullptr;
    if (const auto* intent = std::get_if<audit::Intent>(&placed->record)) facts = &intent->request;
    if (const auto* refusal = std::get_if<audit::Refusal>(&placed->record)) facts = &refusal->request;
    // A device speaks of its own requests only; a gateway of those that it served.
    const bool foreign =
        kind_ == name_of(wire::Party::device) && facts != nullptr && !facts->device.empty() && facts->device != origin_;
    if (foreign || !join_request(audit_, *placed)) {
      find(taken, "foreign", head.sequence, "the record speaks of a request of another device or gateway");
      return;
    }
    if (facts == nullptr) return;
    if (!facts->app.empty()) taken.apps.insert(facts->app);
    if (!facts->user.empty() && !facts->device.empty()) taken.users[facts->device] = facts->user;
  }

  void find(Taken& taken, std::string_view kind, std::int64_t sequence, std::string detail) {
    if (detail.size() > longest_detail) detail.resize(longest_detail);
    audit_.run(
        "INSERT INTO findings (id, time, kind, origin, sequence, detail) "
        "VALUES (:id, :time, :kind, :origin, :sequence, :detail)",
        {{"id", new_id_text("fnd")},
         {"time", now_},
         {"kind", kind},
         {"origin", origin_},
         {"sequence", sequence},
         {"detail", detail}});
    ++taken.findings;
  }

  store::Session& audit_;
  std::string_view origin_;
  std::string_view kind_;
  TimePoint now_;
  std::int64_t last_ = 0;
  std::string last_hash_;  // hex; empty after a break: the next record begins anew
};

}  // namespace

Result<Taken> take_events(store::Database& audit, std::string_view peer, wire::Party kind,
                          const wire::EventsRequest& batch, TimePoint now) {
  if (batch.origin != peer) return fail(ErrorCode::forbidden, "origin: not the one that the certificate names");
  std::vector<Head> heads;
  for (std::size_t i = 0; i < batch.records.size(); ++i) {
    Result<Head> head = head_of(batch.records[i], i);
    if (!head) return fail(head.error());
    if (head->origin != peer) {
      return fail(ErrorCode::forbidden, "records[" + std::to_string(i) + "].record.origin: not that of the batch");
    }
    heads.push_back(std::move(*head));
  }
  return audit.write([&](store::Session& session) {
    Taken taken;
    Chain chain(session, peer, name_of(kind), now);
    for (std::size_t i = 0; i < heads.size(); ++i) chain.take(heads[i], batch.records[i], taken);
    if (taken.stored > 0) chain.store();
    taken.accepted_through = chain.last();
    return taken;
  });
}

std::vector<Finding> findings(store::Session& audit, std::size_t limit) {
  std::vector<Finding> all;
  for (const store::Row& row : audit.rows(
           "SELECT id, time, kind, origin, sequence, detail FROM findings ORDER BY time DESC, id DESC LIMIT :limit",
           {{"limit", static_cast<std::int64_t>(limit)}})) {
    all.push_back({row.text("id"), row.time("time"), row.text("kind"), row.text("origin"), row.number("sequence"),
                   row.text("detail")});
  }
  return all;
}

}  // namespace sluice::console
