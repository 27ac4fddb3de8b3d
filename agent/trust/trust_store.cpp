#include "agent/trust/trust_store.h"

#include "base/files.h"

namespace sluice::agent {
namespace {

constexpr std::string_view profile_path = "/etc/profile.d/sluice.sh";
constexpr std::string_view session_path = "/etc/environment.d/60-sluice.conf";
constexpr std::string_view environment_path = "/etc/environment";

std::string profile_text() {
  const std::string path(root_certificate_path);
  return "# Placed by Sluice, removed with it: Node.js programs trust the organisation's interception root.\n"
         "if [ -z \"${NODE_EXTRA_CA_CERTS:-}\" ]; then\n"
         "  NODE_EXTRA_CA_CERTS=" +
         path +
         "\n"
         "  export NODE_EXTRA_CA_CERTS\n"
         "fi\n";
}

std::string session_text() {
  return "# Placed by Sluice, removed with it.\nNODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-" +
         std::string(root_certificate_path) + "}\n";
}

std::optional<std::string> text_of(const std::filesystem::path& file) {
  auto text = read_file(file, 1024 * 1024);
  if (!text) return std::nullopt;
  return std::move(*text);
}

}  // namespace

TrustStore::TrustStore(std::filesystem::path root, Run run) : root_(std::move(root)), run_(std::move(run)) {}

std::filesystem::path TrustStore::at(std::string_view path) const {
  return root_ / std::filesystem::path(path).relative_path();
}

std::optional<StoreLayout> TrustStore::layout() const {
  std::error_code ignored;
  if (std::filesystem::is_directory(at("/etc/pki/ca-trust/source/anchors"), ignored))
    return StoreLayout{"/etc/pki/ca-trust/source/anchors/sluice-root.pem", {"update-ca-trust", "extract"}};
  if (std::filesystem::is_directory(at("/etc/ca-certificates"), ignored) ||
      std::filesystem::exists(at("/usr/sbin/update-ca-certificates"), ignored))
    return StoreLayout{"/usr/local/share/ca-certificates/sluice-root.crt", {"update-ca-certificates"}};
  return std::nullopt;
}

Result<bool> TrustStore::put(std::string_view path, std::string_view text) {
  const auto file = at(path);
  if (text_of(file) == text) return false;
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  if (error) return fail(ErrorCode::io_failed, "making " + file.parent_path().string() + ": " + error.message());
  auto written = write_file_atomically(file, text, 0644);
  if (!written) return fail(written.error());
  return true;
}

Result<void> TrustStore::take_away(std::string_view path) {
  std::error_code error;
  std::filesystem::remove(at(path), error);
  if (error) return fail(ErrorCode::io_failed, "removing " + at(path).string() + ": " + error.message());
  return {};
}

Result<void> TrustStore::install(std::string_view pem) {
  if (const auto known = put(root_certificate_path, pem); !known) return fail(known.error());
  for (const auto& [path, text] : {std::pair{profile_path, profile_text()}, {session_path, session_text()}})
    if (const auto done = put(path, text); !done) return fail(done.error());
  const auto environment = text_of(at(environment_path));
  if (const auto changed = with_environment_block(environment))
    if (const auto done = put(environment_path, *changed); !done) return fail(done.error());

  const auto store = layout();
  if (!store)
    return fail(ErrorCode::unsupported, "no known system trust store; place " + std::string(root_certificate_path) +
                                            " in this system's store by hand");
  const auto dropped = put(store->drop_file.string(), pem);
  if (!dropped) return fail(dropped.error());
  if (!*dropped && installed(pem)) return {};
  auto updated = run_(store->update_command);
  // A drop file without an update would look installed at the next start.
  if (!updated) (void)take_away(store->drop_file.string());
  return updated;
}

Result<void> TrustStore::remove() {
  if (const auto text = text_of(at(environment_path))) {
    if (const auto before = without_environment_block(*text)) {
      auto done = *before ? write_file_atomically(at(environment_path), **before, 0644) : take_away(environment_path);
      if (!done) return done;
    }
  }
  for (const auto path : {profile_path, session_path, root_certificate_path})
    if (auto done = take_away(path); !done) return done;
  const auto store = layout();
  if (!store || !text_of(at(store->drop_file.string()))) return {};
  if (auto done = take_away(store->drop_file.string()); !done) return done;
  return run_(store->update_command);
}

bool TrustStore::installed(std::string_view pem) const {
  const auto store = layout();
  if (!store || text_of(at(store->drop_file.string())) != pem || text_of(at(root_certificate_path)) != pem)
    return false;
  // The bundle that the update makes must hold it too: an update that failed halfway leaves the drop file alone.
  for (const std::string_view bundle : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"})
    if (const auto text = text_of(at(bundle))) {
      std::string_view body = pem;
      while (body.ends_with('\n')) body.remove_suffix(1);
      return text->contains(body);
    }
  return false;
}

std::vector<std::string> TrustStore::conflicts() const {
  std::vector<std::string> found;
  const auto text = text_of(at(environment_path));
  if (!text) return found;
  const auto ours = without_environment_block(*text);
  const std::string foreign = ours ? ours->value_or("") : *text;
  std::size_t position = 0;
  while (position < foreign.size()) {
    const auto stop = std::min(foreign.find('\n', position), foreign.size());
    const std::string line = foreign.substr(position, stop - position);
    for (const std::string name : {"NODE_EXTRA_CA_CERTS=", "SSL_CERT_FILE=", "NODE_OPTIONS="})
      if (line.starts_with(name)) found.push_back("/etc/environment sets " + name.substr(0, name.size() - 1));
    position = stop + 1;
  }
  return found;
}

}  // namespace sluice::agent
