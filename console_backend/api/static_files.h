// The web console's files, read once at start: a request never touches the disk, and a path is looked up, not joined.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "console_backend/api/call.h"

namespace sluice::console {

class StaticFiles {
 public:
  // An absent folder gives an empty set: the API works without the web console. too_large above 64 MiB in all.
  static Result<StaticFiles> load(const std::filesystem::path& folder);

  // GET and HEAD. Files under /assets/ carry a hash in their name and never change; everything else is revalidated by
  // its ETag. A path without a dot that is no file is a page of the single-page application and answers index.html.
  [[nodiscard]] Outcome answer(const Call& call) const;
  [[nodiscard]] bool empty() const noexcept { return files_.empty(); }

 private:
  struct File {
    std::string content, type, etag;
  };
  std::map<std::string, File, std::less<>> files_;  // by URL path: "/index.html"
};

}  // namespace sluice::console
