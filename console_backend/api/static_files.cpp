#include "console_backend/api/static_files.h"

#include "base/files.h"
#include "tls/crypto.h"

namespace sluice::console {

namespace {

constexpr std::size_t largest_total = 64 * 1024 * 1024;

std::string type_of(const std::filesystem::path& file) {
  static const std::map<std::string, std::string, std::less<>> types = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"},
      {".map", "application/json"},
      {".wasm", "application/wasm"},
  };
  const auto found = types.find(file.extension().string());
  return found == types.end() ? "application/octet-stream" : found->second;
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const std::filesystem::path& folder) {
  StaticFiles all;
  std::error_code error;
  std::size_t total = 0;
  for (std::filesystem::recursive_directory_iterator step(folder, error), end; !error && step != end;
       step.increment(error)) {
    if (!step->is_regular_file(error) || step->is_symlink(error)) continue;
    Result<std::string> content = read_file(step->path());
    if (!content) return fail(content.error().during("reading the web console"));
    total += content->size();
    if (total > largest_total) return fail(ErrorCode::too_large, "web_dir: more than 64 MiB of files");
    File file{std::move(*content), type_of(step->path()), ""};
    file.etag = "\"" + tls::sha256_hex(file.content).substr(0, 32) + "\"";
    all.files_.emplace("/" + step->path().lexically_relative(folder).generic_string(), std::move(file));
  }
  return all;
}

Outcome StaticFiles::answer(const Call& call) const {
  if (call.method != "GET" && call.method != "HEAD") {
    Problem wrong(Error{ErrorCode::unsupported, "use GET"});
    wrong.status = 405;
    return std::unexpected(std::move(wrong));
  }
  auto found = files_.find(call.path);
  const std::string_view last = std::string_view(call.path).substr(call.path.rfind('/') + 1);
  if (found == files_.end() && last.find('.') == std::string_view::npos) found = files_.find("/index.html");
  if (found == files_.end()) return problem(ErrorCode::not_found, "there is no such file");
  Answer answer{200, found->second.content, found->second.type, {}};
  answer.fields.add("etag", found->second.etag);
  answer.fields.add("cache-control",
                    found->first.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
  if (call.field("if-none-match") == found->second.etag) {
    answer.status = 304;
    answer.body.clear();
    answer.content_type.clear();
  }
  return answer;
}

}  // namespace sluice::console
