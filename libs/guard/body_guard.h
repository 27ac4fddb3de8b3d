// A whole body under guard: a request on its way to the model, or an answer that is no stream.
//
// The data's way: reader → segments → text of each → findings (from the memory of earlier turns if it was seen) →
// judged by the rules of the subject → edits of the body. Pure.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dialect/json_text.h"
#include "dialect/segments.h"
#include "guard/guard.h"
#include "guard/outcome.h"

namespace sluice::guard {

// Findings of texts that were scanned before. Repeated conversation history is scanned once.
class FindingMemory {
 public:
  virtual ~FindingMemory() = default;
  // nullptr when unknown. The findings hold until the next call.
  virtual const std::vector<Finding>* find(std::string_view text, Phase phase) = 0;
  virtual void keep(std::string_view text, Phase phase, const std::vector<Finding>& findings) = 0;
};

// A text for external providers.
struct OutsideText {
  dialect::Segment segment;
  policy::Surface surface = policy::Surface::input;
  std::string text;
};

struct BodyVerdict {
  Outcomes outcomes;                // blocked_by() says whether the body may go
  std::optional<std::string> body;  // the edited body; nullopt: it goes as it came
};

// Records for every rule on `surface` that it did not look, and why; rules that block then do.
void not_checked(const Guard& guard, const Guard::Selection& rules, policy::Surface surface, std::string_view reason,
                 Outcomes& outcomes);

// The ids of the external providers that rules on `surface` name, each once.
std::vector<std::string_view> providers_on(const Guard& guard, const Guard::Selection& rules, policy::Surface surface);
// The check of `provider` did not run.
void provider_not_checked(const Guard& guard, const Guard::Selection& rules, policy::Surface surface,
                          std::string_view provider, std::string_view reason, Outcomes& outcomes);
// The same for all providers, where none can be asked.
void external_not_checked(const Guard& guard, const Guard::Selection& rules, std::span<const policy::Surface> surfaces,
                          std::string_view reason, Outcomes& outcomes);

// Why the rule of `outcomes.blocked_by()` stopped something, for the person: its own message, or a sentence that names
// rule and kind (of a limit the figures), never what was found. `contact` may be empty.
std::string blocked_text(const policy::GuardrailDocument& document, const Outcomes& outcomes, std::string_view org,
                         std::string_view contact);

// Working memory of one thread.
struct BodyGuard {
  dialect::ContentReader reader;
  dialect::JsonText text;
  Guard::Scratch scratch;
  std::vector<Finding> findings;
  std::vector<Match> matches;

  // `vault` takes the texts of reversible tokens; `memory` may be nullptr. malformed when the body is no JSON.
  Result<BodyVerdict> request(const Guard& guard, const Guard::Selection& rules, const dialect::Target& target,
                              std::string_view body, TokenVault& vault, FindingMemory* memory);
  // External checks come after the local ones and see what these left: the texts of a request's or an answer's `body`
  // on surfaces where a rule of the subject names a provider.
  enum class Side : std::uint8_t { request, answer };
  Result<std::vector<OutsideText>> outside_texts(const Guard& guard, const Guard::Selection& rules,
                                                 const dialect::Target& target, Side side, std::string_view body);
  // `found`: the providers' findings, one list for each text.
  BodyVerdict judge_outside(const Guard& guard, const Guard::Selection& rules, Side side, std::string_view body,
                            std::span<const OutsideText> texts, std::span<const std::vector<Finding>> found,
                            TokenVault& vault);
  // Restores the tokens of `vault` in the texts that remain.
  Result<BodyVerdict> answer(const Guard& guard, const Guard::Selection& rules, dialect::Operation operation,
                             std::string_view body, const TokenVault& vault);
};

}  // namespace sluice::guard
