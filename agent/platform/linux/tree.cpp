#include "agent/discovery/tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace sluice::agent {
namespace {
constexpr std::size_t names_limit = 1000;
}

Tree::Tree(const std::filesystem::path& top) : top_(::open(top.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

Tree::~Tree() {
  if (top_ >= 0) ::close(top_);
}

int Tree::open_below(const std::filesystem::path& path, int flags) const {
  open_how how{};
  // openat2 refuses flags that O_PATH has no use for.
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC | ((flags & O_PATH) != 0 ? 0 : O_NONBLOCK | O_NOCTTY));
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const auto relative = path.relative_path();
  return static_cast<int>(::syscall(SYS_openat2, top_, relative.empty() ? "." : relative.c_str(), &how, sizeof(how)));
}

std::optional<std::string> Tree::text(const std::filesystem::path& file, std::size_t limit) const {
  const int descriptor = open_below(file, O_RDONLY | O_NOFOLLOW);
  if (descriptor < 0) return std::nullopt;
  std::optional<std::string> result;
  struct stat status{};
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
      static_cast<std::size_t>(status.st_size) <= limit) {
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    const auto count = ::read(descriptor, text.data(), text.size());
    if (count == static_cast<ssize_t>(text.size())) result = std::move(text);
  }
  ::close(descriptor);
  return result;
}

bool Tree::is_executable_file(const std::filesystem::path& file) const {
  const int descriptor = open_below(file, O_PATH);
  if (descriptor < 0) return false;
  struct stat status{};
  const bool is = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0111) != 0;
  ::close(descriptor);
  return is;
}

std::vector<std::string> Tree::names(const std::filesystem::path& directory) const {
  std::vector<std::string> result;
  const int descriptor = open_below(directory, O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return result;
  DIR* entries = ::fdopendir(descriptor);
  if (entries == nullptr) {
    ::close(descriptor);
    return result;
  }
  while (const dirent* entry = ::readdir(entries)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") result.push_back(name);
    if (result.size() == names_limit) break;
  }
  ::closedir(entries);
  std::ranges::sort(result);
  return result;
}

std::vector<std::filesystem::path> Tree::matches(const std::filesystem::path& pattern) const {
  std::vector<std::filesystem::path> found{std::filesystem::path()};
  for (const auto& component : pattern.relative_path()) {
    std::vector<std::filesystem::path> next;
    for (const auto& base : found) {
      if (component != "*") {
        next.push_back(base / component);
        continue;
      }
      for (const auto& name : names(base)) next.push_back(base / name);
    }
    found = std::move(next);
  }
  return found;
}

std::string Tree::link_name(const std::filesystem::path& link) const {
  const int parent = open_below(link.parent_path(), O_PATH | O_DIRECTORY);
  if (parent < 0) return {};
  std::array<char, 4096> target{};
  const auto length = ::readlinkat(parent, link.filename().c_str(), target.data(), target.size());
  ::close(parent);
  if (length <= 0) return {};
  return std::filesystem::path(std::string(target.data(), static_cast<std::size_t>(length))).filename().string();
}

}  // namespace sluice::agent
