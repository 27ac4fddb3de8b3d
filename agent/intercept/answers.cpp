#include "agent/intercept/answers.h"

#include "agent/process/classify.h"
#include "base/ids.h"
#include "dialect/request.h"
#include "policy/refusal.h"

namespace sluice::agent {
namespace {

PlainAnswer plain(dialect::Answer answer) {
  PlainAnswer result;
  result.head.status = answer.status;
  for (const auto& [name, value] : answer.headers) result.head.fields.add(name, value);
  result.body = std::move(answer.body);
  return result;
}

// The table's form for side calls is 400 too, but only 403 was measured to pass unnoticed at the start of every
// client: with 400 there, some wait and warn before they make the request whose refusal a person should read.
PlainAnswer side_call_refusal(const DenialContext& context, dialect::Dialect dialect, std::string_view text,
                              std::string_view request_id) {
  auto answer = policy::refusal_to_app(dialect, text, context.denial.decision.reference, request_id);
  answer.status = 403;
  return plain(std::move(answer));
}

std::string display_name_of(const DenialContext& context) {
  for (const auto& entry : context.policy.fleet().apps)
    if (entry.app == context.app && !entry.name.empty()) return entry.name;
  return display_name(context.app);
}

audit::RequestFacts facts_of(const DenialContext& context, const http::RequestHead& request) {
  audit::RequestFacts facts;
  facts.request_id = RequestId::make().text();
  facts.client_request_id = std::string(request.fields.get("x-request-id").value_or(""));
  facts.device = context.identity.device_id;
  facts.user = context.flow.process.user;
  facts.app = context.app;
  facts.app_version = context.flow.app_version;
  if (const auto* host = context.policy.host_named(context.flow.host)) {
    facts.provider = host->provider;
    facts.dialect = dialect::name_of(host->dialect);
  }
  facts.host = context.flow.host;
  facts.path = std::string(request.path()).substr(0, 1024);
  return facts;
}

}  // namespace

DeniedAnswer denied_answer(const DenialContext& context, const http::RequestHead& request, std::string_view body) {
  const auto& decision = context.denial.decision;
  DeniedAnswer result;
  auto& facts = result.record.request;
  facts = facts_of(context, request);
  const std::string text = policy::refusal_text(context.policy.fleet().org, display_name_of(context), decision.note,
                                                context.policy.fleet().contact, decision.reference);
  const auto* host = context.policy.host_named(context.flow.host);
  const auto dialect = host != nullptr ? host->dialect : dialect::Dialect::openai;
  const auto target = context.denial.inference ? dialect::target_of(request.method, request.target) : std::nullopt;
  if (target) {
    facts.operation = dialect::name_of(target->operation);
    facts.model = target->model_in_path;
    facts.streamed = target->operation == dialect::Operation::stream_generate_content ||
                     request.fields.has_token("accept", "text/event-stream");
    dialect::RequestReader reader;
    if (const auto read = body.empty() ? fail(ErrorCode::malformed) : reader.read(*target, body)) {
      facts.streamed = read->streamed || target->operation == dialect::Operation::stream_generate_content;
      if (facts.model.empty()) facts.model = read->model.substr(0, 256);
    }
    result.answer = plain(policy::refusal_to_app({.app = context.app,
                                                  .operation = target->operation,
                                                  .streamed = facts.streamed,
                                                  .reason = text,
                                                  .reference = decision.reference,
                                                  .request_id = facts.request_id,
                                                  .model = facts.model}));
  } else if (context.denial.inference) {
    result.answer = plain(policy::refusal_to_app(dialect, text, decision.reference, facts.request_id));
  } else {
    result.answer = side_call_refusal(context, dialect, text, facts.request_id);
  }
  if (!result.answer.head.fields.get("x-request-id")) result.answer.head.fields.add("x-request-id", facts.request_id);
  result.record.time = context.now;
  result.record.outcome.decision = audit::Decision::denied;
  result.record.outcome.reason = text;
  result.record.outcome.status = result.answer.head.status;
  return result;
}

PlainAnswer gateway_unreachable(const policy::Policy& policy, std::string_view host, const http::RequestHead& request) {
  const auto* governed = policy.host_named(host);
  const auto dialect = governed != nullptr ? governed->dialect : dialect::Dialect::openai;
  std::string text = "The AI gateway of " + policy.fleet().org + " cannot be reached from this device.";
  if (!policy.fleet().contact.empty()) text += " Ask " + policy.fleet().contact + ".";
  const auto target = dialect::target_of(request.method, request.target);
  const std::string id = RequestId::make().text();
  if (!target) return plain(policy::refusal_to_app(dialect, text, "", id));
  return plain(policy::refusal_to_app({.app = "",
                                       .operation = target->operation,
                                       .streamed = false,
                                       .reason = text,
                                       .reference = "",
                                       .request_id = id,
                                       .model = "",
                                       .code = "connect_failed"}));
}

PlainAnswer upstream_broken(const policy::Policy* policy, std::string_view host, const Error& error, bool gateway) {
  const auto* governed = policy != nullptr ? policy->host_named(host) : nullptr;
  const auto dialect = governed != nullptr ? governed->dialect : dialect::Dialect::openai;
  const std::string id = RequestId::make().text();
  const std::string text =
      std::string(gateway ? "The connection to the AI gateway broke" : "The provider cannot be reached") + " (" +
      std::string(error.name()) + "). Try again.";
  PlainAnswer answer;
  answer.head.status = 502;
  answer.head.fields.add("content-type", "application/json");
  answer.head.fields.add("x-request-id", id);
  answer.body = dialect::error_body(dialect, 502, text, error.name(), id);
  return answer;
}

PlainAnswer upgrade_refused() {
  PlainAnswer answer;
  answer.head.status = 426;
  answer.head.fields.add("content-type", "application/json");
  answer.body =
      R"({"error":{"message":"WebSocket is not available here; use HTTP.","type":"invalid_request_error","param":null,"code":null}})";
  return answer;
}

PlainAnswer misdirected() {
  PlainAnswer answer;
  answer.head.status = 421;
  answer.head.fields.add("content-type", "application/json");
  answer.body =
      R"({"error":{"message":"The request names another host than its connection.","type":"invalid_request_error"}})";
  return answer;
}

}  // namespace sluice::agent
