// Makes programs of this machine trust the organisation's interception root, and undoes it to the byte.
//
// What is written (below `root`, "/" but in tests):
//   /etc/sluice/root.pem                              stable path for programs that take a file
//   the system store's drop folder                    Debian and Fedora layouts; then the store's own update program
//   /etc/profile.d/sluice.sh                          NODE_EXTRA_CA_CERTS for login shells, unless already set
//   /etc/environment.d/60-sluice.conf                 the same for graphical sessions (systemd user manager)
//   /etc/environment                                  the same for PAM sessions: a block between ownership marks
// System store plus NODE_EXTRA_CA_CERTS is what every measured client accepts; SSL_CERT_FILE would replace the store.
// A NODE_EXTRA_CA_CERTS that somebody else set in /etc/environment is left alone and reported.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::agent {

inline constexpr std::string_view root_certificate_path = "/etc/sluice/root.pem";

// One system trust store: where to drop the certificate and what to start afterwards.
struct StoreLayout {
  std::filesystem::path drop_file;
  std::vector<std::string> update_command;
};

class TrustStore {
 public:
  // Runs a command to its end; io_failed when it does not succeed. It is the one thing here that may take seconds.
  using Run = std::function<Result<void>(const std::vector<std::string>& command)>;

  TrustStore(std::filesystem::path root, Run run);

  // Idempotent: files that already hold what they should are not touched, and nothing is started then.
  // `pem` must be one certificate (checked by the caller). unsupported: no known store on this system.
  Result<void> install(std::string_view pem);
  Result<void> remove();
  [[nodiscard]] bool installed(std::string_view pem) const;

  // What in the environment works against us, for doctor: a foreign NODE_EXTRA_CA_CERTS, SSL_CERT_FILE for everybody.
  [[nodiscard]] std::vector<std::string> conflicts() const;

 private:
  [[nodiscard]] std::filesystem::path at(std::string_view path) const;
  [[nodiscard]] std::optional<StoreLayout> layout() const;
  Result<bool> put(std::string_view path, std::string_view text);  // true when it changed something
  Result<void> take_away(std::string_view path);
  std::filesystem::path root_;
  Run run_;
};

// The text of /etc/environment with our block in it, or nothing when it need not change (ours is there, or a foreign
// setting is). `existing` is nothing when there is no file. Pure.
std::optional<std::string> with_environment_block(const std::optional<std::string>& existing);
// The exact text before the block was put in; an inner nothing: the file did not exist. Outer nothing: no block in it.
std::optional<std::optional<std::string>> without_environment_block(std::string_view text);

}  // namespace sluice::agent
