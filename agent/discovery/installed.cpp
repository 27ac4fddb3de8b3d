#include "agent/discovery/installed.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "agent/discovery/tree.h"
#include "agent/process/classify.h"
#include "base/json.h"

namespace sluice::agent {
namespace {

constexpr std::size_t file_limit = 256 * 1024;
constexpr std::size_t dpkg_limit = 64 * 1024 * 1024;
constexpr std::size_t app_limit = 1000;

struct Package {
  std::string_view app;
  std::string_view npm;   // directory below node_modules
  std::string_view dpkg;  // Debian package
};
constexpr std::array<Package, 4> packages = {{
    {"claude-code", "@anthropic-ai/claude-code", "claude-code"},
    {"codex", "@openai/codex", "codex"},
    {"opencode", "opencode-ai", "opencode"},
    {"gemini-cli", "@google/gemini-cli", "gemini-cli"},
}};

// Where npm and its relatives keep what is installed for everybody.
constexpr std::array<std::string_view, 6> system_modules = {
    "usr/lib/node_modules",   "usr/local/lib/node_modules",   "usr/share/nodejs",
    "opt/*/lib/node_modules", "usr/local/share/node_modules", "opt/*/node_modules"};

// … and for one user, below the home directory.
constexpr std::array<std::string_view, 15> home_modules = {
    ".npm-global/lib/node_modules",
    ".npm-packages/lib/node_modules",
    ".local/lib/node_modules",
    ".nvm/versions/node/*/lib/node_modules",
    ".local/share/nvm/versions/node/*/lib/node_modules",
    ".local/share/fnm/node-versions/*/installation/lib/node_modules",
    ".volta/tools/image/packages/*/lib/node_modules",
    ".volta/tools/image/packages/*/*/lib/node_modules",
    ".asdf/installs/nodejs/*/lib/node_modules",
    ".local/share/mise/installs/node/*/lib/node_modules",
    ".n/lib/node_modules",
    ".bun/install/global/node_modules",
    ".local/share/pnpm/global/*/node_modules",
    ".config/yarn/global/node_modules",
    "node_modules"};

struct Program {
  std::string_view app;
  std::string_view path;  // below the home directory
};
constexpr std::array<Program, 4> home_programs = {{
    {"opencode", ".opencode/bin/opencode"},
    {"opencode", ".local/bin/opencode"},
    {"codex", ".local/bin/codex"},
    {"codex", ".cargo/bin/codex"},
}};
constexpr std::array<Program, 4> system_programs = {{
    {"claude-code", "usr/local/bin/claude"},
    {"codex", "usr/local/bin/codex"},
    {"opencode", "usr/local/bin/opencode"},
    {"gemini-cli", "usr/local/bin/gemini"},
}};

std::string short_text(const JsonValue& document, std::string_view key) {
  const auto* value = document.find(key);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(&value->data);
  return text == nullptr ? std::string() : text->substr(0, 64);
}

// A collector of one scan: everything it finds lies below `top`, shown to people as `shown`/….
struct Scan {
  const Tree& tree;
  std::filesystem::path shown;
  std::string user;
  std::vector<InstalledApp>& found;

  void add(std::string_view app, std::string version, const std::filesystem::path& path) const {
    if (found.size() >= app_limit) return;
    found.push_back({std::string(app), display_name(app), std::move(version), (shown / path).string(), user});
  }

  void modules(const std::filesystem::path& pattern) const {
    for (const auto& directory : tree.matches(pattern)) {
      for (const auto& package : packages) {
        const auto text = tree.text(directory / package.npm / "package.json", file_limit);
        if (!text) continue;
        const auto parsed = parse_json(*text);
        if (!parsed || short_text(*parsed, "name") != package.npm) continue;
        add(package.app, short_text(*parsed, "version"), directory / package.npm);
      }
    }
  }

  // The program itself, where no package manager knows its version. A link into an npm package is that package.
  void program(const Program& row) const {
    if (!tree.link_name(row.path).empty()) return;
    if (tree.is_executable_file(row.path)) add(row.app, {}, row.path);
  }

