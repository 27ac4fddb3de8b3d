#include "gateway/pipeline/pipeline.h"

#include "base/ids.h"
#include "gateway/edge/credentials.h"
#include "gateway/pipeline/heads.h"
#include "http/coding.h"
#include "policy/refusal.h"

namespace sluice::gateway {
namespace {

std::string text_field(const http::Fields& fields, std::string_view name, std::size_t longest = 256) {
  return std::string(fields.get(name).value_or("").substr(0, longest));
}

std::string_view host_without_port(std::string_view authority) noexcept {
  if (authority.ends_with(":443")) authority.remove_suffix(4);
  return authority;
}

}  // namespace

Pipeline::Pipeline(Upstreams& upstreams, ExternalRunner& external, Recorder recorder, InFlight& in_flight,
                   Metrics& metrics)
    : upstreams_(upstreams),
      external_(external),
      recorder_(recorder),
      in_flight_(in_flight),
      metrics_(metrics),
      live_(std::make_shared<const LiveSettings>()) {}

void Pipeline::set_policy(PolicyPtr policy) {
  policy_ = std::move(policy);
  clean_outside_.clear();  // a provider may have been set up anew
  if (policy_) external_.set_providers(policy_->rules().guard_providers());
}

void Pipeline::set_live(std::shared_ptr<const LiveSettings> live) noexcept {
  live_ = std::move(live);
  recorder_.set_on_full(live_->on_full);
}

Task<void> Pipeline::serve(http::Exchange& exchange, const Caller& caller) {
  Request request = begin(exchange, caller);
  Result<void> ready = identify(request);
  if (ready) ready = co_await receive(request);
  if (ready) ready = parse(request);
  if (ready) ready = admit(request);
  if (ready) ready = co_await guard_input(request);
  if (ready) ready = co_await guard_outside(request);
  if (ready) ready = route(request);
  if (ready) ready = record_intent(request);
  if (!ready) {
    co_await refuse(request, ready.error());
    co_return;
  }
  InFlight::Watch watch(in_flight_, exchange.stream(), request.upstream);
  Result<void> answered = co_await attempt(request, watch);
  if (answered)
    co_await relay(request, watch);
  else
    co_await answer_failure(request, answered.error());
  settle(request);
  finish(request);
}

Request Pipeline::begin(http::Exchange& exchange, const Caller& caller) const {
  const http::RequestHead& head = exchange.request();
  Request request{.exchange = exchange,
                  .caller = caller,
                  .policy = policy_,
                  .id = RequestId::make().text(),
                  .time = wall_now(),
                  .started = steady_now()};
  if (std::optional<dialect::Target> target = dialect::target_of(head.method, head.target)) {
    request.target = std::move(*target);
    request.is_inference = true;
  } else {
    request.target.dialect = dialect_of_path(head.path());
  }
  if (request.device() == nullptr || !policy_) return request;
  request.app = text_field(head.fields, "sluice-app");
  request.app_version = text_field(head.fields, "sluice-app-version");
  request.user = text_field(head.fields, "sluice-user");
  const std::string_view authority = head.fields.get("host").value_or("");
  request.host = policy_->rules().fleet().host_named(host_without_port(authority));
  if (request.host != nullptr) {
    request.provider = request.host->provider;
    if (!request.is_inference) request.target.dialect = request.host->dialect;
  }
  return request;
}

// Who asks: an intercepted app of a device, or an API client with a virtual key.
Result<void> Pipeline::identify(Request& request) const {
  if (!request.policy) return fail(ErrorCode::overloaded, "the gateway has no policy yet");
  if (request.policy->fleet().not_after < wall_now())
    return fail(ErrorCode::overloaded,
                "the gateway's policy is no longer valid: it has not reached the console in time");
  const policy::GatewayPolicy& rules = request.policy->rules();
  if (const Device* const device = request.device()) {
    if (rules.fleet().is_revoked(device->serial)) return fail(ErrorCode::revoked, "this device was removed");
    if (device->not_after < wall_now()) return fail(ErrorCode::expired, "this device's certificate is out of date");
    request.key = rules.fleet_default_key();
    return {};
  }
  Result<const policy::CompiledKey*> key = find_key(rules, request.exchange.request().fields);
  if (!key) return fail(key.error());
  request.key = *key;  // a disabled one too: the record says which key is still in use
  if (!request.key->key.enabled) return fail(ErrorCode::unauthenticated, "this virtual key is disabled");
  return {};
}

// The whole request, once and in one buffer. Its bytes are forwarded as they are.
Task<Result<void>> Pipeline::receive(Request& request) const {
  const http::Fields& fields = request.exchange.request().fields;
  if (fields.count("host") > 1) co_return fail(ErrorCode::malformed, "more than one Host field");
  if (!request.exchange.request().target.starts_with('/'))
    co_return fail(ErrorCode::malformed, "the request target must begin with '/'");
  Result<std::string> body = co_await request.exchange.read_whole_body(live_->body_limit);
  if (!body) co_return fail(body.error());
  request.body = std::move(*body);
  co_return Result<void>();
}

Result<void> Pipeline::parse(Request& request) {
  const http::RequestHead& head = request.exchange.request();
  if (request.device() != nullptr) {
    if (request.host == nullptr) return fail(ErrorCode::not_governed, "this host is not governed here");
    if (!request.is_inference || request.target.dialect != request.host->dialect ||
        !policy::Policy::is_inference(*request.host, head.method, head.target))
      return fail(ErrorCode::not_governed, "this path is no known AI request of " + request.host->host);
  } else if (!request.is_inference || head.path().starts_with("/v1beta/")) {
    request.no_route = no_route(head.method, head.path());
    return fail(request.no_route->status == 501 ? ErrorCode::unsupported : ErrorCode::not_found,
                request.no_route->message);
  }
  const std::string_view coding = head.fields.get("content-encoding").value_or("identity");
  Result<std::optional<std::string>> decoded = http::decode_body(coding, request.body, live_->body_limit);
  if (!decoded) return fail(decoded.error());
  request.decoded = std::move(*decoded);
  Result<dialect::RequestFacts> facts = reader_.read(request.target, request.plain_body());
  if (!facts) return fail(facts.error());
  request.facts = std::move(*facts);
  request.model = request.facts.model;
  return {};
}

// May this app, and this key, use this model?
Result<void> Pipeline::admit(Request& request) const {
  const PolicyInForce& policy = *request.policy;
  if (const Device* const device = request.device()) {
    const policy::AppDecision decision = policy.rules().fleet().decide_app(device->id, request.app);
    if (!decision.allowed) {
      request.reference = std::string(decision.reference);
      return fail(ErrorCode::app_denied,
                  policy::refusal_text(policy.fleet().org, policy.app_name(request.app), decision.note,
                                       policy.fleet().contact, decision.reference));
    }
    if (request.key == nullptr)
      return fail(ErrorCode::model_not_allowed, "no virtual key is set as the default of this organisation's devices");
    if (!policy::model_allowed(*request.key, request.provider, request.model))
      return fail(ErrorCode::model_not_allowed, "the model " + request.model.substr(0, 128) + " is not allowed here");
    return {};
  }
  Result<ProviderChoice> choice = choose_provider(policy, *request.key, request.target.dialect, request.facts.model);
  if (!choice) return fail(choice.error());
  request.provider = choice->provider->provider;
  request.model = std::string(choice->model);
  return {};
}

// Where it goes and with which head. "provider/" in front of a model name is the only edit of a body.
Result<void> Pipeline::route(Request& request) const {
  const http::RequestHead& head = request.exchange.request();
  if (request.device() != nullptr) {
    request.destination = request.policy->of_host(request.host->host);
    request.upstream_head =
        device_request_head(head, request.rewritten ? std::optional(request.body.size()) : std::nullopt);
    return {};
  }
  if (request.model.size() != request.facts.model.size() && request.facts.model_span) {
    if (request.decoded)
      return fail(ErrorCode::unsupported, "a model with a provider in front of its name needs an uncompressed body");
    request.body = dialect::with_model(request.body, *request.facts.model_span, request.model);
  }
  request.destination = request.policy->of_provider(request.provider);
  const policy::ProviderSettings* const provider = request.policy->rules().provider_named(request.provider);
  request.upstream_head = api_request_head(head, {.destination = *request.destination,
                                                  .provider = *provider,
                                                  .path = request.target.path,
                                                  .body_size = request.body.size(),
                                                  .rewritten = request.rewritten});
  return {};
}

Result<void> Pipeline::record_intent(Request& request) {
  Result<Recorder::Recorded> recorded = recorder_.intent({.time = request.time, .request = facts_of(request)});
  if (!recorded) return fail(recorded.error());
  request.recorded = *recorded == Recorder::Recorded::yes;
  return {};
}

}  // namespace sluice::gateway
