#include "fetch/fetch.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/handle.h"

namespace sluice::fetch {
namespace {

using Easy = Handle<CURL, curl_easy_cleanup>;
using Multi = Handle<CURLM, curl_multi_cleanup>;
using List = Handle<curl_slist, curl_slist_free_all>;

constexpr int longest_nap_ms = 100;  // how late a stop request is seen at most

void initialise_once() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  return text;
}

// What the callbacks of one exchange fill.
struct Exchange {
  Response response;
  std::size_t largest = 0;
  bool too_large = false;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* to) noexcept {
  auto& exchange = *static_cast<Exchange*>(to);
  exchange.too_large = exchange.response.body.size() + size * count > exchange.largest;
  if (!exchange.too_large) exchange.response.body.append(data, size * count);
  return exchange.too_large ? 0 : size * count;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* to) noexcept {
  auto& headers = static_cast<Exchange*>(to)->response.headers;
  const std::string_view line = trimmed({data, size * count});
  const auto colon = line.find(':');
  if (line.starts_with("HTTP/"))
    headers.clear();  // of an informational response before
  else if (colon != std::string_view::npos && headers.size() < 200)
    headers.emplace_back(lower(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  return size * count;
}

curl_blob blob_of(std::string_view text) {
  return {.data = const_cast<char*>(text.data()), .len = text.size(), .flags = CURL_BLOB_NOCOPY};
}

// "host:port" of the URL, for messages.
std::string authority_of(std::string_view url) {
  const auto start = url.find("://");
  const auto rest = start == std::string_view::npos ? url : url.substr(start + 3);
  return std::string(rest.substr(0, rest.find_first_of("/?#")));
}

ErrorCode code_of(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return ErrorCode::invalid_argument;
    case CURLE_COULDNT_RESOLVE_HOST:
      return ErrorCode::resolve_failed;
    case CURLE_COULDNT_CONNECT:
      return ErrorCode::connect_failed;
    case CURLE_OPERATION_TIMEDOUT:
      return ErrorCode::timed_out;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
      return ErrorCode::untrusted;
    case CURLE_SSL_CONNECT_ERROR:
      return ErrorCode::connect_failed;
    case CURLE_SSL_CERTPROBLEM:
      return ErrorCode::invalid_argument;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
      return ErrorCode::connection_closed;
    default:
      return ErrorCode::upstream_failed;
  }
}

}  // namespace

std::optional<std::string_view> Response::header(std::string_view name) const {
  const auto wanted = lower(name);
  const auto found = std::ranges::find(headers, wanted, &std::pair<std::string, std::string>::first);
  return found == headers.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

struct Fetcher::Handle {
  Peer peer;
  Multi multi;  // before `easy`: it must outlive it
  Easy easy;
  char problem[CURL_ERROR_SIZE] = {};

  void set_trust();
  List set_request(const Request& request, Exchange& exchange);
  Result<CURLcode> run(const std::stop_token& stop);
};

// Everything is set on every exchange: a reset handle keeps its connections and forgets its options.
void Fetcher::Handle::set_trust() {
  CURL* curl = easy.get();
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!peer.pin.empty()) {
    // The key is what we trust: its certificate may be self-made, expired or of another name.
    curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, peer.pin.c_str());
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!peer.ca_pem.empty()) {
    auto blob = blob_of(peer.ca_pem);
    curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob);
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
  if (!peer.client_certificate_pem.empty()) {
    auto certificate = blob_of(peer.client_certificate_pem);
    auto key = blob_of(peer.client_key_pem.reveal());
    curl_easy_setopt(curl, CURLOPT_SSLCERTTYPE, "PEM");
    curl_easy_setopt(curl, CURLOPT_SSLCERT_BLOB, &certificate);
    curl_easy_setopt(curl, CURLOPT_SSLKEYTYPE, "PEM");
    curl_easy_setopt(curl, CURLOPT_SSLKEY_BLOB, &key);
  }
}

List Fetcher::Handle::set_request(const Request& request, Exchange& exchange) {
  CURL* curl = easy.get();
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, problem);
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &exchange);
  if (request.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  // No "Expect: 100-continue": it costs a round trip, or a second where the server does not know it.
  List list(curl_slist_append(nullptr, "Expect:"));
  for (const auto& [name, value] : request.headers) {
    std::string line = name;
    line.append(value.empty() ? ";" : ": ").append(value);  // "name;" sends the field without a value
    list.reset(curl_slist_append(list.release(), line.c_str()));
  }
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list.get());
  return list;
}

// The multi interface, because its wait can be woken: a stop request ends a long poll at once.
Result<CURLcode> Fetcher::Handle::run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi.get()); });
  for (;;) {
    int running = 0;
    if (const auto code = curl_multi_perform(multi.get(), &running); code != CURLM_OK)
      return fail(ErrorCode::internal, curl_multi_strerror(code));
    int left = 0;
    while (const auto* message = curl_multi_info_read(multi.get(), &left))
      if (message->msg == CURLMSG_DONE) return message->data.result;
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "the program is stopping");
    if (const auto code = curl_multi_poll(multi.get(), nullptr, 0, longest_nap_ms, nullptr); code != CURLM_OK)
      return fail(ErrorCode::internal, curl_multi_strerror(code));
  }
}

Fetcher::Fetcher(Peer peer) : handle_(std::make_unique<Handle>()) {
  initialise_once();
  handle_->peer = std::move(peer);
  handle_->multi.reset(curl_multi_init());
  handle_->easy.reset(curl_easy_init());
}
Fetcher::~Fetcher() = default;
Fetcher::Fetcher(Fetcher&&) noexcept = default;
Fetcher& Fetcher::operator=(Fetcher&&) noexcept = default;

Result<Response> Fetcher::fetch(const Request& request, std::stop_token stop) {
  const auto authority = authority_of(request.url);
  if (!request.url.starts_with("https://") || authority.empty())
    return fail(ErrorCode::invalid_argument, "the address of a control connection must begin with https://");
  for (const auto& [name, value] : request.headers)
    if (name.find_first_of("\r\n:") != std::string::npos || value.find_first_of("\r\n") != std::string::npos)
      return fail(ErrorCode::invalid_argument, "a header field must not contain line breaks");
  Exchange exchange{.response = {}, .largest = request.largest_response};
  auto& handle = *handle_;
  curl_easy_reset(handle.easy.get());
  handle.problem[0] = '\0';
  handle.set_trust();
  const auto list = handle.set_request(request, exchange);
  curl_multi_add_handle(handle.multi.get(), handle.easy.get());
  const auto code = handle.run(stop);
  curl_multi_remove_handle(handle.multi.get(), handle.easy.get());
  if (!code) return fail(code.error().during(authority));
  if (exchange.too_large)
    return fail(ErrorCode::too_large,
                authority + ": the answer is larger than " + std::to_string(request.largest_response) + " bytes");
  if (*code != CURLE_OK) {
    const auto* words = handle.problem[0] != '\0' ? handle.problem : curl_easy_strerror(*code);
    return fail(code_of(*code), authority + ": " + words);
  }
  long status = 0;
  curl_easy_getinfo(handle.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  exchange.response.status = static_cast<int>(status);
  return std::move(exchange.response);
}

Result<Response> fetch_once(Peer peer, const Request& request, std::stop_token stop) {
  Fetcher fetcher(std::move(peer));
  return fetcher.fetch(request, std::move(stop));
}

}  // namespace sluice::fetch
