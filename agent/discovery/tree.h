// Reading in directories that users control, with the rights of root: no symlink leads out, no device blocks, no file
// is large.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sluice::agent {

class Tree {
 public:
  // Everything asked for lies below `top`; a link that leads out of it is not followed (openat2, RESOLVE_BENEATH).
  explicit Tree(const std::filesystem::path& top);
  ~Tree();
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  [[nodiscard]] bool good() const noexcept { return top_ >= 0; }
  // A regular file's text, at most `limit` bytes; nothing when it is missing, larger, or something else.
  [[nodiscard]] std::optional<std::string> text(const std::filesystem::path& file, std::size_t limit) const;
  [[nodiscard]] bool is_executable_file(const std::filesystem::path& file) const;
  // Names in a directory without "." and "..", sorted, at most 1000.
  [[nodiscard]] std::vector<std::string> names(const std::filesystem::path& directory) const;
  // Paths that match a pattern whose components are names or "*".
  [[nodiscard]] std::vector<std::filesystem::path> matches(const std::filesystem::path& pattern) const;
  // The last component of the target of a symlink, as it is written there.
  [[nodiscard]] std::string link_name(const std::filesystem::path& link) const;

 private:
  [[nodiscard]] int open_below(const std::filesystem::path& path, int flags) const;
  int top_ = -1;
};

}  // namespace sluice::agent
