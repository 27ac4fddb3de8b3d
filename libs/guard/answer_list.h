// An answer that is a list of chunks: Gemini's streamGenerateContent without alt=sse. Its texts go on from chunk to
// chunk, so it is judged as the stream that it is. Private to libs/guard. Pure.
#pragma once
#include <string_view>

#include "dialect/dialect.h"
#include "guard/body_guard.h"

namespace sluice::guard {

bool is_answer_list(dialect::Operation operation, std::string_view body) noexcept;

// `body` is valid JSON. malformed when an element is no object.
Result<BodyVerdict> judge_answer_list(const Guard& guard, const Guard::Selection& rules, dialect::Operation operation,
                                      std::string_view body, const TokenVault& vault, Guard::Scratch& scratch);

}  // namespace sluice::guard
