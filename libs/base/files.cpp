#include "base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace sluice {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<Error> system_error(const std::filesystem::path& file, std::string_view verb) {
  const int code = errno;
  ErrorCode kind = ErrorCode::io_failed;
  if (code == ENOENT) kind = ErrorCode::not_found;
  if (code == ENOSPC || code == EDQUOT) kind = ErrorCode::storage_full;
  if (code == EACCES || code == EPERM) kind = ErrorCode::forbidden;
  return fail(kind, std::string(verb) + " " + file.string() + ": " + std::strerror(code));
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& file, std::size_t limit) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.get() < 0) return system_error(file, "opening");
  std::string text;
  for (;;) {
    const std::size_t have = text.size();
    text.resize(have + 64 * 1024);
    const ssize_t got = ::read(in.get(), text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR) {
      text.resize(have);
      continue;
    }
    if (got < 0) return system_error(file, "reading");
    text.resize(have + static_cast<std::size_t>(got));
    if (got == 0) return text;
    if (text.size() > limit)
      return fail(ErrorCode::too_large, file.string() + " is larger than " + std::to_string(limit) + " bytes");
  }
}

Result<void> write_file_atomically(const std::filesystem::path& file, std::string_view text, unsigned mode) {
  const std::filesystem::path fresh = file.string() + ".new";
  {
    ::unlink(fresh.c_str());
    const Descriptor out(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
    if (out.get() < 0) return system_error(fresh, "creating");
    if (::fchmod(out.get(), mode) != 0) return system_error(fresh, "setting the mode of");
    while (!text.empty()) {
      const ssize_t put = ::write(out.get(), text.data(), text.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) {
        auto failure = system_error(fresh, "writing");
        ::unlink(fresh.c_str());
        return failure;
      }
      text.remove_prefix(static_cast<std::size_t>(put));
    }
    if (::fsync(out.get()) != 0) return system_error(fresh, "syncing");
  }
  if (::rename(fresh.c_str(), file.c_str()) != 0) return system_error(file, "replacing");
  const Descriptor folder(
      ::open(file.parent_path().empty() ? "." : file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() >= 0) ::fsync(folder.get());
  return {};
}

}  // namespace sluice
