// The policy document's guardrails, put together from their rows, and a change tried out on a copy before it is stored.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "console_backend/guardrails/parts.h"
#include "policy/guardrails.h"

namespace sluice::console {

class GuardRows {
 public:
  static GuardRows read(store::Session& session);

  [[nodiscard]] const std::vector<PartRow>& of(Part part) const { return rows_[static_cast<std::size_t>(part)]; }
  [[nodiscard]] const PartRow* find(Part part, std::string_view id) const;

  // The part as it would be after a PUT: what `body` names replaces the same members of the present definition. Returns
  // its index. The id stands in the path; one in the body must be the same.
  Result<std::size_t> overlay(Part part, std::string_view id, const JsonObject& body);
  // Unsaved parts by member of the document ({"patterns":[…],"word_lists":[…],…}), each laid over like one of them.
  struct Laid {
    Part part = Part::pattern;
    std::string id;
    std::size_t index = 0;  // in the document
    std::string path;       // as its author knows it: "parts.word_lists[0]"
    bool was_there = false;
  };
  Result<std::vector<Laid>> overlay_parts(const JsonValue& given);
  void remove(Part part, std::string_view id);
  void add_provider(std::string_view id);

  // malformed or invalid_argument with the path in the document: "rules[2].on: …".
  [[nodiscard]] Result<policy::GuardrailDocument> document() const;

 private:
  std::array<std::vector<PartRow>, std::size(all_parts)> rows_;
  std::vector<std::string> providers_;
};

// What publish() and everything that only wants the rules in force asks.
Result<policy::GuardrailDocument> guardrail_document(store::Session& session);

// too_large when the document, as the console keeps and exports it, is larger than what can be imported: asked before
// anything is stored. Rules that are on count as if they were off, which takes a byte more: switching one off is always
// possible.
Result<void> check_size(const policy::GuardrailDocument& document);

// One part of a document as the document prints it.
std::string definition_of(const policy::GuardrailDocument& document, Part part, std::size_t index);

// The error with the path as the author of one part knows it: "rules[2].on" is "on" to whoever puts rule 2, and what
// stands in another part keeps its path and gets its id.
Error seen_from(Error error, Part part, std::size_t index, const policy::GuardrailDocument* document);

// The same for parts that came along: "word_lists[7].words" becomes "parts.word_lists[0].words".
Error seen_from(Error error, const std::vector<GuardRows::Laid>& laid);

// The ids of rules that name the part or provider.
std::vector<std::string> users_of_part(const policy::GuardrailDocument& document, Part part, std::string_view id);
std::vector<std::string> users_of_provider(const policy::GuardrailDocument& document, std::string_view id);

}  // namespace sluice::console
