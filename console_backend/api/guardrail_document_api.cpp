// /api/guardrails/document: all rules and what they are made of as one file, out and in.
#include <algorithm>

#include "console_backend/api/guardrail_change.h"
#include "console_backend/api/routes.h"
#include "console_backend/guardrails/document.h"
#include "console_backend/guardrails/replace.h"
#include "console_backend/guardrails/scope.h"
#include "tls/crypto.h"

namespace sluice::console {

namespace {

std::string etag_of(const policy::GuardrailDocument& document) {
  return "\"" + tls::sha256_hex(policy::print_guardrails(document)).substr(0, 32) + "\"";
}

Outcome get_document(Services& services, Call& call) {
  if (std::optional<Error> error = Query(call).finish()) return problem(*error);
  Result<policy::GuardrailDocument> document =
      services.config.read([](store::Session& session) { return guardrail_document(session); });
  if (!document) return problem(document.error());
  Answer answer = json_answer(policy::print_guardrails(*document));
  answer.fields.add("etag", etag_of(*document));
  return answer;
}

// What the store has while the document is looked at.
struct Present {
  policy::GuardrailDocument document;
  KnownNames known;
};
Result<Present> read_present(const Services& services) {
  return services.config.read([](store::Session& session) -> Result<Present> {
    Result<policy::GuardrailDocument> document = guardrail_document(session);
    if (!document) return fail(document.error());
    return Present{std::move(*document), KnownNames::read(session)};
  });
}

// A document names external checks and does not hold them: those that are set up here count, others are told.
std::vector<GuardWarning> take_providers(policy::GuardrailDocument& document,
                                         const policy::GuardrailDocument& present) {
  std::vector<GuardWarning> warnings;
  for (std::size_t i = 0; i < document.providers.size(); ++i) {
    if (std::ranges::find(present.providers, document.providers[i]) != present.providers.end()) continue;
    warnings.push_back(
        {"providers[" + std::to_string(i) + "]", "No external check " + document.providers[i] + " is set up here"});
  }
  document.providers = present.providers;
  return warnings;
}

void add_scope_warnings(const policy::GuardrailDocument& document, const KnownNames& known,
                        std::vector<GuardWarning>& warnings) {
  for (std::size_t i = 0; i < document.rules.size(); ++i) {
    const Result<JsonValue> rule = parse_json(definition_of(document, Part::rule, i));
    if (!rule) continue;
    for (GuardWarning& one : known.warnings(*rule)) {
      warnings.push_back({"rules[" + std::to_string(i) + "]." + one.path, std::move(one.message)});
    }
  }
}

Result<void> check_whole(const Services& services, const GuardCheck::Turn& turn, policy::GuardrailDocument document) {
  std::vector<NamedPart> named;
  for (const Part part : all_parts) {
    std::vector<std::string> ids = ids_of(document, part);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      // As in the paths of the parts: what cannot be named there could not be changed any more.
      if (!is_chosen_id(ids[i]))
        return fail(ErrorCode::invalid_argument, std::string(names_of(part).member) + "[" + std::to_string(i) +
                                                     "].id: must begin with a letter or a digit");
      named.push_back({part, std::move(ids[i])});
    }
  }
  if (Result<void> fits = check_size(document); !fits) return fits;
  add_probe(document, named);
  auto compiled = compile_guardrails(services, turn, document);
  if (!compiled) return fail(compiled.error());
  return {};
}

std::string summary_of(const std::vector<PartDifference>& changes) {
  std::string text;
  for (const auto what : {Difference::added, Difference::changed, Difference::moved, Difference::removed}) {
    const auto count = std::ranges::count(changes, what, &PartDifference::what);
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(name_of(what));
  }
  return text;
}

enum class Done : std::uint8_t { tried, applied };

Answer told(const std::vector<PartDifference>& changes, const std::vector<GuardWarning>& warnings,
            const policy::GuardrailDocument& in_force, Done done) {
  const std::string etag = etag_of(in_force);
  JsonWriter json;
  json.begin_object().field("applied", done == Done::applied).field("etag", etag).key("changes").begin_array();
  for (const PartDifference& one : changes) {
    json.begin_object().field("part", names_of(one.part).kind).field("id", one.id);
    json.field("change", name_of(one.what)).end_object();
  }
  json.end_array().key("warnings");
  write_warnings(json, warnings);
  Answer answer = json_answer(json.end_object().take());
  answer.fields.add("etag", etag);
  return answer;
}

Outcome put_document(Services& services, Call& call) {
  Query query(call);
  const bool only_tried = query.choice("dry_run", {"true", "false"}) == "true";
  if (std::optional<Error> error = query.finish()) return problem(*error);
  Result<policy::GuardrailDocument> document = policy::parse_guardrails(call.body);
  if (!document) return problem(document.error());
  Result<GuardCheck::Turn> turn = services.guard_check.turn();
  if (!turn) return problem(turn.error());
  Result<Present> present = read_present(services);
  if (!present) return problem(present.error());
  const std::string expected = call.field("if-match");
  if (!expected.empty() && expected != "*" && expected != etag_of(present->document))
    return problem(ErrorCode::outdated, "the guardrails were changed since they were read; read them again");
  std::vector<GuardWarning> warnings = take_providers(*document, present->document);
  add_scope_warnings(*document, present->known, warnings);
  if (Result<void> stands = check_whole(services, *turn, *document); !stands) return problem(stands.error());
  const std::vector<PartDifference> changes = differences(present->document, *document);
  if (only_tried) return told(changes, warnings, present->document, Done::tried);
  // Of the same form and order as the next reading, so that the etag is that of the next GET.
  Result<policy::GuardrailDocument> stored = services.config.write([&](store::Session& session) {
    replace_parts(session, *document, services.clock.now());
    return guardrail_document(session);
  });
  if (!stored) return problem(stored.error());
  if (!changes.empty()) {
    Result<void> noted = tell_guardrails(services, call, "guardrails.replace", "", summary_of(changes));
    if (!noted) return problem(noted.error());
  }
  return told(changes, warnings, *stored, Done::applied);
}

}  // namespace

void add_guardrail_document_routes(std::vector<Route>& routes, Services& services) {
  constexpr Access who = Access::administrator;
  constexpr std::string_view path = "/api/guardrails/document";
  routes.push_back({"GET", path, who, [&](Call& call) { return get_document(services, call); }});
  routes.push_back({"PUT", path, who, [&](Call& call) { return put_document(services, call); }});
}

}  // namespace sluice::console
