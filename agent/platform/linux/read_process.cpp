#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <optional>

#include "agent/platform/linux/socket_owners.h"
#include "agent/process/classify.h"

namespace sluice::agent {
namespace {

constexpr std::size_t argument_limit = 32;
constexpr std::size_t argument_bytes = 1024;
constexpr std::size_t parent_limit = 6;

std::string folder_of(std::int32_t pid) {
  return "/proc/" + std::to_string(pid);
}

std::string link_of(const std::string& path) {
  std::array<char, 4096> target{};
  const auto length = ::readlink(path.c_str(), target.data(), target.size());
  return length > 0 ? std::string(target.data(), static_cast<std::size_t>(length)) : std::string();
}

// /proc files have no size, so a plain bounded read.
std::string contents_of(const std::string& path, std::size_t limit) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::string text(limit, '\0');
  std::size_t filled = 0;
  while (filled < limit) {
    const auto count = ::read(file, text.data() + filled, limit - filled);
    if (count <= 0) break;
    filled += static_cast<std::size_t>(count);
  }
  ::close(file);
  text.resize(filled);
  return text;
}

struct Stat {
  std::int32_t parent = 0;
  std::uint64_t start_ticks = 0;
};

// proc(5): the second field is the name in parentheses, which may itself hold spaces and parentheses.
std::optional<Stat> stat_of(std::int32_t pid) {
  const std::string text = contents_of(folder_of(pid) + "/stat", 4096);
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  Stat stat;
  std::size_t field = 2;
  std::size_t position = name_end + 1;
  while (position < text.size()) {
    position = text.find_first_not_of(" \n", position);
    if (position == std::string::npos) break;
    const auto end = std::min(text.find_first_of(" \n", position), text.size());
    ++field;
    if (field == 4) stat.parent = static_cast<std::int32_t>(std::strtol(text.c_str() + position, nullptr, 10));
    if (field == 22) {
      stat.start_ticks = std::strtoull(text.c_str() + position, nullptr, 10);
      return stat;
    }
    position = end;
  }
  return std::nullopt;
}

std::vector<std::string> arguments_of(std::int32_t pid) {
  const std::string text = contents_of(folder_of(pid) + "/cmdline", 16 * 1024);
  std::vector<std::string> arguments;
  std::size_t position = 0;
  while (position < text.size() && arguments.size() < argument_limit) {
    const auto end = std::min(text.find('\0', position), text.size());
    arguments.push_back(text.substr(position, std::min(end - position, argument_bytes)));
    position = end + 1;
  }
  return arguments;
}

// The script as the process sees it: relative to its working directory, symlinks resolved (/usr/bin/gemini is a
// link into the npm package). A process in another root keeps the path as written.
std::string resolved_script(std::int32_t pid, std::string script) {
  if (script.empty()) return script;
  if (script.front() != '/') {
    const std::string directory = link_of(folder_of(pid) + "/cwd");
    if (directory.empty()) return script;
    script = directory + "/" + script;
  }
  if (link_of(folder_of(pid) + "/root") != "/") return script;
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(script.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : script;
}

std::string user_name(std::uint32_t uid) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) return entry.pw_name;
  return std::to_string(uid);
}

}  // namespace

Result<ProcessFacts> read_process(std::int32_t pid, std::uint32_t uid) {
  const auto before = stat_of(pid);
  ProcessFacts facts;
  facts.pid = pid;
  facts.uid = uid;
  facts.exe = link_of(folder_of(pid) + "/exe");
  facts.argv = arguments_of(pid);
  if (!before || facts.exe.empty()) return fail(ErrorCode::not_found, "the process has ended");
  facts.script = resolved_script(pid, script_argument(facts.exe, facts.argv));
  facts.user = user_name(uid);
  facts.start_ticks = before->start_ticks;
  auto ancestor = before->parent;
  while (ancestor > 1 && facts.parents.size() < parent_limit) {
    const auto stat = stat_of(ancestor);
    if (!stat) break;
    facts.parents.push_back(link_of(folder_of(ancestor) + "/exe"));
    ancestor = stat->parent;
  }
  const auto after = stat_of(pid);
  if (!after || after->start_ticks != before->start_ticks)
    return fail(ErrorCode::not_found, "the process ended while it was looked at");
  return facts;
}

}  // namespace sluice::agent
