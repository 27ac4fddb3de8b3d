#include "agent/cli/audit_verify.h"

#include <vector>

#include "base/encoding.h"
#include "base/json.h"
#include "fetch/fetch.h"

namespace sluice::agent {
namespace {

constexpr char where_chains_are[] = "they are at https://CONSOLE/api/audit/chains";
constexpr std::size_t most_pages = 1'000'000;

class Console {
 public:
  explicit Console(const VerifySource& source) : source_(source), fetcher_({.pin = source.pin}) {}

  Result<fetch::Response> get(const std::string& url) {
    fetch::Request request{.url = url, .largest_response = 512 * 1024 * 1024};
    if (!source_.api_token.empty())
      request.headers.emplace_back("authorization", "Bearer " + std::string(source_.api_token.reveal()));
    auto response = fetcher_.fetch(request);
    if (!response) return fail(explained(response.error()));
    if (response->status == 401)
      return fail(ErrorCode::unauthenticated, url + ": put an API token of the console into SLUICE_API_TOKEN");
    if (response->status != 200)
      return fail(ErrorCode::upstream_failed, url + " answered with status " + std::to_string(response->status));
    return response;
  }

 private:
  // Consoles mostly have a certificate of their own making.
  [[nodiscard]] Error explained(Error error) const {
    if (error.code == ErrorCode::untrusted)
      error.detail += source_.pin.empty() ? "; give the console's key with --pin (`sluice-console pin` prints it)"
                                          : "; `sluice-console pin` prints the pin of the console's key";
    return error;
  }

  const VerifySource& source_;
  fetch::Fetcher fetcher_;
};

// Feeds what a response holds; false when the chain broke there.
bool feed(std::string_view lines, audit::ChainVerifier& verifier) {
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    if (!verifier.add(lines.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    lines.remove_prefix(end + 1);
  }
  return true;
}

// One chain, page after page.
Result<bool> walk(Console& console, const std::string& url, audit::ChainVerifier& verifier) {
  const std::string separator = url.find('?') == std::string::npos ? "?" : "&";
  std::string next = url;
  for (std::size_t page = 0; page < most_pages; ++page) {
    auto response = console.get(next);
    if (!response) return fail(response.error());
    if (!feed(response->body, verifier)) return false;
    const auto after = response->header("sluice-next-after");
    if (!after) return true;
    next = url + separator + "after=" + std::string(*after);
  }
  return fail(ErrorCode::too_large, url + " does not end");
}

struct ChainList {
  std::string checkpoint_key;
  std::vector<std::string> origins;
};

Result<ChainList> parse_list(std::string_view body) {
  const auto document = parse_json(body, {.bytes = 64 * 1024 * 1024});
  if (!document) return fail(document.error().during("no list of chains"));
  JsonFields fields(*document);
  ChainList list{fields.text("checkpoint_key"), {}};
  for (JsonFields& item : fields.objects("items", 1'000'000)) {
    list.origins.push_back(item.text("origin", 64));
    (void)item.text("kind", 64);
    (void)item.integer("last_sequence");
  }
  if (auto error = fields.finish()) return fail(error->during("no list of chains"));
  return list;
}

Result<std::string> raw_key(const std::string& base64) {
  if (base64.empty()) return std::string();
  auto raw = from_base64(base64);
  if (!raw || raw->size() != 32)
    return fail(ErrorCode::invalid_argument, "the checkpoint key must be the base64 of 32 bytes");
  return raw;
}

Result<audit::VerifyReport> verify_url(const VerifySource& source) {
  auto key = raw_key(source.checkpoint_key);
  if (!key) return fail(key.error());
  Console console(source);
  auto first = console.get(source.place);
  if (!first) return fail(first.error());
  const std::string type(first->header("content-type").value_or(""));
  if (!type.starts_with("application/json") && !type.starts_with("application/x-ndjson"))
    return fail(ErrorCode::invalid_argument, source.place + " answered with no audit records; " + where_chains_are);
  if (!type.starts_with("application/json")) {
    audit::ChainVerifier verifier(*key);
    auto walked = walk(console, source.place, verifier);
    if (!walked) return fail(walked.error());
    return verifier.report();
  }
  auto list = parse_list(first->body);
  if (!list) return fail(list.error().code, list.error().detail + "; " + where_chains_are);
  if (key->empty()) key = raw_key(list->checkpoint_key);
  if (!key) return fail(key.error());
  audit::ChainVerifier verifier(*key);
  for (const std::string& origin : list->origins) {
    auto walked = walk(console, source.place + "/" + origin, verifier);
    if (!walked) return fail(walked.error());
    if (!*walked) break;
  }
  return verifier.report();
}

}  // namespace

Result<audit::VerifyReport> verify_source(const VerifySource& source) {
  if (source.place.starts_with("https://")) return verify_url(source);
  if (source.place.find("://") != std::string::npos)
    return fail(ErrorCode::invalid_argument,
                source.place + ": only https:// is read (of the console's listener for web and REST), or a path");
  auto key = raw_key(source.checkpoint_key);
  if (!key) return fail(key.error());
  return audit::verify_path(source.place, *key);
}

}  // namespace sluice::agent
