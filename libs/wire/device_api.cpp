#include "wire/device_api.h"

#include "base/encoding.h"
#include "base/json.h"

namespace sluice::wire {
namespace {

constexpr std::size_t pem_limit = 64 * 1024, name_limit = 512, path_limit = 4096;
constexpr std::size_t most_apps = 2000, most_records = 10'000;
constexpr JsonLimits small{.bytes = 256 * 1024, .depth = 4};
constexpr JsonLimits inventory_limits{.bytes = 4 * 1024 * 1024, .depth = 6};
constexpr JsonLimits events_limits{.bytes = 16 * 1024 * 1024, .depth = 16};

// Parses, lets `read` fill the value, and reports the first wrong or unknown field.
template <class T, class Read>
Result<T> parsed(std::string_view text, JsonLimits limits, Read read) {
  const auto document = parse_json(text, limits);
  if (!document) return fail(document.error());
  JsonFields fields(*document);
  T value = read(fields);
  if (auto error = fields.finish()) return fail(std::move(*error));
  return value;
}

std::string_view id_field(Party party) {
  return party == Party::device ? "device_id" : "gateway_id";
}

}  // namespace

std::string print(const EnrolRequest& value) {
  JsonWriter out;
  out.begin_object().field("token", value.token.reveal()).field("csr", value.csr).field("hostname", value.hostname);
  out.field("platform", value.platform).field("os_version", value.os_version);
  return out.field("agent_version", value.agent_version).end_object().take();
}

Result<EnrolRequest> parse_enrol_request(std::string_view text) {
  return parsed<EnrolRequest>(text, small, [](JsonFields& fields) {
    return EnrolRequest{.token = Secret(fields.text("token", name_limit)),
                        .csr = fields.text("csr", pem_limit),
                        .hostname = fields.text("hostname", name_limit),
                        .platform = fields.text("platform", name_limit),
                        .os_version = fields.text("os_version", name_limit),
                        .agent_version = fields.text("agent_version", name_limit)};
  });
}

std::string print(const GatewayEnrolRequest& value) {
  JsonWriter out;
  out.begin_object().field("token", value.token.reveal()).field("csr", value.csr);
  return out.field("name", value.name).end_object().take();
}

Result<GatewayEnrolRequest> parse_gateway_enrol_request(std::string_view text) {
  return parsed<GatewayEnrolRequest>(text, small, [](JsonFields& fields) {
    return GatewayEnrolRequest{.token = Secret(fields.text("token", name_limit)),
                               .csr = fields.text("csr", pem_limit),
                               .name = fields.text("name", name_limit)};
  });
}

std::string print(const EnrolResponse& value, Party party) {
  JsonWriter out;
  out.begin_object().field(id_field(party), value.id).field("org", value.org).field("certificate", value.certificate);
  out.field("identity_ca", value.identity_ca).field("policy_key", to_base64(value.policy_key));
  return out.field("root_ca", value.root_ca).end_object().take();
}

Result<EnrolResponse> parse_enrol_response(std::string_view text, Party party) {
  return parsed<EnrolResponse>(text, small, [party](JsonFields& fields) {
    EnrolResponse value{.id = fields.text(id_field(party), name_limit),
                        .org = fields.text("org", name_limit),
                        .certificate = fields.text("certificate", pem_limit),
                        .identity_ca = fields.text("identity_ca", pem_limit),
                        .policy_key = from_base64(fields.text("policy_key", name_limit)).value_or(std::string()),
                        .root_ca = fields.text("root_ca", pem_limit)};
    if (value.policy_key.size() != 32) fields.refuse("policy_key", "must be base64 of 32 bytes");
    return value;
  });
}

std::string print(const RenewRequest& value) {
  return JsonWriter().begin_object().field("csr", value.csr).end_object().take();
}

Result<RenewRequest> parse_renew_request(std::string_view text) {
  return parsed<RenewRequest>(text, small, [](JsonFields& f) { return RenewRequest{.csr = f.text("csr", pem_limit)}; });
}

std::string print(const RenewResponse& value) {
  return JsonWriter().begin_object().field("certificate", value.certificate).end_object().take();
}

Result<RenewResponse> parse_renew_response(std::string_view text) {
  return parsed<RenewResponse>(
      text, small, [](JsonFields& f) { return RenewResponse{.certificate = f.text("certificate", pem_limit)}; });
}

std::string print(const LeafRequest& value) {
  return JsonWriter().begin_object().field("host", value.host).field("csr", value.csr).end_object().take();
}

Result<LeafRequest> parse_leaf_request(std::string_view text) {
  return parsed<LeafRequest>(text, small, [](JsonFields& fields) {
    return LeafRequest{.host = fields.text("host", 253), .csr = fields.text("csr", pem_limit)};
  });
}

std::string print(const LeafResponse& value) {
  JsonWriter out;
  return out.begin_object().field("chain", value.chain).field("not_after", value.not_after).end_object().take();
}

Result<LeafResponse> parse_leaf_response(std::string_view text) {
  return parsed<LeafResponse>(text, small, [](JsonFields& fields) {
    return LeafResponse{.chain = fields.text("chain", pem_limit), .not_after = fields.time("not_after")};
  });
}

std::string print(const Inventory& value) {
  JsonWriter out;
  out.begin_object().field("hostname", value.hostname).field("os_version", value.os_version);
  out.field("agent_version", value.agent_version).key("capture").begin_object();
  out.field("state", value.capture_state).field("detail", value.capture_detail).end_object();
  out.key("apps").begin_array();
  for (const auto& app : value.apps) {
    out.begin_object().field("app", app.app).field("name", app.name).field("version", app.version);
    out.field("path", app.path).field("user", app.user).end_object();
  }
  out.end_array().key("counters").begin_object().field("intercepted", value.counters.intercepted);
  out.field("spliced", value.counters.spliced).field("refused", value.counters.refused);
  return out.field("broken", value.counters.broken).end_object().end_object().take();
}

Result<Inventory> parse_inventory(std::string_view text) {
  return parsed<Inventory>(text, inventory_limits, [](JsonFields& fields) {
    Inventory value{.hostname = fields.text("hostname", name_limit),
                    .os_version = fields.text("os_version", name_limit),
                    .agent_version = fields.text("agent_version", name_limit)};
    auto capture = fields.object("capture");
    value.capture_state = capture.choice("state", {"capturing", "bypassed", "off"});
    value.capture_detail = capture.text("detail", path_limit);
    for (auto& app : fields.objects("apps", most_apps))
      value.apps.push_back({.app = app.text("app", name_limit),
                            .name = app.text("name", name_limit),
                            .version = app.text("version", name_limit),
                            .path = app.text("path", path_limit),
                            .user = app.text("user", name_limit)});
    auto counters = fields.object("counters");
    value.counters = {.intercepted = counters.integer("intercepted"),
                      .spliced = counters.integer("spliced"),
                      .refused = counters.integer("refused"),
                      .broken = counters.integer("broken")};
    return value;
  });
}

std::string print(const EventsRequest& value) {
  JsonWriter out;
  out.begin_object().field("origin", value.origin).key("records").begin_array();
  for (const auto& record : value.records) out.raw(record);
  return out.end_array().end_object().take();
}

Result<EventsRequest> parse_events_request(std::string_view text) {
  return parsed<EventsRequest>(text, events_limits, [](JsonFields& fields) {
    EventsRequest value{.origin = fields.text("origin", name_limit)};
    const auto* raw = fields.raw("records");
    const auto* records = raw == nullptr ? nullptr : std::get_if<JsonArray>(&raw->data);
    if (records == nullptr) {
      fields.refuse("records", "must be a list", ErrorCode::malformed);
      return value;
    }
    if (records->size() > most_records)
      fields.refuse("records", "has more than " + std::to_string(most_records) + " entries");
    for (std::size_t i = 0; i < records->size(); ++i) {
      if (!std::holds_alternative<JsonObject>((*records)[i].data))
        fields.refuse("records[" + std::to_string(i) + "]", "must be an object", ErrorCode::malformed);
      value.records.push_back(JsonWriter().value((*records)[i]).take());
    }
    return value;
  });
}

std::string print(const EventsResponse& value) {
  return JsonWriter().begin_object().field("accepted_through", value.accepted_through).end_object().take();
}

Result<EventsResponse> parse_events_response(std::string_view text) {
  return parsed<EventsResponse>(
      text, small, [](JsonFields& f) { return EventsResponse{.accepted_through = f.integer("accepted_through")}; });
}

std::string print(const ErrorResponse& value) {
  JsonWriter out;
  out.begin_object().key("error").begin_object().field("code", value.code).field("message", value.message);
  if (value.field) out.field("field", *value.field);
  return out.end_object().end_object().take();
}

// Details begin with the field's path where one field is to blame: "hosts[3].mode: …".
std::string print_error(const Error& error) {
  const auto colon = error.detail.find(": ");
  const auto path = std::string_view(error.detail).substr(0, colon == std::string::npos ? 0 : colon);
  const bool about_input = error.code == ErrorCode::malformed || error.code == ErrorCode::invalid_argument ||
                           error.code == ErrorCode::unsupported;
  ErrorResponse response{.code = std::string(error.name()), .message = error.message()};
  if (about_input && !path.empty() && path.find(' ') == std::string_view::npos) response.field = std::string(path);
  return print(response);
}

Error parse_error_response(std::string_view text, int status) {
  const auto unknown = [status] {
    return Error{ErrorCode::upstream_failed, "the console answered with status " + std::to_string(status)};
  };
  const auto document = parse_json(text, small);
  if (!document) return unknown();
  const auto* error = document->find("error");
  const auto* code = error == nullptr ? nullptr : error->find("code");
  const auto* message = error == nullptr ? nullptr : error->find("message");
  const auto* name = code == nullptr ? nullptr : std::get_if<std::string>(&code->data);
  if (name == nullptr) return unknown();
  for (std::size_t i = 0; i <= static_cast<std::size_t>(ErrorCode::io_failed); ++i) {
    const auto& row = row_of(static_cast<ErrorCode>(i));
    if (row.name != *name) continue;
    const auto* words = message == nullptr ? nullptr : std::get_if<std::string>(&message->data);
    std::string detail = words == nullptr ? std::string() : words->substr(0, 4096);
    // The sentence is put in front again when the error is shown.
    if (detail.starts_with(row.sentence)) detail.erase(0, row.sentence.size());
    if (detail.starts_with(": ")) detail.erase(0, 2);
    return Error{row.code, "the console says: " + (detail.empty() ? std::string(row.sentence) : detail)};
  }
  return unknown();
}

}  // namespace sluice::wire
