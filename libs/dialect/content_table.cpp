// Rows, and the perfect-enough hash that finds them. Sources: the providers' API references, facts measured with the
// real clients.
#include "dialect/content_table.h"

#include <array>
#include <cstddef>

namespace sluice::dialect {
namespace {

struct Row {
  Place place;
  std::string_view field;
  Rule rule;
};

using enum Place;
constexpr auto args = SegmentKind::tool_arguments;
constexpr auto result = SegmentKind::tool_result;
constexpr auto instructions = SegmentKind::instructions;
constexpr auto about = SegmentKind::about;
constexpr auto plain = Nesting::plain;
constexpr auto json = Nesting::json;

constexpr Rule in(Place place, std::optional<SegmentKind> kind = {}, Nesting nesting = plain) {
  return {.place = place, .kind = kind, .nesting = nesting};
}
constexpr Rule act(Act what, Place place = same) {
  return {.act = what, .place = place};
}
constexpr Rule attachment(Act what, Place place, Modality modality) {
  return {.act = what, .place = place, .modality = modality};
}
constexpr Rule piece(SegmentKind kind = SegmentKind::text, Nesting nesting = plain, std::uint8_t part = 0) {
  return {.kind = kind, .nesting = nesting, .form = Slot::Form::delta, .part = part};
}
constexpr Rule thinking(std::uint8_t part = 0) {
  return {.form = Slot::Form::delta, .reasoning = true, .part = part};
}

constexpr std::array rows{
    Row{request, "messages", in(message)},
    Row{request, "input", in(message)},
    Row{request, "contents", in(message)},
    Row{request, "prompt", in(content)},
    Row{request, "suffix", in(content)},
    Row{request, "prediction", in(content)},
    Row{request, "instructions", in(content, instructions)},
    Row{request, "system", in(content, instructions)},
    Row{request, "systemInstruction", in(content, instructions)},
    Row{request, "system_instruction", in(content, instructions)},
    Row{request, "tools", in(tools, instructions)},
    Row{request, "functions", in(tools, instructions)},
    Row{request, "response_format", in(tools, instructions)},
    Row{request, "output_format", in(tools, instructions)},
    Row{request, "output_config", in(tools, instructions)},
    Row{request, "text", in(tools, instructions)},
    Row{request, "generationConfig", in(generation)},
    Row{request, "generation_config", in(generation)},
    Row{request, "request", in(request)},   // Gemini Code Assist
    Row{request, "response", in(request)},  // response.create over a WebSocket
    Row{request, "metadata", in(metadata, about)},
    Row{request, "user", in(metadata, about)},
    Row{request, "safety_identifier", in(metadata, about)},
    Row{anthropic_request, "metadata", in(anthropic_metadata, about)},
    // An opaque id by the API's reference. Claude Code's is three random ids in one string: now and then one has the
    // check digits of somebody's number.
    Row{anthropic_metadata, "user_id", act(Act::opaque, metadata)},
    Row{generation, "responseSchema", in(tools, instructions)},
    Row{generation, "response_schema", in(tools, instructions)},
    Row{generation, "responseJsonSchema", in(tools, instructions)},
    Row{generation, "response_json_schema", in(tools, instructions)},

    Row{answer, "choices", act(Act::each_choice, answer_choice)},
    Row{answer, "output", act(Act::each_choice, content)},
    Row{answer, "candidates", act(Act::each_choice, answer_choice)},
    Row{answer, "content", in(content)},
    Row{answer, "response", in(answer)},
    Row{answer_choice, "index", act(Act::choice_index)},

    Row{message, "role", act(Act::role)},

    Row{content, "type", act(Act::type)},
    Row{content, "data", act(Act::blob)},
    Row{content, "result", act(Act::blob)},
    Row{content, "logprobs", act(Act::echo)},
    Row{content, "logprobsResult", act(Act::echo)},
    Row{content, "arguments", in(data, args, json)},
    Row{content, "args", in(data, args)},
    Row{content, "partialArgs", in(data, args)},
    Row{content, "input", in(data, args)},
    Row{content, "action", in(data, args)},
    Row{content, "operation", in(data, args)},
    Row{content, "queries", in(data, args)},
    Row{content, "code", in(content, args)},
    Row{content, "output", in(content, result)},
    Row{content, "outputs", in(content, result)},
    Row{content, "results", in(content, result)},
    Row{content, "codeExecutionResult", in(content, result)},
    Row{content, "code_execution_result", in(content, result)},
    Row{content, "response", in(data, result)},
    Row{content, "variables", in(data)},
    Row{content, "tools", in(tools, instructions)},
    Row{content, "source", in(source)},
    Row{content, "inlineData", in(source)},
    Row{content, "inline_data", in(source)},
    Row{content, "fileData", act(Act::names, source)},
    Row{content, "file_data", act(Act::names, source)},
    Row{content, "input_audio", attachment(Act::names, source, Modality::audio)},
    Row{content, "audio", attachment(Act::names, source, Modality::audio)},
    Row{content, "image_url", attachment(Act::names, same, Modality::image)},
    Row{content, "video_url", attachment(Act::names, same, Modality::video)},
    Row{content, "audio_url", attachment(Act::names, same, Modality::audio)},
    Row{source, "format", act(Act::names)},
    Row{content, "media_type", act(Act::mime)},
    Row{content, "mimeType", act(Act::mime)},
    Row{content, "mime_type", act(Act::mime)},
    Row{content, "cache_control", in(settings)},
    Row{content, "safetyRatings", act(Act::skip)},
    Row{content, "content_filter_results", act(Act::skip)},
    Row{content, "prompt_filter_results", act(Act::skip)},
    Row{content, "usage", act(Act::skip)},
    Row{content, "usageMetadata", act(Act::skip)},

    Row{tools, "type", act(Act::names)},
    Row{tools, "cache_control", in(settings)},
    Row{tools, "headers", in(settings)},
    Row{settings, "description", in(tools)},
    Row{tools, "required", act(Act::names)},
    Row{tools, "format", act(Act::names)},
    Row{tools, "pattern", act(Act::names)},
    Row{tools, "syntax", act(Act::names)},
    Row{tools, "verbosity", act(Act::names)},
    Row{tools, "authorization", act(Act::names)},
    Row{tools, "$schema", act(Act::names)},
    Row{tools, "$ref", act(Act::names)},
    Row{tools, "$id", act(Act::names)},
    Row{tools, "default", in(data)},
    Row{tools, "const", in(data)},
    Row{tools, "example", in(data)},
    Row{tools, "examples", in(data)},
    Row{tools, "input_examples", in(data)},

    Row{event_openai, "choices", act(Act::each_choice, event_choice)},
    Row{event_openai, "error", act(Act::error, content)},
    Row{event_choice, "index", act(Act::choice_index)},
    Row{event_choice, "delta", in(delta)},
    Row{event_choice, "text", piece()},
    Row{event_choice, "finish_reason", act(Act::finish)},
    Row{delta, "content", piece()},
    Row{delta, "refusal", piece(SegmentKind::text, plain, 1)},
    Row{delta, "reasoning_content", thinking()},
    Row{delta, "reasoning", thinking(1)},
    Row{delta, "reasoning_details", thinking(2)},
    Row{delta, "tool_calls", act(Act::each_part, call_delta)},
    Row{delta, "function_call", in(function_delta)},
    Row{delta, "audio", in(audio)},
    Row{call_delta, "index", act(Act::part_index)},
    Row{call_delta, "function", in(function_delta)},
    Row{call_delta, "custom", in(function_delta)},
    Row{function_delta, "arguments", {.place = data, .kind = args, .nesting = json, .form = Slot::Form::delta}},
    Row{function_delta, "input", piece(args)},
    Row{audio, "data", act(Act::names)},
    Row{audio, "transcript", piece(SegmentKind::text, plain, 3)},

    Row{event_responses, "type", act(Act::event_type)},
    Row{event_responses, "delta", piece()},
    Row{event_responses, "response", in(answer)},
    Row{event_responses, "output_index", act(Act::choice_index)},
    Row{event_responses, "content_index", act(Act::part_index)},
    Row{event_responses, "summary_index", act(Act::summary_index)},
    Row{event_responses, "partial_image_b64", act(Act::names)},

    Row{event_anthropic, "type", act(Act::event_type)},
    Row{event_anthropic, "index", act(Act::part_index)},
    Row{event_anthropic, "message", in(answer)},
    Row{event_anthropic, "content_block", in(anthropic_block)},
    Row{event_anthropic, "delta", in(anthropic_delta)},
    Row{anthropic_block, "text", piece()},
    Row{anthropic_block, "thinking", thinking()},
    Row{anthropic_delta, "text", piece()},
    Row{anthropic_delta, "thinking", thinking()},
    Row{anthropic_delta, "partial_json", piece(args, json)},

    Row{event_gemini, "candidates", act(Act::each_choice, event_candidate)},
    Row{event_gemini, "response", in(event_gemini)},
    Row{event_gemini, "error", act(Act::error, content)},
    Row{event_gemini, "promptFeedback", act(Act::skip)},
    Row{event_candidate, "index", act(Act::choice_index)},
    Row{event_candidate, "content", in(gemini_content)},
    Row{gemini_content, "parts", in(gemini_part)},
    Row{gemini_part, "text", piece()},
    Row{gemini_part, "thought", act(Act::thought)},
    Row{gemini_part, "functionCall", in(gemini_call)},
    Row{gemini_call, "name", act(Act::call_name)},
    Row{gemini_call, "willContinue", act(Act::goes_on)},
    Row{gemini_call, "partialArgs", in(partial_arg, args)},
    Row{partial_arg, "jsonPath", act(Act::text_path)},
    Row{partial_arg, "stringValue", piece(args)},
    Row{partial_arg, "willContinue", act(Act::goes_on)},
    Row{partial_arg, "nullValue", act(Act::names)},
};

// Strings that nobody reads as prose, wherever they stand.
constexpr std::array<std::string_view, 57> names{
    "id",
    "call_id",
    "tool_call_id",
    "tool_use_id",
    "item_id",
    "response_id",
    "responseId",
    "conversation_id",
    "container_id",
    "file_id",
    "traceId",
    "role",
    "name",
    "model",
    "modelVersion",
    "object",
    "status",
    "signature",
    "thoughtSignature",
    "thought_signature",
    "encrypted_content",
    "encrypted_index",
    "encrypted_stdout",
    "detail",
    "url",
    "uri",
    "file_url",
    "fileUri",
    "file_uri",
    "image_uri",
    "server_label",
    "server_name",
    "server_url",
    "page_age",
    "finish_reason",
    "native_finish_reason",
    "finishReason",
    "stop_reason",
    "stop_sequence",
    "matched_stop",
    "service_tier",
    "system_fingerprint",
    "obfuscation",
    "provider",
    "phase",
    "language",
    "outcome",
    "error_code",
    "environment",
    "execution",
    "createTime",
    "recipient",
    "b64_json",
    "toolUseId",
    "blockReason",
    "tool_name",
    "allowed_callers",
};

constexpr std::size_t buckets = 512;
static_assert(rows.size() + names.size() < 255);
constexpr Rule no_prose = {.act = Act::names, .place = same};

constexpr std::size_t hash_of(Place place, std::string_view field) {
  std::uint32_t hash = 2166136261U ^ static_cast<std::uint32_t>(place);
  for (const char c : field) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return (hash ^ hash >> 15U) % buckets;
}
constexpr auto index = [] {
  std::array<std::uint8_t, buckets> table{};
  const auto put = [&table](std::size_t bucket, std::size_t number) {
    while (table[bucket] != 0) bucket = (bucket + 1) % buckets;
    table[bucket] = static_cast<std::uint8_t>(number);
  };
  for (std::size_t i = 0; i < rows.size(); ++i) put(hash_of(rows[i].place, rows[i].field), i + 1);
  for (std::size_t i = 0; i < names.size(); ++i) put(hash_of(content, names[i]), rows.size() + i + 1);
  return table;
}();

const Rule* row_at(Place place, std::string_view field) noexcept {
  for (auto bucket = hash_of(place, field); index[bucket] != 0; bucket = (bucket + 1) % buckets) {
    const std::size_t number = index[bucket] - 1U;
    if (number < rows.size()) {
      if (rows[number].place == place && rows[number].field == field) return &rows[number].rule;
    } else if (place == content && names[number - rows.size()] == field) {
      return &no_prose;
    }
  }
  return nullptr;
}

using Blob = TypeRow::Blob;
constexpr std::array types{
    TypeRow{.name = "text", .blob = Blob::text, .has_text_source = true},
    TypeRow{.name = "content", .blob = Blob::text, .has_text_source = true},
    TypeRow{.name = "base64", .blob = Blob::base64},
    TypeRow{.name = "redacted_thinking", .by_assistant = true, .blob = Blob::base64},
    TypeRow{.name = "image", .modality = Modality::image, .blob = Blob::base64},
    TypeRow{.name = "image_url", .modality = Modality::image},
    TypeRow{.name = "input_image", .modality = Modality::image},
    TypeRow{.name = "computer_screenshot", .modality = Modality::image},
    TypeRow{.name = "image_generation_call", .by_assistant = true, .modality = Modality::image, .blob = Blob::base64},
    TypeRow{.name = "audio", .modality = Modality::audio, .blob = Blob::base64},
    TypeRow{.name = "input_audio", .modality = Modality::audio},
    TypeRow{.name = "video", .modality = Modality::video, .blob = Blob::base64},
    TypeRow{.name = "video_url", .modality = Modality::video},
    TypeRow{.name = "input_video", .modality = Modality::video},
    TypeRow{.name = "file", .modality = Modality::file},
    TypeRow{.name = "input_file", .modality = Modality::file},
    TypeRow{.name = "container_upload", .modality = Modality::file},
    TypeRow{.name = "search_result", .kind = result},
    TypeRow{.name = "reasoning", .by_assistant = true, .reasoning = true},
    TypeRow{.name = "thinking", .by_assistant = true, .reasoning = true},
    TypeRow{.name = "summary_text", .reasoning = true},
    TypeRow{.name = "reasoning_text", .reasoning = true},
    TypeRow{.name = "mcp_approval_request", .by_assistant = true},
    TypeRow{.name = "mcp_list_tools", .kind = result},
};
constexpr TypeRow some_result{.name = {}, .kind = result};
constexpr TypeRow some_call{.name = {}, .by_assistant = true};

constexpr std::array stems{
    StemRow{.stem = "output_text"},
    StemRow{.stem = "refusal"},
    StemRow{.stem = "output_audio_transcript"},
    StemRow{.stem = "audio_transcript"},
    StemRow{.stem = "audio.transcript"},
    StemRow{.stem = "audio", .kind = {}},
    StemRow{.stem = "output_audio", .kind = {}},
    StemRow{.stem = "reasoning_text", .reasoning = true},
    StemRow{.stem = "reasoning_summary_text", .reasoning = true},
    StemRow{.stem = "reasoning_summary", .reasoning = true},
    StemRow{.stem = "reasoning", .reasoning = true},
    StemRow{.stem = "function_call_arguments", .kind = args, .nesting = json},
    StemRow{.stem = "mcp_call_arguments", .kind = args, .nesting = json},
    StemRow{.stem = "mcp_call.arguments", .kind = args, .nesting = json},
    StemRow{.stem = "custom_tool_call_input", .kind = args},
    StemRow{.stem = "code_interpreter_call_code", .kind = args},
    StemRow{.stem = "code_interpreter_call.code", .kind = args},
    StemRow{.stem = "apply_patch_call_operation_diff", .kind = args},
};

}  // namespace

const Rule* rule_of(Place place, std::string_view field) noexcept {
  const auto* rule = row_at(place, field);
  if (rule == nullptr && place == anthropic_request) return row_at(request, field);
  if (rule != nullptr || place == content || is_metadata(place) || is_closed(place)) return rule;
  rule = row_at(content, field);
  // A parameter of a tool may have any name: "input" is no tool call there.
  return (place == tools || place == settings) && rule != &no_prose ? nullptr : rule;
}

const TypeRow* type_named(std::string_view name) noexcept {
  for (const auto& row : types)
    if (row.name == name) return &row;
  // The servers' own tools come in dozens: web_search_tool_result, local_shell_call_output, web_search_call, …
  if (name.ends_with("tool_result") || name.ends_with("_call_output")) return &some_result;
  return name.ends_with("_call") ? &some_call : nullptr;
}

const StemRow* stem_named(std::string_view stem) noexcept {
  for (const auto& row : stems)
    if (row.stem == stem) return &row;
  return nullptr;
}

// Two names that share a lane would each hide what the other one cuts: 65,536 lanes are enough for that to be chance.
std::uint32_t unnamed_part(std::string_view name) noexcept {
  std::uint32_t hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return 2 * first_summary_part + (hash ^ hash >> 16U) % first_summary_part;
}

Place request_place(Dialect dialect) noexcept {
  return dialect == Dialect::anthropic ? anthropic_request : request;
}

Place event_place(Operation operation) noexcept {
  switch (operation) {
    case Operation::responses:
      return event_responses;
    case Operation::messages:
    case Operation::count_tokens:
      return event_anthropic;
    case Operation::generate_content:
    case Operation::stream_generate_content:
      return event_gemini;
    default:
      return event_openai;
  }
}

}  // namespace sluice::dialect
