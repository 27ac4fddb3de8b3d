#include "console_backend/guardrails/document.h"

#include <algorithm>
#include <charconv>

#include "console_backend/guardrails/guard_providers.h"

namespace sluice::console {

namespace {

// Definitions were printed by the console itself; the bound is only that of memory.
constexpr JsonLimits own_limits{.bytes = 64 * 1024 * 1024, .depth = 32};

void put_member(JsonObject& object, const JsonMember& member) {
  const auto same = std::ranges::find(object, member.key, &JsonMember::key);
  if (same == object.end()) {
    object.push_back(member);
  } else {
    same->value = member.value;
  }
}

bool uses(const policy::DetectorUse& use, policy::DetectorKind kind, std::string_view name) {
  return use.kind == kind && std::ranges::find(use.names, name) != use.names.end();
}

template <class Names>
std::vector<std::string> rules_where(const policy::GuardrailDocument& document, Names names) {
  std::vector<std::string> ids;
  for (const policy::GuardRule& rule : document.rules) {
    if (names(rule)) ids.push_back(rule.id);
  }
  return ids;
}

}  // namespace

GuardRows GuardRows::read(store::Session& session) {
  GuardRows made;
  for (Part part : all_parts) made.rows_[static_cast<std::size_t>(part)] = parts(session, part);
  for (const GuardProviderRow& row : guard_providers(session)) made.providers_.push_back(row.settings.id);
  return made;
}

const PartRow* GuardRows::find(Part part, std::string_view id) const {
  const auto& rows = of(part);
  const auto found = std::ranges::find(rows, id, &PartRow::id);
  return found == rows.end() ? nullptr : &*found;
}

Result<std::size_t> GuardRows::overlay(Part part, std::string_view id, const JsonObject& body) {
  auto& rows = rows_[static_cast<std::size_t>(part)];
  auto row = std::ranges::find(rows, id, &PartRow::id);
  JsonObject merged;
  if (row == rows.end()) {
    row = rows.insert(row, {std::string(id), "{}", {}});
  }
  Result<JsonValue> present = parse_json(row->definition, own_limits);
  if (!present) return fail(present.error().during("the stored " + std::string(names_of(part).noun)));
  merged = std::get<JsonObject>(std::move(present->data));
  put_member(merged, {"id", JsonValue{std::string(id)}});
  for (const JsonMember& member : body) {
    const auto* text = std::get_if<std::string>(&member.value.data);
    if (member.key == "id" && (text == nullptr || *text != id)) {
      return fail(ErrorCode::invalid_argument, "id: must be the one of the path");
    }
    put_member(merged, member);
  }
  row->definition = JsonWriter().value(JsonValue{std::move(merged)}).take();
  return static_cast<std::size_t>(row - rows.begin());
}

Result<std::vector<GuardRows::Laid>> GuardRows::overlay_parts(const JsonValue& given) {
  constexpr Part possible[] = {Part::pattern, Part::word_list, Part::topic, Part::allow_list};
  const auto* lists = std::get_if<JsonObject>(&given.data);
  if (lists == nullptr) return fail(ErrorCode::invalid_argument, "parts: must be an object");
  std::vector<Laid> all;
  for (const JsonMember& list : *lists) {
    const auto part = std::ranges::find(possible, list.key, [](Part one) { return names_of(one).member; });
    const auto* items = std::get_if<JsonArray>(&list.value.data);
    if (part == std::end(possible) || items == nullptr) {
      return fail(ErrorCode::invalid_argument, "parts." + list.key + ": must be a list of patterns, word_lists, …");
    }
    for (std::size_t i = 0; i < items->size(); ++i) {
      const auto* members = std::get_if<JsonObject>(&(*items)[i].data);
      const JsonValue* id = (*items)[i].find("id");
      const auto* text = id == nullptr ? nullptr : std::get_if<std::string>(&id->data);
      if (members == nullptr || text == nullptr) {
        return fail(ErrorCode::invalid_argument, "parts." + list.key + ": each needs an id");
      }
      Laid laid{*part, *text, 0, "parts." + list.key + "[" + std::to_string(i) + "]", find(*part, *text) != nullptr};
      Result<std::size_t> index = overlay(*part, *text, *members);
      if (!index) return fail(index.error());
      laid.index = *index;
      all.push_back(std::move(laid));
    }
  }
  return all;
}

void GuardRows::remove(Part part, std::string_view id) {
  std::erase_if(rows_[static_cast<std::size_t>(part)], [&](const PartRow& row) { return row.id == id; });
}

void GuardRows::add_provider(std::string_view id) {
  if (std::ranges::find(providers_, id) == providers_.end()) providers_.emplace_back(id);
}

Result<policy::GuardrailDocument> GuardRows::document() const {
  JsonWriter json;
  json.begin_object();
  for (Part part : all_parts) {
    json.key(names_of(part).member).begin_array();
    for (const PartRow& row : of(part)) json.raw(row.definition);
    json.end_array();
  }
  // What check_size() refuses must be read for that, and to tell how large it is.
  return policy::parse_guardrails(json.field("providers", providers_).end_object().take(), own_limits.bytes);
}

Result<policy::GuardrailDocument> guardrail_document(store::Session& session) {
  return GuardRows::read(session).document();
}

Result<void> check_size(const policy::GuardrailDocument& document) {
  const std::size_t size = policy::print_guardrails(document).size() +
                           static_cast<std::size_t>(std::ranges::count_if(document.rules, &policy::GuardRule::enabled));
  if (size <= policy::largest_guardrails) return {};
  return fail(ErrorCode::too_large, "all guardrails together would take " + std::to_string(size) + " bytes; " +
                                        std::to_string(policy::largest_guardrails) + " are possible");
}

std::string definition_of(const policy::GuardrailDocument& document, Part part, std::size_t index) {
  policy::GuardrailDocument only;
  switch (part) {
    case Part::rule:
      only.rules = {document.rules[index]};
      break;
    case Part::pattern:
      only.patterns = {document.patterns[index]};
      break;
    case Part::word_list:
      only.word_lists = {document.word_lists[index]};
      break;
    case Part::topic:
      only.topics = {document.topics[index]};
      break;
    case Part::allow_list:
      only.allow_lists = {document.allow_lists[index]};
      break;
    case Part::gitleaks:
      only.gitleaks = {document.gitleaks[index]};
      break;
  }
  const Result<JsonValue> printed = parse_json(policy::print_guardrails(only), own_limits);
  const JsonValue* list = printed ? printed->find(names_of(part).member) : nullptr;
  return list == nullptr ? "{}" : JsonWriter().value(std::get<JsonArray>(list->data)[0]).take();
}

Error seen_from(Error error, Part part, std::size_t index, const policy::GuardrailDocument* document) {
  const std::string own = std::string(names_of(part).member) + "[" + std::to_string(index) + "]";
  if (error.detail.starts_with(own + ".")) {
    error.detail.erase(0, own.size() + 1);
  } else if (error.detail.starts_with(own + ": ")) {
    error.detail.erase(0, own.size() + 2);
  } else if (document != nullptr && error.detail.starts_with("rules[")) {
    std::size_t rule = 0;
    std::from_chars(error.detail.data() + 6, error.detail.data() + error.detail.size(), rule);
    if (rule < document->rules.size()) error.detail += " (rule " + document->rules[rule].id + ")";
  }
  return error;
}

Error seen_from(Error error, const std::vector<GuardRows::Laid>& laid) {
  for (const GuardRows::Laid& one : laid) {
    const std::string own = std::string(names_of(one.part).member) + "[" + std::to_string(one.index) + "]";
    if (!error.detail.starts_with(own + ".") && !error.detail.starts_with(own + ": ")) continue;
    error.detail.replace(0, own.size(), one.path);
    break;
  }
  return error;
}

std::vector<std::string> users_of_part(const policy::GuardrailDocument& document, Part part, std::string_view id) {
  return rules_where(document, [&](const policy::GuardRule& rule) {
    if (part == Part::allow_list) return std::ranges::find(rule.allow, id) != rule.allow.end();
    if (part == Part::rule || part == Part::gitleaks) return false;
    return std::ranges::any_of(
        rule.detectors, [&](const policy::DetectorUse& use) { return uses(use, policy::DetectorKind::custom, id); });
  });
}

std::vector<std::string> users_of_provider(const policy::GuardrailDocument& document, std::string_view id) {
  return rules_where(document, [&](const policy::GuardRule& rule) {
    return std::ranges::any_of(
        rule.detectors, [&](const policy::DetectorUse& use) { return uses(use, policy::DetectorKind::external, id); });
  });
}

}  // namespace sluice::console
