#include "agent/channel/channel.h"

#include <limits>

#include "base/encoding.h"
#include "base/json.h"

namespace sluice::agent {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

constexpr JsonLimits frame_limits{.bytes = 1024 * 1024, .depth = 8};
constexpr std::size_t inventory_limit = 900 * 1024;

void write_end(JsonWriter& json, std::string_view name, const SocketEnd& end) {
  json.key(name).begin_object().field("address", to_hex(end.address)).field("port", static_cast<int>(end.port));
  json.end_object();
}

void write_facts(JsonWriter& json, const ProcessFacts& facts) {
  json.key("facts").begin_object();
  json.field("pid", static_cast<int>(facts.pid));
  json.field("start", static_cast<std::int64_t>(facts.start_ticks));
  json.field("uid", static_cast<std::int64_t>(facts.uid));
  json.field("user", facts.user).field("exe", facts.exe).field("argv", facts.argv);
  json.field("script", facts.script).field("parents", facts.parents);
  json.end_object();
}

template <class T>
T number(JsonFields& fields, std::string_view key) {
  using Limits = std::numeric_limits<T>;
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  constexpr auto largest = static_cast<std::uint64_t>(Limits::max());
  return static_cast<T>(fields.integer(key, 0, static_cast<std::int64_t>(largest < most ? largest : most)));
}

SocketEnd read_end(JsonFields& fields, std::string_view key) {
  JsonFields inner = fields.object(key);
  SocketEnd end;
  const auto address = from_hex(inner.text("address", 32));
  end.port = number<std::uint16_t>(inner, "port");
  if (!address || (address->size() != 4 && address->size() != 16))
    inner.refuse("address", "must be 4 or 16 bytes in hexadecimal", ErrorCode::malformed);
  else
    end.address = *address;
  return end;
}

ProcessFacts read_facts(JsonFields inner) {
  ProcessFacts facts;
  facts.pid = number<std::int32_t>(inner, "pid");
  facts.start_ticks = number<std::uint64_t>(inner, "start");
  facts.uid = number<std::uint32_t>(inner, "uid");
  facts.user = inner.text("user");
  facts.exe = inner.text("exe");
  facts.argv = inner.texts("argv");
  facts.script = inner.text("script");
  facts.parents = inner.texts("parents");
  return facts;
}

template <class Message>
Result<Message> finished(JsonFields& fields, Message message) {
  if (auto error = fields.finish()) return fail(std::move(*error));
  return message;
}

}  // namespace

std::string encode(const ToPrivileged& message) {
  JsonWriter json;
  json.begin_object();
  std::visit(Overloaded{
                 [&](const Ready& m) { json.field("type", "ready").field("port", static_cast<int>(m.port)); },
                 [&](const Govern&) { json.field("type", "govern"); },
                 [&](const Heartbeat& m) {
                   json.field("type", "heartbeat").field("turns", static_cast<std::int64_t>(m.turns));
                 },
                 [&](const InstallRoot& m) { json.field("type", "install_root").field("pem", m.pem); },
                 [&](const WhoAsks& m) {
                   json.field("type", "who").field("id", static_cast<std::int64_t>(m.id));
                   write_end(json, "client", m.client);
                   write_end(json, "server", m.server);
                 },
                 [&](const WantInventory&) { json.field("type", "want_inventory"); },
                 [&](const WantToken&) { json.field("type", "want_token"); },
             },
             message);
  return json.end_object().take();
}

std::string encode(const ToTraffic& message) {
  JsonWriter json;
  json.begin_object();
  std::visit(Overloaded{
                 [&](const WhoAnswers& m) {
                   json.field("type", "owner").field("id", static_cast<std::int64_t>(m.id));
                   if (m.facts) write_facts(json, *m.facts);
                 },
                 [&](const CaptureReport& m) {
                   json.field("type", "capture").field("state", m.state).field("detail", m.detail);
                   json.field("restarts", static_cast<std::int64_t>(m.restarts));
                 },
                 [&](const TrustReport& m) {
                   json.field("type", "trust").field("installed", m.installed).field("detail", m.detail);
                 },
                 [&](const InventoryReport& m) { json.field("type", "inventory").field("json", m.json); },
                 [&](const TokenReport& m) { json.field("type", "token").field("token", m.token.reveal()); },
             },
             message);
  return json.end_object().take();
}

Result<ToPrivileged> decode_to_privileged(std::string_view text) {
  const auto document = parse_json(text, frame_limits);
  if (!document) return fail(document.error());
  JsonFields fields(*document);
  const std::string type =
      fields.choice("type", {"ready", "govern", "heartbeat", "install_root", "want_inventory", "want_token", "who"});
  ToPrivileged message;
  if (type == "ready") message = Ready{number<std::uint16_t>(fields, "port")};
  if (type == "govern") message = Govern{};
  if (type == "heartbeat") message = Heartbeat{number<std::uint64_t>(fields, "turns")};
  if (type == "install_root") message = InstallRoot{fields.text("pem")};
  if (type == "want_inventory") message = WantInventory{};
  if (type == "want_token") message = WantToken{};
  if (type == "who") {
    WhoAsks asks;
    asks.id = number<std::uint64_t>(fields, "id");
    asks.client = read_end(fields, "client");
    asks.server = read_end(fields, "server");
    message = std::move(asks);
  }
  return finished(fields, std::move(message));
}

Result<ToTraffic> decode_to_traffic(std::string_view text) {
  const auto document = parse_json(text, frame_limits);
  if (!document) return fail(document.error());
  JsonFields fields(*document);
  const std::string type = fields.choice("type", {"owner", "capture", "trust", "inventory", "token"});
  ToTraffic message;
  if (type == "capture") {
    CaptureReport report;
    report.state = fields.choice("state", {"capturing", "bypassed", "off"});
    report.detail = fields.text("detail");
    report.restarts = number<std::uint64_t>(fields, "restarts");
    message = std::move(report);
  }
  if (type == "trust") {
    TrustReport report;
    report.installed = fields.boolean("installed");
    report.detail = fields.text("detail");
    message = std::move(report);
  }
  if (type == "inventory") message = InventoryReport{fields.text("json", inventory_limit)};
  if (type == "token") message = TokenReport{Secret(fields.text("token", 1024))};
  if (type == "owner") {
    WhoAnswers answers;
    answers.id = number<std::uint64_t>(fields, "id");
    if (fields.has("facts")) answers.facts = read_facts(fields.object("facts"));
    message = std::move(answers);
  }
  return finished(fields, std::move(message));
}

}  // namespace sluice::agent
