// Which AI apps are installed, with versions, for every user of the machine.
//
// Looks at package databases and at the places where installers put things; never starts a program, never follows a
// symlink out of the directory it looks into, reads at most 256 KiB of a file. Runs in a process of its own that may
// read everything and change nothing.
#pragma once
#include <compare>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace sluice::agent {

struct InstalledApp {
  std::string app;      // claude-code, codex, opencode, gemini-cli
  std::string name;     // for people
  std::string version;  // empty when only the program is there
  std::string path;     // the package's directory or the program
  std::string user;     // whose home it lies in; empty: system-wide
  auto operator<=>(const InstalledApp&) const = default;
};

struct Home {
  std::string user;
  std::filesystem::path directory;
};

// `root` is "/" but in tests. Sorted, without duplicates, at most 1000 entries.
std::vector<InstalledApp> installed_apps(const std::filesystem::path& root, const std::vector<Home>& homes);

// root and people (uid ≥ 1000) of /etc/passwd below `root` whose home is a directory.
std::vector<Home> homes_of(const std::filesystem::path& root);

// The version of the app at `path` (an executable or script): of the installation that holds it, else of the only
// known one, else empty.
std::string version_at(const std::vector<InstalledApp>& apps, std::string_view app, std::string_view path);

// {"apps":[{"app","name","version","path","user"}]}, as discovery hands it over and as the inventory holds it.
std::string to_json(const std::vector<InstalledApp>& apps);
Result<std::vector<InstalledApp>> installed_from_json(std::string_view text);

}  // namespace sluice::agent