  // Claude's own installer keeps each version as one file, named by the version; ~/.local/bin/claude points at the
  // one in use.
  void claude_versions() const {
    const std::filesystem::path versions = ".local/share/claude/versions";
    const auto names = tree.names(versions);
    if (names.empty()) return;
    auto current = tree.link_name(".local/bin/claude");
    if (std::ranges::find(names, current) == names.end()) current = names.back();
    add("claude-code", current, versions / current);
  }
};

void debian_packages(const Scan& scan) {
  const auto status = scan.tree.text("var/lib/dpkg/status", dpkg_limit);
  if (!status) return;
  std::string_view rest = *status;
  const Package* package = nullptr;
  bool installed = false;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) {
      package = nullptr;
    } else if (line.starts_with("Package: ")) {
      const auto* row = std::ranges::find(packages, line.substr(9), &Package::dpkg);
      package = row == packages.end() ? nullptr : row;
      installed = false;
    } else if (line.starts_with("Status: ")) {
      installed = line.ends_with(" installed");
    } else if (package != nullptr && installed && line.starts_with("Version: ")) {
      scan.add(package->app, std::string(line.substr(9, 64)), "var/lib/dpkg/status");
    }
  }
}

}  // namespace

std::vector<InstalledApp> installed_apps(const std::filesystem::path& root, const std::vector<Home>& homes) {
  std::vector<InstalledApp> found;
  if (const Tree tree(root); tree.good()) {
    const Scan scan{tree, "/", "", found};
    for (const auto pattern : system_modules) scan.modules(pattern);
    for (const auto& row : system_programs) scan.program(row);
    debian_packages(scan);
  }
  for (const auto& home : homes) {
    const Tree tree(root / home.directory.relative_path());
    if (!tree.good()) continue;
    const Scan scan{tree, home.directory, home.user, found};
    for (const auto pattern : home_modules) scan.modules(pattern);
    for (const auto& row : home_programs) scan.program(row);
    scan.claude_versions();
  }
  std::ranges::sort(found);
  const auto rest = std::ranges::unique(found);
  found.erase(rest.begin(), rest.end());
  return found;
}

std::vector<Home> homes_of(const std::filesystem::path& root) {
  std::vector<Home> homes;
  const Tree tree(root);
  const auto passwd = tree.text("etc/passwd", file_limit);
  if (!passwd) return homes;
  std::string_view rest = *passwd;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    std::array<std::string_view, 7> fields;  // name:password:uid:gid:gecos:home:shell
    for (auto& field : fields) {
      const auto colon = std::min(line.find(':'), line.size());
      field = line.substr(0, colon);
      line.remove_prefix(std::min(colon + 1, line.size()));
    }
    unsigned uid = 0;
    const auto [stop, error] = std::from_chars(fields[2].data(), fields[2].data() + fields[2].size(), uid);
    const bool person = error == std::errc() && (uid == 0 || (uid >= 1000 && uid < 65534));
    if (person && fields[5].starts_with('/') && fields[5] != "/")
      homes.push_back({std::string(fields[0]), std::string(fields[5])});
  }
  return homes;
}

std::string version_at(const std::vector<InstalledApp>& apps, std::string_view app, std::string_view path) {
  const InstalledApp* only = nullptr;
  std::size_t count = 0;
  for (const auto& installed : apps) {
    if (installed.app != app || installed.version.empty()) continue;
    if (path == installed.path ||
        (path.starts_with(installed.path) && path.substr(installed.path.size()).starts_with('/')))
      return installed.version;
    only = &installed;
    ++count;
  }
  return count == 1 ? only->version : std::string();
}

std::string to_json(const std::vector<InstalledApp>& apps) {
  JsonWriter json;
  json.begin_object().key("apps").begin_array();
  for (const auto& app : apps) {
    json.begin_object().field("app", app.app).field("name", app.name).field("version", app.version);
    json.field("path", app.path).field("user", app.user).end_object();
  }
  return json.end_array().end_object().take();
}

Result<std::vector<InstalledApp>> installed_from_json(std::string_view text) {
  const auto document = parse_json(text);
  if (!document) return fail(document.error());
  JsonFields fields(*document);
  std::vector<InstalledApp> apps;
  for (JsonFields& entry : fields.objects("apps", app_limit)) {
    InstalledApp app;
    app.app = entry.text("app");
    app.name = entry.text("name");
    app.version = entry.text("version");
    app.path = entry.text("path");
    app.user = entry.text("user");
    apps.push_back(std::move(app));
  }
  if (auto error = fields.finish()) return fail(std::move(*error));
  return apps;
}

}  // namespace sluice::agent
