#include "agent/app/status.h"

#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/json.h"
#include "ipc/frame.h"
#include "log/log.h"

namespace sluice::agent {
namespace {

constexpr auto question_patience = std::chrono::seconds(5);

void write_contact(JsonWriter& json, std::string_view name, const Contact& contact, std::string_view url) {
  json.key(name).begin_object().field("url", url);
  if (contact.last_success)
    json.field("last_success", *contact.last_success);
  else
    json.key("last_success").null();
  json.field("last_error", contact.last_error).end_object();
}

// Of the guardrails that this device applies itself when it goes past the gateway.
std::string_view state_of(const guard::Guard* guard) {
  if (guard == nullptr) return "none";
  return guard->is_ready() ? "ready" : "compiling";
}

void write_policy(JsonWriter& json, const policy::Policy* policy, const guard::Guard* guard, TimePoint now) {
  json.key("snapshot");
  if (policy == nullptr) {
    json.null();
    return;
  }
  const auto& fleet = policy->fleet();
  json.begin_object();
  json.field("epoch", fleet.epoch).field("version", fleet.version);
  json.field("issued_at", fleet.issued_at).field("not_after", fleet.not_after);
  json.field("age_seconds", static_cast<std::int64_t>(
                                std::chrono::duration_cast<std::chrono::seconds>(now - fleet.issued_at).count()));
  json.field("gateway_down", fleet.gateway_down == policy::GatewayDown::block ? "block" : "direct");
  json.field("guardrails", state_of(guard));
  json.key("hosts").begin_array();
  for (const auto& host : fleet.hosts) json.text(host.host);
  json.end_array().end_object();
}

void write_counters(JsonWriter& json, const Counters& counters) {
  json.key("counters").begin_object();
  json.field("intercepted", counters.intercepted).field("spliced", counters.spliced);
  json.field("failed_open", counters.failed_open).field("refused", counters.refused);
  json.field("broken", counters.broken).field("to_gateway", counters.to_gateway);
  json.field("to_origin", counters.to_origin).field("unattributed", counters.unattributed).end_object();
}

void write_apps(JsonWriter& json, const DeviceState& state, bool all_users, std::string_view user) {
  json.key("apps").begin_array();
  for (const auto& app : state.apps) {
    if (!all_users && !app.user.empty() && app.user != user) continue;
    json.begin_object().field("app", app.app).field("name", app.name).field("version", app.version);
    json.field("path", app.path).field("user", app.user);
    if (state.policy && state.identity) {
      const auto decision = state.policy->decide_app(state.identity->device_id, app.app);
      json.field("decision", policy::name_of(decision.decision)).field("allowed", decision.allowed);
    }
    json.end_object();
  }
  json.end_array();
}

std::string name_of_user(uid_t uid) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) return entry.pw_name;
  return std::to_string(uid);
}

}  // namespace

Summary summary_of(const DeviceState& state, TimePoint now) {
  if (state.capture.state == "off") return {"off", "capture is off: " + state.capture.detail};
  if (!state.identity) return {"not_enrolled", "this device is not enrolled, so everything passes unread"};
  if (!state.policy) return {"waiting", "no policy has come yet, so everything passes unread"};
  if (!state.policy_in_force(now)) return {"waiting", "the policy has expired, so everything passes unread"};
  if (!state.trust.installed)
    return {"waiting", "the interception root is not installed, so everything passes unread: " + state.trust.detail};
  if (state.capture.state == "bypassed") return {"bypassed", "nothing is captured: " + state.capture.detail};
  return {"governing", "AI traffic of this device is governed"};
}

std::string status_json(const DeviceState& state, const StatusFacts& facts, TimePoint now, bool all_users,
                        std::string_view user) {
  const auto summary = summary_of(state, now);
  JsonWriter json;
  json.begin_object();
  json.field("state", summary.state).field("why", summary.why);
  json.field("version", facts.version).field("started", facts.started).field("time", now);
  json.field("enrolled", state.identity != nullptr);
  if (state.identity) {
    json.field("device_id", state.identity->device_id).field("org", state.identity->org);
    json.field("certificate_not_after", state.identity->not_after);
    json.field("root_ca", state.identity->root_ca);
  }
  json.key("capture").begin_object().field("state", state.capture.state).field("detail", state.capture.detail);
  json.field("restarts", static_cast<std::int64_t>(state.capture.restarts)).end_object();
  json.key("trust").begin_object().field("installed", state.trust.installed).field("detail", state.trust.detail);
  json.end_object();
  write_policy(json, state.policy.get(), state.guard.get(), now);
  write_contact(json, "console", state.console, facts.console_url);
  write_contact(json, "gateway", state.gateway, facts.gateway_url);
  write_counters(json, state.counters);
  write_apps(json, state, all_users, user);
  json.key("last_errors").begin_array();
  for (const auto& error : state.last_errors) json.text(error);
  return json.end_array().end_object().take();
}

StatusServer::StatusServer(async::TaskGroup& group, DeviceState& state, std::function<StatusFacts()> facts,
                           const Clock& clock)
    : group_(group), state_(state), facts_(std::move(facts)), clock_(clock) {}

Result<void> StatusServer::listen(const std::string& path) {
  auto listener = net::Listener::open_unix(group_.loop(), path, 0666);
  if (!listener) return fail(listener.error());
  group_.start(accept_all(std::move(*listener)));
  return {};
}

Task<void> StatusServer::accept_all(std::unique_ptr<net::Listener> listener) {
  for (;;) {
    Result<net::Accepted> accepted = co_await listener->accept();
    if (!accepted) co_return;
    if (!group_.stopping() && open_ < most_open) group_.start(serve(std::move(accepted->stream)));
  }
}

Task<void> StatusServer::serve(net::StreamPtr stream) {
  ++open_;
  co_await answer_questions(std::move(stream));
  --open_;
}

Task<void> StatusServer::answer_questions(net::StreamPtr stream) {
  ucred peer{};
  socklen_t size = sizeof(peer);
  if (::getsockopt(stream->descriptor(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) co_return;
  ipc::FrameReader frames;
  std::array<char, 1024> buffer{};
  for (;;) {
    Result<std::size_t> got = co_await stream->read_some(buffer, in(question_patience));
    if (!got || *got == 0) co_return;
    frames.feed(std::string_view(buffer.data(), *got));
    const auto frame = frames.next();
    if (!frame) co_return;
    if (!*frame) continue;
    const auto document = parse_json(**frame);
    if (!document) co_return;
    JsonFields fields(*document);
    const std::string ask = fields.choice("ask", {"status"});
    if (fields.finish()) co_return;
    const bool all = peer.uid == 0 || peer.uid == ::getuid();
    const std::string text = status_json(state_, facts_(), clock_.now(), all, name_of_user(peer.uid));
    const auto reply = ipc::encode_frame(text);
    if (!reply) co_return;
    Result<void> sent = co_await stream->write_text(*reply, in(question_patience));
    if (!sent) co_return;
  }
}

}  // namespace sluice::agent
