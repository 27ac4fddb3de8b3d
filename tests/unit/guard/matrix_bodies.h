// Requests and answers of every dialect, whole, with one text of interest in them.
#pragma once
#include "stream_play.h"

namespace sluice::guard::testing_support {

enum class Streamed : std::uint8_t { no, yes };

// An answer that is no stream; "" where the dialect has no such place.
inline std::string answer_body(Operation operation, Place place, int choices, std::string_view text) {
  const bool arguments = place == Place::tool_arguments;
  const std::string quoted = json_string(text);
  const std::string object = R"({"q":)" + quoted + R"(,"n":1})";
  std::string list;
  for (int n = 0; n < choices; ++n) {
    const std::string index = std::to_string(n);
    if (n > 0) list += ",";
    if (operation == Operation::chat_completions)
      list += R"({"index":)" + index + R"(,"message":{"role":"assistant","content":)" +
              (arguments ? R"(null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":)" +
                               json_string(object) + "}}]"
                         : quoted) +
              R"(},"finish_reason":"stop"})";
    if (operation == Operation::completions) list += R"({"index":)" + index + R"(,"text":)" + quoted + "}";
    if (operation == Operation::stream_generate_content)
      list += R"({"index":)" + index + R"(,"content":{"role":"model","parts":[)" +
              (arguments ? R"({"functionCall":{"name":"f","args":)" + object + "}}" : R"({"text":)" + quoted + "}") +
              "]}}";
  }
  switch (operation) {
    case Operation::chat_completions:
      return R"({"id":"c","choices":[)" + list + R"(],"usage":{"prompt_tokens":1}})";
    case Operation::completions:
      return arguments ? "" : R"({"id":"c","choices":[)" + list + "]}";
    case Operation::responses:
      return R"({"id":"r","output":[)" +
             (arguments ? R"({"type":"function_call","name":"f","call_id":"c","arguments":)" + json_string(object)
                        : R"({"type":"message","role":"assistant","content":[{"type":"output_text","text":)" + quoted +
                              "}]") +
             "}]}";
    case Operation::messages:
      return R"({"id":"m","type":"message","role":"assistant","content":[)" +
             (arguments ? R"({"type":"tool_use","id":"t","name":"f","input":)" + object
                        : R"({"type":"text","text":)" + quoted) +
             "}]}";
    case Operation::stream_generate_content:
      return R"({"candidates":[)" + list + "]}";
    default:
      return {};
  }
}

// A request that carries the result of a tool.
inline std::string tool_result_body(Operation operation, Streamed streamed, int choices, std::string_view text) {
  const std::string quoted = json_string(text);
  const std::string common =
      R"("model":"m","stream":)" + std::string(streamed == Streamed::yes ? "true" : "false") + ",";
  switch (operation) {
    case Operation::chat_completions:
      return "{" + common + R"("n":)" + std::to_string(choices) +
             R"(,"messages":[{"role":"user","content":"hi"},{"role":"assistant","tool_calls":[{"id":"c","type":)"
             R"("function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":)" +
             quoted + "}]}";
    case Operation::responses:
      return "{" + common +
             R"("input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},)"
             R"({"type":"function_call_output","call_id":"c","output":)" +
             quoted + "}]}";
    case Operation::messages:
      return "{" + common +
             R"("max_tokens":9,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t",)"
             R"("content":)" +
             quoted + "}]}]}";
    case Operation::stream_generate_content:
      return R"({"generationConfig":{"candidateCount":)" + std::to_string(choices) +
             R"(},"contents":[{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":)" + quoted +
             "}}}]}]}";
    default:
      return {};
  }
}

inline dialect::Target target_for(Operation operation, Streamed streamed) {
  if (operation == Operation::stream_generate_content && streamed == Streamed::no)
    operation = Operation::generate_content;
  return {.dialect = dialect::dialect_of(operation), .operation = operation};
}

}  // namespace sluice::guard::testing_support
