#include "console_backend/ca/authority.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/files.h"
#include "base/random.h"
#include "tls/certificate.h"
#include "tls/crypto.h"

namespace sluice::console {

namespace {

constexpr std::chrono::hours server_life{24 * 90};
constexpr std::chrono::hours server_renewal{24 * 30};

std::string key_context(std::string_view name) {
  return "sluice.console.key." + std::string(name) + ".v1";
}

void store_key(store::Session& session, std::string_view name, std::string_view sealed, std::string_view public_key,
               TimePoint now) {
  session.run(
      "INSERT INTO private_keys (name, sealed, public_key, created_at) VALUES (:name, :sealed, :public_key, :now) "
      "ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, public_key = excluded.public_key, "
      "created_at = excluded.created_at",
      {{"name", name}, {"sealed", sealed}, {"public_key", to_base64(public_key)}, {"now", now}});
}

void store_sealed_key(store::Session& session, const MasterKey& master, std::string_view name, const Secret& pem,
                      std::string_view public_key, TimePoint now) {
  store_key(session, name, seal_value(master, pem, key_context(name)), public_key, now);
}

Result<void> store_certificate(store::Session& session, std::string_view name, std::string_view pem, TimePoint now) {
  Result<tls::CertificateFacts> facts = tls::certificate_facts(pem);
  if (!facts) return fail(facts.error());
  session.run("UPDATE certificates SET current = 0 WHERE name = :name", {{"name", name}});
  session.run(
      "INSERT INTO certificates (name, serial, pem, not_after, created_at, current) "
      "VALUES (:name, :serial, :pem, :not_after, :now, 1)",
      {{"name", name}, {"serial", facts->serial}, {"pem", pem}, {"not_after", facts->not_after}, {"now", now}});
  return {};
}

Result<std::string> current_certificate(store::Session& session, std::string_view name) {
  std::optional<store::Row> row =
      session.row("SELECT pem FROM certificates WHERE name = :name AND current = 1", {{"name", name}});
  if (!row) return fail(ErrorCode::not_found, "no " + std::string(name) + " certificate: run 'sluice-console init'");
  return row->text("pem");
}

Result<Secret> sealed_key(store::Session& session, const MasterKey& master, std::string_view name) {
  std::optional<store::Row> row = session.row("SELECT sealed FROM private_keys WHERE name = :name", {{"name", name}});
  if (!row) return fail(ErrorCode::not_found, "no " + std::string(name) + " key: run 'sluice-console init'");
  Result<Secret> pem = open_value(master, row->text("sealed"), key_context(name));
  if (!pem) return fail(pem.error().during("opening the " + std::string(name) + " key with the master key"));
  return pem;
}

Result<tls::Authority> load_authority(store::Session& session, const MasterKey& master, std::string_view name) {
  Result<std::string> certificate = current_certificate(session, name);
  if (!certificate) return fail(certificate.error());
  Result<Secret> pem = sealed_key(session, master, name);
  if (!pem) return fail(pem.error());
  Result<tls::EcKey> key = tls::EcKey::from_pem(*pem);
  if (!key) return fail(key.error().during(name));
  return tls::Authority{std::move(*certificate), std::move(*key)};
}

Result<tls::SigningKey> load_signing_key(store::Session& session, const MasterKey& master, std::string_view name) {
  Result<Secret> pem = sealed_key(session, master, name);
  if (!pem) return fail(pem.error());
  return tls::SigningKey::from_pem(*pem);
}

std::vector<std::string> permitted_domains(const std::vector<std::string>& extra) {
  std::vector<std::string> domains = tls::ai_domains();
  domains.insert(domains.end(), extra.begin(), extra.end());
  return domains;
}

Result<std::string> sign_server(const tls::Authority& identity, const tls::EcKey& server, std::string_view org,
                                const std::vector<std::string>& names, TimePoint now) {
  const tls::SigningRequest request{server.public_key_der(), ""};
  const tls::IdentitySubject subject{names.empty() ? "sluice-console" : names.front(), std::string(org), "console",
                                     names};
  return tls::sign_identity(identity, request, subject, server_life, now);
}

// The issuing CA: key under the master key, certificate from the root.
Result<void> store_issuing(store::Session& session, const MasterKey& master, const tls::Authority& root,
                           std::string_view org, const std::vector<std::string>& domains, TimePoint now) {
  Result<tls::Authority> issuing = tls::make_issuing_ca(root, org, domains, now);
  if (!issuing) return fail(issuing.error().during("ca.domains"));
  store_sealed_key(session, master, "issuing", issuing->key.to_pem(), issuing->key.public_key_der(), now);
  return store_certificate(session, "issuing", issuing->certificate_pem, now);
}

std::string deployment_value(store::Session& session, std::string_view name) {
  std::optional<store::Row> row = session.row("SELECT value FROM deployment WHERE name = :name", {{"name", name}});
  return row ? row->text("value") : std::string();
}

}  // namespace

MasterKey master_key_from(const Secret& given) {
  return {tls::hkdf_sha256(given.reveal(), "", "sluice.console.master.v1")};
}

Result<MasterKey> master_key_from_file(const std::filesystem::path& file, WhenAbsent when_absent) {
  Result<std::string> text = read_file(file, 4096);
  if (!text && text.error().code == ErrorCode::not_found && when_absent == WhenAbsent::create) {
    const std::string fresh = to_base64(random_bytes(32));
    if (Result<void> written = write_file_atomically(file, fresh + "\n", 0600); !written) return fail(written.error());
    text = fresh;
  }
  if (!text) return fail(text.error().during("reading the master key (master_key_file)"));
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r' || text->back() == ' ')) text->pop_back();
  if (text->size() < 16) {
    return fail(ErrorCode::invalid_argument, "master_key_file: " + file.string() + " holds less than 16 characters");
  }
  return master_key_from(Secret(std::move(*text)));
}

std::string seal_value(const MasterKey& master, const Secret& value, std::string_view context) {
  return to_base64(tls::seal(master.bytes, value.reveal(), context));
}

Result<Secret> open_value(const MasterKey& master, std::string_view sealed, std::string_view context) {
  Result<std::string> bytes = from_base64(sealed);
  if (!bytes) return fail(bytes.error());
  return tls::open_sealed(master.bytes, *bytes, context);
}

bool is_founded(store::Session& session) {
  return session.number("SELECT COUNT(*) AS n FROM deployment WHERE name = 'org'") > 0;
}

Result<void> found_authority(store::Session& session, const MasterKey& master, const Founding& founding,
                             const Secret& passphrase, TimePoint now) {
  if (is_founded(session)) {
    return fail(ErrorCode::conflict, "this console is initialised already for '" + deployment_value(session, "org") +
                                         "'; nothing was changed");
  }
  const std::vector<std::string> domains = permitted_domains(founding.extra_domains);
  Result<tls::Authority> root = tls::make_root(founding.org, domains, now);
  if (!root) return fail(root.error().during("ca.domains"));
  Result<Secret> sealed_root = root->key.to_sealed_pem(passphrase);
  if (!sealed_root) return fail(sealed_root.error().during("sealing the root key"));
  store_key(session, "root", sealed_root->reveal(), root->key.public_key_der(), now);
  if (Result<void> done = store_certificate(session, "root", root->certificate_pem, now); !done) return done;
  if (Result<void> done = store_issuing(session, master, *root, founding.org, domains, now); !done) return done;

  Result<tls::Authority> identity = tls::make_identity_ca(founding.org, now);
  if (!identity) return fail(identity.error());
  store_sealed_key(session, master, "identity", identity->key.to_pem(), identity->key.public_key_der(), now);
  if (Result<void> done = store_certificate(session, "identity", identity->certificate_pem, now); !done) return done;

  for (std::string_view name : {"policy", "checkpoint"}) {
    const tls::SigningKey key = tls::SigningKey::generate();
    store_sealed_key(session, master, name, key.to_pem(), key.public_key(), now);
  }
  const tls::EcKey server = tls::EcKey::generate();
  store_sealed_key(session, master, "server", server.to_pem(), server.public_key_der(), now);
  Result<std::string> certificate = sign_server(*identity, server, founding.org, founding.server_names, now);
  if (!certificate) return fail(certificate.error().during("server_names"));
  if (Result<void> done = store_certificate(session, "server", *certificate, now); !done) return done;

  for (const auto& [name, value] : {std::pair<std::string_view, std::string>{"org", founding.org},
                                    {"epoch", "1"},
                                    {"version", "0"},
                                    {"created_at", to_rfc3339(now)}}) {
    session.run("INSERT INTO deployment (name, value) VALUES (:name, :value)", {{"name", name}, {"value", value}});
  }
  return {};
}

Result<void> reissue_issuing_ca(store::Session& session, const MasterKey& master,
                                const std::vector<std::string>& extra_domains, const Secret& passphrase,
                                TimePoint now) {
  Result<std::string> certificate = current_certificate(session, "root");
  if (!certificate) return fail(certificate.error());
  std::optional<store::Row> row = session.row("SELECT sealed FROM private_keys WHERE name = 'root'");
  if (!row) return fail(ErrorCode::not_found, "no root key: run 'sluice-console init'");
  Result<tls::EcKey> key = tls::EcKey::from_pem(Secret(row->text("sealed")), passphrase);
  if (!key) return fail(key.error().during("opening the root key with the passphrase"));
  // The root's own constraint stands for its ten years. Domains that joined the registry since it was made wait for the
  // next root; an extra one that it does not permit is refused by name.
  Result<std::vector<std::string>> of_root = tls::domains_permitted_by(*certificate);
  if (!of_root) return fail(of_root.error());
  std::vector<std::string> domains;
  for (const std::string& domain : tls::ai_domains())
    if (tls::within_domains(domain, *of_root)) domains.push_back(domain);
  domains.insert(domains.end(), extra_domains.begin(), extra_domains.end());
  return store_issuing(session, master, {*certificate, *key}, deployment_value(session, "org"), domains, now);
}

Result<Keys> load_keys(store::Session& session, const MasterKey& master) {
  if (!is_founded(session))
    return fail(ErrorCode::not_found, "this console has no keys yet: run 'sluice-console init'");
  Result<std::string> root = current_certificate(session, "root");
  if (!root) return fail(root.error());
  Result<tls::Authority> issuing = load_authority(session, master, "issuing");
  if (!issuing) return fail(issuing.error());
  Result<tls::Authority> identity = load_authority(session, master, "identity");
  if (!identity) return fail(identity.error());
  Result<tls::SigningKey> policy = load_signing_key(session, master, "policy");
  if (!policy) return fail(policy.error());
  Result<tls::SigningKey> checkpoint = load_signing_key(session, master, "checkpoint");
  if (!checkpoint) return fail(checkpoint.error());
  Result<Secret> server_pem = sealed_key(session, master, "server");
  if (!server_pem) return fail(server_pem.error());
  Result<tls::EcKey> server = tls::EcKey::from_pem(*server_pem);
  if (!server) return fail(server.error().during("server"));
  return Keys{deployment_value(session, "org"),
              std::move(*root),
              std::move(*issuing),
              std::move(*identity),
              std::move(*policy),
              std::move(*checkpoint),
              std::move(*server)};
}

Result<std::string> renew_server_certificate(store::Session& session, const Keys& keys,
                                             const std::vector<std::string>& server_names, TimePoint now) {
  Result<std::string> present = current_certificate(session, "server");
  if (!present) return present;
  Result<tls::CertificateFacts> facts = tls::certificate_facts(*present);
  if (!facts) return fail(facts.error());
  const std::string names_key = [&] {
    std::string joined;
    for (const std::string& name : server_names) joined += name + ",";
    return joined;
  }();
  const bool same_names = deployment_value(session, "server_names") == names_key;
  if (same_names && facts->not_after - now > server_renewal) return present;
  Result<std::string> certificate = sign_server(keys.identity, keys.server, keys.org, server_names, now);
  if (!certificate) return fail(certificate.error().during("server_names"));
  if (Result<void> done = store_certificate(session, "server", *certificate, now); !done) return fail(done.error());
  session.run(
      "INSERT INTO deployment (name, value) VALUES ('server_names', :value) "
      "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      {{"value", names_key}});
  return certificate;
}

std::vector<CertificateRow> certificates(store::Session& session) {
  std::vector<CertificateRow> all;
  for (const store::Row& row : session.rows(
           "SELECT name, serial, pem, not_after, current FROM certificates ORDER BY name, created_at DESC LIMIT 200")) {
    all.push_back({row.text("name"), row.text("serial"), row.text("pem"), row.time("not_after"), row.yes("current")});
  }
  return all;
}

}  // namespace sluice::console
