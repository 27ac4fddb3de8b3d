#include "console_backend/api/device_api.h"

#include "console_backend/activity/intake.h"
#include "console_backend/catalogue/apps.h"
#include "console_backend/devices/devices.h"
#include "console_backend/devices/enrolment.h"
#include "console_backend/devices/enrolment_tokens.h"
#include "log/log.h"

namespace sluice::console {

namespace {

constexpr std::size_t most_known_apps = 10'000;

// "csr: …" stays, what has no path is said as it is.
template <class T>
Outcome refused(const Result<T>& result) {
  return problem(result.error());
}

}  // namespace

Result<PeerIdentity> identify(const Services& services, const std::optional<tls::CertificateFacts>& certificate,
                              Expired expired) {
  if (!certificate) return fail(ErrorCode::unauthenticated, "a client certificate is needed here: enrol first");
  if (certificate->subject_o != services.keys.org) {
    return fail(ErrorCode::untrusted, "the certificate is of another organisation");
  }
  PeerIdentity peer{wire::Party::device, certificate->subject_cn, certificate->public_key_der, certificate->not_after};
  if (certificate->subject_ou == "gateway") {
    peer.party = wire::Party::gateway;
  } else if (certificate->subject_ou != "device") {
    return fail(ErrorCode::untrusted, "the certificate is neither a device's nor a gateway's");
  }
  if (services.presence.revoked(peer.id)) return fail(ErrorCode::revoked, peer.id + " was revoked");
  if (expired == Expired::refuse && peer.not_after <= services.clock.now()) {
    return fail(ErrorCode::expired, "the certificate ended: renew it");
  }
  return peer;
}

Result<PeerIdentity> DeviceApi::peer(const DeviceCall& call, wire::Party party, Expired expired) const {
  Result<PeerIdentity> found = identify(services_, call.certificate, expired);
  if (!found) return found;
  if (found->party != party) {
    return fail(ErrorCode::forbidden, "this path is for a " + std::string(name_of(party)) + "'s certificate");
  }
  return found;
}

Result<std::size_t> DeviceApi::admit(std::string_view path,
                                     const std::optional<tls::CertificateFacts>& certificate) const {
  if (path == "/edge/v1/enrol" || path == "/gateway/v1/enrol") return enrolment_limit;
  const bool renewal = path == "/edge/v1/renew" || path == "/gateway/v1/renew";
  const Result<PeerIdentity> who = identify(services_, certificate, renewal ? Expired::accept : Expired::refuse);
  if (!who) return fail(who.error());
  return renewal ? enrolment_limit : body_limit;
}

Outcome DeviceApi::answer(const DeviceCall& call) {
  if (call.method != "POST") {
    Problem wrong(Error{ErrorCode::unsupported, "use POST"});
    wrong.status = 405;
    return std::unexpected(std::move(wrong));
  }
  if (call.path == "/edge/v1/enrol") return enrol(call);
  if (call.path == "/edge/v1/renew") return renew(call, wire::Party::device);
  if (call.path == "/edge/v1/leaf") return leaf(call);
  if (call.path == "/edge/v1/inventory") return inventory(call);
  if (call.path == "/edge/v1/events") return events(call, wire::Party::device);
  if (call.path == "/gateway/v1/enrol") return enrol_gateway_peer(call);
  if (call.path == "/gateway/v1/renew") return renew(call, wire::Party::gateway);
  if (call.path == "/gateway/v1/events") return events(call, wire::Party::gateway);
  return problem(ErrorCode::not_found, "no such path in the device API");
}

Outcome DeviceApi::enrol(const DeviceCall& call) {
  const TimePoint now = services_.clock.now();
  if (Result<void> may = failed_enrolments_.check(call.address, now); !may) return refused(may);
  Result<wire::EnrolRequest> request = wire::parse_enrol_request(call.body);
  if (!request) return refused(request);
  Result<wire::EnrolResponse> enrolled = enrol_device(services_.config, services_.keys, *request, now);
  if (!enrolled) {
    failed_enrolments_.count(call.address, now);
    log::failure(log::Level::warning, "enrolment.refused", enrolled.error(), {{"address", call.address}});
    return refused(enrolled);
  }
  log::event("device.enrolled", {{"device", enrolled->id}, {"hostname", request->hostname}});
  services_.changed({Topic::devices, Topic::tokens});
  return json_answer(wire::print(*enrolled, wire::Party::device), 201);
}

Outcome DeviceApi::enrol_gateway_peer(const DeviceCall& call) {
  const TimePoint now = services_.clock.now();
  if (Result<void> may = failed_enrolments_.check(call.address, now); !may) return refused(may);
  Result<wire::GatewayEnrolRequest> request = wire::parse_gateway_enrol_request(call.body);
  if (!request) return refused(request);
  Result<wire::EnrolResponse> enrolled = enrol_gateway(services_.config, services_.keys, *request, now);
  if (!enrolled) {
    failed_enrolments_.count(call.address, now);
    log::failure(log::Level::warning, "enrolment.refused", enrolled.error(), {{"address", call.address}});
    return refused(enrolled);
  }
  log::event("gateway.enrolled", {{"gateway", enrolled->id}, {"name", request->name}});
  services_.changed({Topic::gateways, Topic::tokens});
  return json_answer(wire::print(*enrolled, wire::Party::gateway), 201);
}

Outcome DeviceApi::renew(const DeviceCall& call, wire::Party party) {
  Result<PeerIdentity> who = peer(call, party, Expired::accept);
  if (!who) return refused(who);
  Result<wire::RenewRequest> request = wire::parse_renew_request(call.body);
  if (!request) return refused(request);
  const PresentCertificate present{who->id, who->party, who->public_key_der, who->not_after};
  Result<wire::RenewResponse> renewed =
      renew_identity(services_.config, services_.keys, present, *request, services_.clock.now());
  if (!renewed) return refused(renewed);
  return json_answer(wire::print(*renewed));
}

Outcome DeviceApi::leaf(const DeviceCall& call) {
  Result<PeerIdentity> who = peer(call, wire::Party::device);
  if (!who) return refused(who);
  Result<wire::LeafRequest> request = wire::parse_leaf_request(call.body);
  if (!request) return refused(request);
  const std::shared_ptr<const Published> published = services_.publisher.current();
  Result<wire::LeafResponse> signed_leaf = services_.leaves.sign(published->fleet, who->id, *request);
  if (!signed_leaf) {
    log::failure(log::Level::warning, "leaf.refused", signed_leaf.error(), {{"device", who->id}});
    return refused(signed_leaf);
  }
  return json_answer(wire::print(*signed_leaf));
}

Result<void> DeviceApi::see_apps(const std::set<std::string>& apps) {
  std::set<std::string> unknown;
  {
    std::lock_guard lock(known_guard_);
    for (const std::string& app : apps) {
      if (!known_apps_.contains(app) && is_app_name(app)) unknown.insert(app);
    }
  }
  if (unknown.empty()) return {};
  Result<bool> added = services_.config.write([&](store::Session& session) {
    bool fresh = false;
    for (const std::string& app : unknown) fresh = see_app(session, app, "", services_.clock.now()) || fresh;
    return fresh;
  });
  if (!added) return fail(added.error());
  {
    std::lock_guard lock(known_guard_);
    if (known_apps_.size() < most_known_apps) known_apps_.insert(unknown.begin(), unknown.end());
  }
  if (*added) services_.changed({Topic::apps});
  return {};
}

Result<void> DeviceApi::see_users(const std::map<std::string, std::string>& users) {
  std::map<std::string, std::string> fresh;
  {
    std::lock_guard lock(known_guard_);
    for (const auto& [device, user] : users) {
      const auto known = known_users_.find(device);
      if (known == known_users_.end() || known->second != user) fresh.emplace(device, user);
    }
  }
  if (fresh.empty()) return {};
  Result<void> stored = services_.config.write([&](store::Session& session) {
    for (const auto& [device, user] : fresh) set_device_user(session, device, user);
  });
  if (!stored) return stored;
  {
    std::lock_guard lock(known_guard_);
    for (auto& [device, user] : fresh) known_users_[device] = user;
  }
  services_.changed({Topic::devices});
  return {};
}

Outcome DeviceApi::inventory(const DeviceCall& call) {
  Result<PeerIdentity> who = peer(call, wire::Party::device);
  if (!who) return refused(who);
  Result<wire::Inventory> inventory = wire::parse_inventory(call.body);
  if (!inventory) return refused(inventory);
  for (std::size_t i = 0; i < inventory->apps.size(); ++i) {
    if (is_app_name(inventory->apps[i].app)) continue;
    return problem(ErrorCode::invalid_argument, "apps[" + std::to_string(i) + "].app: not a name that an app can have");
  }
  const TimePoint now = services_.clock.now();
  Result<void> taken = services_.config.write([&](store::Session& session) {
    for (const wire::InstalledApp& app : inventory->apps) see_app(session, app.app, app.name, now);
    take_inventory(session, who->id, *inventory, now);
  });
  if (!taken) return refused(taken);
  services_.presence.heard(who->id, "", now);
  services_.changed({Topic::devices, Topic::apps});
  return json_answer("{}");
}

Outcome DeviceApi::events(const DeviceCall& call, wire::Party party) {
  Result<PeerIdentity> who = peer(call, party);
  if (!who) return refused(who);
  Result<wire::EventsRequest> batch = wire::parse_events_request(call.body);
  if (!batch) return refused(batch);
  const TimePoint now = services_.clock.now();
  Result<Taken> taken = take_events(services_.audit, who->id, party, *batch, now);
  if (!taken) return refused(taken);
  services_.presence.heard(who->id, "", now);
  if (taken->findings > 0) {
    log::warning("audit.chain_finding", {{"origin", who->id}, {"findings", taken->findings}});
  }
  if (Result<void> seen = see_apps(taken->apps); !seen) {
    log::failure(log::Level::error, "catalogue.not_updated", seen.error());  // the next inventory or event makes up
  }
  if (Result<void> seen = see_users(taken->users); !seen) {
    log::failure(log::Level::error, "users.not_updated", seen.error());
  }
  if (taken->stored > 0) services_.changed({Topic::logs});
  return json_answer(wire::print(wire::EventsResponse{taken->accepted_through}));
}

}  // namespace sluice::console
