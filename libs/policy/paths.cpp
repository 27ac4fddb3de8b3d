// Which request paths of a governed host are inference. Servers resolve escapes and dot segments before they route, so
// the comparison does too: otherwise /v1/%6dessages would pass beside the gateway.
#include <vector>

#include "policy/decide.h"

namespace sluice::policy {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '%' && i + 2 < path.size() && digit_of(path[i + 1]) >= 0 && digit_of(path[i + 2]) >= 0) {
      out += static_cast<char>(digit_of(path[i + 1]) * 16 + digit_of(path[i + 2]));
      i += 2;
    } else {
      out += path[i] == '\\' ? '/' : path[i];
    }
  }
  return out;
}

// RFC 3986 §5.2.4; empty segments and the parameters of a segment (";v=1") are dropped.
std::string resolved(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const auto slash = path.find('/');
    auto segment = path.substr(0, slash);
    segment = segment.substr(0, segment.find(';'));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (segment.empty() || segment == ".") continue;
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else {
      segments.push_back(segment);
    }
  }
  std::string out;
  for (const auto segment : segments) out.append("/").append(segment);
  return out.empty() ? "/" : out;
}

bool is_plain(std::string_view path) {
  return path.starts_with('/') && path.find_first_of("%\\;") == std::string_view::npos &&
         path.find("//") == std::string_view::npos && path.find("/.") == std::string_view::npos && !path.ends_with('/');
}

// '*' takes one or more characters other than '/'.
bool path_matches(std::string_view pattern, std::string_view path) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == path;
  if (!path.starts_with(pattern.substr(0, star))) return false;
  const auto rest = pattern.substr(star + 1);
  for (std::size_t end = star + 1; end <= path.size() && path[end - 1] != '/'; ++end)
    if (path_matches(rest, path.substr(end))) return true;
  return false;
}

}  // namespace

bool Policy::is_inference(const GovernedHost& host, std::string_view method, std::string_view target) {
  // Absolute form ("https://host/path") names the same resource.
  if (const auto scheme = target.find("://"); scheme != std::string_view::npos && scheme < target.find('/')) {
    const auto slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  auto path = target.substr(0, target.find_first_of("?#"));
  std::string other;
  if (!is_plain(path)) {
    other = resolved(decoded(path));
    path = other;
  }
  for (const auto& rule : host.inference)
    if (rule.method == method && path_matches(rule.path, path)) return true;
  return false;
}

}  // namespace sluice::policy
