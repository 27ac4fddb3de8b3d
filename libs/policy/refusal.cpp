#include "policy/refusal.h"

#include <array>
#include <optional>

#include "base/json.h"

namespace sluice::policy {
namespace {

using dialect::Answer;
using dialect::Dialect;
using dialect::Operation;

enum class Form : std::uint8_t {
  provider_error,   // HTTP 400 with the provider's own JSON
  response_failed,  // 200, event stream that ends with response.failed, code invalid_prompt
  assistant_reply,  // 200, the text as the model's answer
};

// Streams, plain answers or both.
enum class When : std::uint8_t { always, streamed };

struct FormRow {
  std::string_view app;
  Dialect dialect;
  When when;
  Form form;
};
// What differs from the provider's error, by client. Codex shows a 400's raw body and asks twice, but the text of
// response.failed/invalid_prompt exactly and at once; Gemini CLI in -p mode buries a 400 in a stack trace.
constexpr std::array forms{
    FormRow{"codex", Dialect::openai, When::streamed, Form::response_failed},
    FormRow{"gemini-cli", Dialect::gemini, When::always, Form::assistant_reply},
};

Form form_for(const RefusalRequest& request) {
  const bool streamed = request.streamed || request.operation == Operation::stream_generate_content;
  for (const auto& row : forms)
    if (row.app == request.app && row.dialect == dialect_of(request.operation) &&
        (row.when == When::always || streamed)) {
      if (row.form == Form::response_failed && request.operation != Operation::responses) continue;
      return row.form;
    }
  return Form::provider_error;
}

std::string with_reference(std::string_view reason, std::string_view reference) {
  std::string text(reason);
  if (!reference.empty() && text.find(reference) == std::string::npos)
    text.append(text.empty() ? "" : " ").append("Reference ").append(reference).append(".");
  return text;
}

Answer answer_with(std::string_view type, std::string body, std::string_view request_id) {
  Answer answer{.status = 200, .headers = {{"content-type", std::string(type)}}, .body = std::move(body)};
  if (!request_id.empty()) answer.headers.emplace_back("x-request-id", request_id);
  return answer;
}

Answer provider_error(Dialect dialect, std::string_view text, std::string_view code, std::string_view request_id) {
  auto answer = answer_with("application/json", dialect::error_body(dialect, 400, text, code, request_id), request_id);
  answer.status = 400;
  answer.headers.emplace_back("x-should-retry", "false");
  return answer;
}

// The response object of both events; `status` is in_progress or failed.
void write_response(JsonWriter& out, const RefusalRequest& request, std::string_view status,
                    std::optional<std::string_view> error) {
  out.key("response").begin_object();
  out.field("id", "resp_" + std::string(request.request_id)).field("object", "response").field("created_at", 0);
  out.field("status", status).field("model", request.model).key("output").begin_array().end_array();
  out.key("usage").null().key("error");
  if (error)
    out.begin_object().field("code", "invalid_prompt").field("message", *error).end_object();
  else
    out.null();
  out.key("incomplete_details").null().end_object();
}

Answer response_failed(const RefusalRequest& request, std::string_view text) {
  JsonWriter created, failed;
  created.begin_object().field("type", "response.created").field("sequence_number", 0);
  write_response(created, request, "in_progress", std::nullopt);
  failed.begin_object().field("type", "response.failed").field("sequence_number", 1);
  write_response(failed, request, "failed", text);
  std::string body = "event: response.created\ndata: " + created.end_object().take() + "\n\n";
  body += "event: response.failed\ndata: " + failed.end_object().take() + "\n\n";
  auto answer = answer_with("text/event-stream; charset=utf-8", std::move(body), request.request_id);
  answer.headers.emplace_back("cache-control", "no-cache");
  return answer;
}

Answer gemini_reply(const RefusalRequest& request, std::string_view text) {
  // The client's router asks for a choice of model in JSON before the real question: any choice will do.
  std::string shown(text);
  if (request.wants_json) {
    JsonWriter choice;
    choice.begin_object().field("reasoning", text).field("model_choice", "flash").end_object();
    shown = choice.take();
  }
  const bool wrapped = request.path.starts_with("/v1internal:");
  JsonWriter out;
  if (wrapped) out.begin_object().key("response");
  out.begin_object().key("candidates").begin_array().begin_object();
  out.key("content").begin_object().key("parts").begin_array().begin_object().field("text", shown).end_object();
  out.end_array().field("role", "model").end_object().field("finishReason", "STOP").field("index", 0);
  out.end_object().end_array().key("usageMetadata").begin_object();
  out.field("promptTokenCount", 0).field("candidatesTokenCount", 0).field("totalTokenCount", 0).end_object();
  out.field("modelVersion", request.model).field("responseId", request.request_id).end_object();
  if (wrapped) out.end_object();
  if (request.operation != Operation::stream_generate_content)
    return answer_with("application/json", out.take(), request.request_id);
  return answer_with("text/event-stream", "data: " + out.take() + "\r\n\r\n", request.request_id);
}

}  // namespace

Answer refusal_to_app(const RefusalRequest& request) {
  const auto text = with_reference(request.reason, request.reference);
  switch (form_for(request)) {
    case Form::response_failed:
      return response_failed(request, text);
    case Form::assistant_reply:
      return gemini_reply(request, text);
    case Form::provider_error:
      break;
  }
  return provider_error(dialect_of(request.operation), text, request.code, request.request_id);
}

Answer refusal_to_app(Dialect dialect, std::string_view reason, std::string_view reference,
                      std::string_view request_id) {
  return provider_error(dialect, with_reference(reason, reference), "app_denied", request_id);
}

std::string refusal_text(std::string_view org, std::string_view app_name, std::string_view note,
                         std::string_view contact, std::string_view reference) {
  std::string text(org.empty() ? "Your organisation" : org);
  text.append(" does not allow ").append(app_name.empty() ? "this app" : app_name).append(".");
  if (!note.empty()) {
    text.append(" ").append(note);
    if (!note.ends_with('.') && !note.ends_with('!') && !note.ends_with('?')) text += '.';
  }
  if (!contact.empty()) text.append(" Ask ").append(contact).append(".");
  return with_reference(text, reference);
}

}  // namespace sluice::policy
