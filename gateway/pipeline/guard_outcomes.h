// What guardrails do with a request, for its audit record, its stream and the person whose request they stopped.
#pragma once
#include <string>

#include "gateway/pipeline/request.h"
#include "guard/answer_stream.h"

namespace sluice::gateway {

// Adds the lines to the request's outcome.
void note_outcomes(Request& request, const guard::Outcomes& outcomes);

// The rules' view of the streamed answer whose head is in `request`.
guard::AnswerStream guarded_stream(Request& request);

// Streamed answers are not sent to external providers: their rules, which can only flag there, did not look.
void note_unasked_providers(Request& request);

// guardrail_blocked, with the rule's own message or a sentence that names rule and kind, never what was found.
Error blocked_error(const Request& request, const guard::Outcomes& outcomes);

}  // namespace sluice::gateway
