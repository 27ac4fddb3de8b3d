// /api/guardrails: the rules and what they are made of. What cannot be enforced is refused with the field's path.
#include <algorithm>
#include <numeric>

#include "console_backend/api/guardrail_change.h"
#include "console_backend/api/routes.h"
#include "console_backend/guardrails/document.h"
#include "console_backend/guardrails/scope.h"

namespace sluice::console {

namespace {

constexpr JsonLimits body_limits{.bytes = 4 * 1024 * 1024, .depth = 32};

enum class Shape { whole, listed };

// The rows of one part, and what its rules' scopes may name.
struct Listing {
  std::vector<PartRow> rows;
  KnownNames known;
};
Listing listing(store::Session& session, Part part) {
  return {parts(session, part), part == Part::rule ? KnownNames::read(session) : KnownNames()};
}

// The definition with what the console adds. In lists, a file is told by its size.
void write_part(JsonWriter& json, Part part, const Listing& of, std::size_t index, Shape shape) {
  const PartRow& row = of.rows[index];
  const Result<JsonValue> definition = parse_json(row.definition, body_limits);
  const JsonObject* members = definition ? std::get_if<JsonObject>(&definition->data) : nullptr;
  json.begin_object();
  if (members != nullptr) {
    for (const JsonMember& member : *members) {
      if (part == Part::gitleaks && shape == Shape::listed && member.key == "toml") {
        const auto* text = std::get_if<std::string>(&member.value.data);
        json.field("bytes", text == nullptr ? std::size_t{0} : text->size());
        continue;
      }
      json.key(member.key).value(member.value);
    }
  }
  if (part == Part::rule) {
    json.field("position", index).key("warnings");
    write_warnings(json, definition ? of.known.warnings(*definition) : std::vector<GuardWarning>());
  }
  json.field("updated_at", row.updated_at).end_object();
}

Outcome list_parts(Services& services, Part part, Call& call) {
  Query query(call);
  const PageRequest page = query.page();
  if (std::optional<Error> error = query.finish()) return problem(*error);
  Result<Listing> all = services.config.read([&](store::Session& session) { return listing(session, part); });
  if (!all) return problem(all.error());
  std::vector<std::size_t> indices(all->rows.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  const Page<std::size_t> shown = page_of(std::move(indices), page);
  JsonWriter json;
  json.begin_object().key("items").begin_array();
  for (const std::size_t index : shown.items) write_part(json, part, *all, index, Shape::listed);
  json.end_array();
  next_cursor(json, shown.next);
  return json_answer(json.end_object().take());
}

Outcome answer_with(const Listing& all, Part part, std::string_view id, int status) {
  const auto found = std::ranges::find(all.rows, id, &PartRow::id);
  if (found == all.rows.end())
    return problem(ErrorCode::not_found, "there is no such " + std::string(names_of(part).noun));
  JsonWriter json;
  write_part(json, part, all, static_cast<std::size_t>(found - all.rows.begin()), Shape::whole);
  return json_answer(json.take(), status);
}

Outcome get_part(Services& services, Part part, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  Result<Listing> all = services.config.read([&](store::Session& session) { return listing(session, part); });
  if (!all) return problem(all.error());
  return answer_with(*all, part, call.parameter("id"), 200);
}

struct PartChange {
  JsonObject members;
  std::optional<std::size_t> position;
  std::optional<JsonValue> parts;  // that the rule names and that come with it
};
Result<PartChange> read_change(Part part, const std::string& body) {
  Result<JsonValue> document = parse_json(body, body_limits);
  if (!document) return fail(document.error());
  auto* object = std::get_if<JsonObject>(&document->data);
  if (object == nullptr) return fail(ErrorCode::malformed, "the body must be an object");
  PartChange change;
  for (JsonMember& member : *object) {
    if (part == Part::rule && member.key == "parts") {
      change.parts = std::move(member.value);
      continue;
    }
    if (part != Part::rule || member.key != "position") {
      change.members.push_back(std::move(member));
      continue;
    }
    const auto* number = std::get_if<std::int64_t>(&member.value.data);
    if (number == nullptr || *number < 0) {
      return fail(ErrorCode::invalid_argument, "position: must be a whole number of 0 or more");
    }
    change.position = static_cast<std::size_t>(*number);
  }
  return change;
}

// Moving a rule or switching it off leaves nothing new to compile: whoever has to stop a rule waits for no compilation.
bool asks_for_nothing_new(Part part, const JsonObject& members) {
  return part == Part::rule && std::ranges::all_of(members, [](const JsonMember& member) {
           const bool* yes = std::get_if<bool>(&member.value.data);
           return member.key == "enabled" && yes != nullptr && !*yes;
         });
}

struct Definition {
  Part part = Part::rule;
  std::string id, text;
};

// What comes with a rule is new: a list that somebody has filled meanwhile is not replaced by that of a template.
Result<std::vector<GuardRows::Laid>> lay_parts(GuardRows& rows, const std::optional<JsonValue>& parts) {
  if (!parts) return std::vector<GuardRows::Laid>();
  Result<std::vector<GuardRows::Laid>> laid = rows.overlay_parts(*parts);
  if (!laid) return laid;
  for (const GuardRows::Laid& one : *laid) {
    if (!is_chosen_id(one.id))
      return fail(ErrorCode::invalid_argument,
                  one.path + ".id: letters, digits, '.', '_' and '-', at most 64, are possible");
    if (one.was_there) return fail(ErrorCode::conflict, one.path + ": there is one with the id " + one.id + " already");
  }
  return laid;
}

// A rule that asks a check which nobody can ask would stop every request, or pass it unchecked.
Result<void> refuse_broken_checks(const Services& services, const std::string& rule_text) {
  const Result<JsonValue> rule = parse_json(rule_text, body_limits);
  if (!rule) return fail(rule.error());
  const Result<KnownNames> known =
      services.config.read([](store::Session& session) { return KnownNames::read(session); });
  if (!known) return fail(known.error());
  for (const GuardWarning& one : known->check_warnings(*rule))
    return fail(ErrorCode::invalid_argument, one.path + ": " + one.message);
  return {};
}

// The document with the change in it, checked and compiled; the definitions as they will be stored, what was put last.
Result<std::vector<Definition>> accepted(const Services& services, const GuardCheck::Turn& turn, Part part,
                                         std::string_view id, const PartChange& change) {
  Result<GuardRows> rows = services.config.read([](store::Session& session) { return GuardRows::read(session); });
  if (!rows) return fail(rows.error());
  Result<std::vector<GuardRows::Laid>> laid = lay_parts(*rows, change.parts);
  if (!laid) return fail(laid.error());
  Result<std::size_t> index = rows->overlay(part, id, change.members);
  if (!index) return fail(index.error());
  Result<policy::GuardrailDocument> document = rows->document();
  if (!document) return fail(seen_from(seen_from(document.error(), part, *index, nullptr), *laid));
  std::vector<Definition> all;
  std::vector<NamedPart> named;
  for (const GuardRows::Laid& one : *laid) {
    all.push_back({one.part, one.id, definition_of(*document, one.part, one.index)});
    named.push_back({one.part, one.id});
  }
  all.push_back({part, std::string(id), definition_of(*document, part, *index)});
  named.push_back({part, std::string(id)});
  if (laid->empty() && asks_for_nothing_new(part, change.members)) return all;
  if (part == Part::rule && document->rules[*index].enabled) {
    if (Result<void> asked = refuse_broken_checks(services, all.back().text); !asked) return fail(asked.error());
  }
  if (Result<void> fits = check_size(*document); !fits) return fail(fits.error());
  add_probe(*document, named);
  auto compiled = compile_guardrails(services, turn, *document);
  if (!compiled) return fail(seen_from(seen_from(compiled.error(), part, *index, &*document), *laid));
  return all;
}

std::string listed(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text.append(text.empty() ? "" : ", ").append(id);
  return text;
}

// For the record of actions: "with word list code-names".
std::string note_of(const std::vector<Definition>& definitions) {
  std::vector<std::string> others;
  for (std::size_t i = 0; i + 1 < definitions.size(); ++i)
    others.push_back(std::string(names_of(definitions[i].part).noun) + " " + definitions[i].id);
  return others.empty() ? "" : "with " + listed(others);
}

Outcome put(Services& services, Part part, Call& call) {
  const std::string id = call.parameter("id");
  if (!is_chosen_id(id)) {
    return problem(ErrorCode::invalid_argument, "id: letters, digits, '.', '_' and '-', at most 64, are possible");
  }
  Result<PartChange> change = read_change(part, call.body);
  if (!change) return problem(change.error());
  Result<GuardCheck::Turn> turn = services.guard_check.turn();
  if (!turn) return problem(turn.error());
  // RFC 9110 §13.1.2: whoever means to create something must not change what another has made (with the turn taken,
  // nobody makes it meanwhile).
  if (call.field("if-none-match") == "*") {
    const Result<std::vector<PartRow>> present =
        services.config.read([&](store::Session& session) { return parts(session, part); });
    if (!present) return problem(present.error());
    if (std::ranges::find(*present, id, &PartRow::id) != present->end())
      return problem(ErrorCode::conflict, "there is one with the id " + id + " already");
  }
  Result<std::vector<Definition>> definitions = accepted(services, *turn, part, id, *change);
  if (!definitions) return problem(definitions.error());
  bool created = false;
  Result<Listing> stored = services.config.write([&](store::Session& session) {
    const std::vector<PartRow> before = parts(session, part);
    created = std::ranges::find(before, id, &PartRow::id) == before.end();
    for (const Definition& one : *definitions) put_part(session, one.part, one.id, one.text, services.clock.now());
    if (change->position) move_rule(session, id, *change->position);
    return listing(session, part);
  });
  if (!stored) return problem(stored.error());
  Result<void> told = tell_guardrails(services, call, "guardrail_" + std::string(names_of(part).kind) + ".put", id,
                                      note_of(*definitions));
  if (!told) return problem(told.error());
  return answer_with(*stored, part, id, created ? 201 : 200);
}

// What a rule still names stays: a rule without it would be silent.
Result<void> refuse_used(const GuardRows& rows, Part part, const std::string& id) {
  Result<policy::GuardrailDocument> document = rows.document();
  if (!document) return fail(document.error());
  const std::vector<std::string> users = users_of_part(*document, part, id);
  if (users.empty()) return {};
  return fail(ErrorCode::conflict, "the " + std::string(names_of(part).noun) + " " + id + " is used by " +
                                       (users.size() == 1 ? "rule " : "rules ") + listed(users));
}

// Rules name secrets of a file without naming the file; what is left without it has to compile.
Result<void> refuse_needed(const Services& services, const GuardCheck::Turn& turn, Part part, const std::string& id) {
  if (part != Part::gitleaks) return {};
  Result<GuardRows> rows = services.config.read([](store::Session& session) { return GuardRows::read(session); });
  if (!rows) return fail(rows.error());
  rows->remove(part, id);
  Result<policy::GuardrailDocument> document = rows->document();
  if (!document) return fail(document.error());
  auto compiled = compile_guardrails(services, turn, *document);
  if (!compiled)
    return fail(ErrorCode::conflict,
                "the file " + id + " is needed: " + seen_from(compiled.error(), part, 0, &*document).detail);
  return {};
}

Outcome remove(Services& services, Part part, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  const std::string id = call.parameter("id");
  Result<GuardCheck::Turn> turn = services.guard_check.turn();
  if (!turn) return problem(turn.error());
  if (Result<void> needed = refuse_needed(services, *turn, part, id); !needed) return problem(needed.error());
  Result<bool> removed = services.config.write([&](store::Session& session) -> Result<bool> {
    const GuardRows rows = GuardRows::read(session);
    if (rows.find(part, id) == nullptr) return false;
    if (Result<void> unused = refuse_used(rows, part, id); !unused) return fail(unused.error());
    return remove_part(session, part, id);
  });
  if (!removed) return problem(removed.error());
  if (!*removed) return problem(ErrorCode::not_found, "there is no such " + std::string(names_of(part).noun));
  Result<void> told =
      tell_guardrails(services, call, "guardrail_" + std::string(names_of(part).kind) + ".delete", id, "");
  if (!told) return problem(told.error());
  return no_content();
}

void add_part_routes(std::vector<Route>& routes, Services& services, Part part, std::string_view list,
                     std::string_view one) {
  constexpr Access who = Access::administrator;
  routes.push_back({"GET", list, who, [&services, part](Call& call) { return list_parts(services, part, call); }});
  routes.push_back({"GET", one, who, [&services, part](Call& call) { return get_part(services, part, call); }});
  routes.push_back({"PUT", one, who, [&services, part](Call& call) { return put(services, part, call); }});
  routes.push_back({"DELETE", one, who, [&services, part](Call& call) { return remove(services, part, call); }});
}

}  // namespace

void add_guardrail_routes(std::vector<Route>& routes, Services& services) {
  add_part_routes(routes, services, Part::rule, "/api/guardrails/rules", "/api/guardrails/rules/{id}");
  add_part_routes(routes, services, Part::pattern, "/api/guardrails/patterns", "/api/guardrails/patterns/{id}");
  add_part_routes(routes, services, Part::word_list, "/api/guardrails/word-lists", "/api/guardrails/word-lists/{id}");
  add_part_routes(routes, services, Part::topic, "/api/guardrails/topics", "/api/guardrails/topics/{id}");
  add_part_routes(routes, services, Part::allow_list, "/api/guardrails/allow-lists",
                  "/api/guardrails/allow-lists/{id}");
  add_part_routes(routes, services, Part::gitleaks, "/api/guardrails/gitleaks", "/api/guardrails/gitleaks/{id}");
}

}  // namespace sluice::console
