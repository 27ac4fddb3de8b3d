// A whole body under guard: a request on its way to the model, or an answer that is no stream.
//
// The data's way: reader → segments → text of each → findings (from the memory of earlier turns if it was seen) →
// judged by the rules of the subject → edits of the body. Pure.
#pragma once
#include <optional>
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

struct BodyVerdict {
  Outcomes outcomes;                // blocked_by() says whether the body may go
  std::optional<std::string> body;  // the edited body; nullopt: it goes as it came
};

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
  // Restores the tokens of `vault` in the texts that remain.
  Result<BodyVerdict> answer(const Guard& guard, const Guard::Selection& rules, dialect::Operation operation,
                             std::string_view body, const TokenVault& vault);
};

}  // namespace sluice::guard
