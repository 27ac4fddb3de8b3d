// The keys and certificates of the deployment: made once by `init`, kept in config.db, loaded when the console serves.
//
// At rest every private key but the root's is sealed under the master key (AES-256-GCM, its own name as context). The
// root's is sealed under a passphrase that no file holds; it is opened for init and reissue only.
// Blocks (scrypt, database). Threads: any; the loaded keys are immutable.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "store/database.h"
#include "tls/ca.h"
#include "tls/keys.h"

namespace sluice::console {

// 32 bytes derived from what the operator gave.
struct MasterKey {
  Secret bytes;
};
MasterKey master_key_from(const Secret& given);
enum class WhenAbsent { refuse, create };
// The key in `file` (mode 0600). not_found with what to do when it is absent and may not be created.
Result<MasterKey> master_key_from_file(const std::filesystem::path& file, WhenAbsent when_absent);

// Seals a value of the configuration under the master key, as base64; `context` names what it is.
std::string seal_value(const MasterKey& master, const Secret& value, std::string_view context);
Result<Secret> open_value(const MasterKey& master, std::string_view sealed, std::string_view context);

struct Founding {
  std::string org;
  std::vector<std::string> extra_domains;  // permitted besides tls::ai_domains()
  std::vector<std::string> server_names;   // of the console's own certificate
};
// Makes everything of a new deployment. conflict when there is one already.
Result<void> found_authority(store::Session& session, const MasterKey& master, const Founding& founding,
                             const Secret& passphrase, TimePoint now);
bool is_founded(store::Session& session);

// A new issuing CA under the root, permitted for today's domains; leaves of the old one live on for two days.
Result<void> reissue_issuing_ca(store::Session& session, const MasterKey& master,
                                const std::vector<std::string>& extra_domains, const Secret& passphrase, TimePoint now);

struct Keys {
  std::string org;
  std::string root_pem;
  tls::Authority issuing;
  tls::Authority identity;
  tls::SigningKey policy;
  tls::SigningKey checkpoint;
  tls::EcKey server;
};
// not_found when init has not run; bad_signature when the master key is another one.
Result<Keys> load_keys(store::Session& session, const MasterKey& master);

// Replaces the console's certificate, with the same key, when it ends within 30 days or its names differ. Returns the
// certificate in force.
Result<std::string> renew_server_certificate(store::Session& session, const Keys& keys,
                                             const std::vector<std::string>& server_names, TimePoint now);

struct CertificateRow {
  std::string name;  // "root", "issuing", "identity", "server"
  std::string serial;
  std::string pem;
  TimePoint not_after;
  bool current = false;
};
std::vector<CertificateRow> certificates(store::Session& session);

}  // namespace sluice::console
