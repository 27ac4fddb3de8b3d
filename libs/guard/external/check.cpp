#include "guard/external/check.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

#include "guard/external/vendors.h"
#include "policy/guard_providers.h"

namespace sluice::guard::external {
namespace {

constexpr std::array vendors{&webhook,  &bedrock,  &azure_content_safety, &model_armor, &lakera,
                             &presidio, &patronus, &crowdstrike_aidr,     &grayswan};

struct UrlParts {
  std::string_view authority, path, query;
};

UrlParts parts_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  UrlParts parts;
  parts.authority = url.substr(0, url.find_first_of("/?"));
  url.remove_prefix(parts.authority.size());
  parts.path = url.substr(0, url.find('?'));
  if (parts.path.size() < url.size()) parts.query = url.substr(parts.path.size());
  return parts;
}

// The authority as Host says it: without the scheme's own port.
std::string host_field(std::string_view url) {
  std::string_view authority = parts_of(url).authority;
  const std::string_view own_port = url.starts_with("https://") ? ":443" : ":80";
  if (authority.ends_with(own_port)) authority.remove_suffix(own_port.size());
  return std::string(authority);
}

struct Reason {
  ErrorCode code;
  std::string_view name;
};
constexpr std::array reason_rows{
    Reason{ErrorCode::timed_out, "timed_out"},
    Reason{ErrorCode::quota_exceeded, "budget"},
    Reason{ErrorCode::overloaded, "breaker_open"},
    Reason{ErrorCode::forbidden, "refused"},
    Reason{ErrorCode::rate_limited, "throttled"},
    Reason{ErrorCode::malformed, "malformed_answer"},
    Reason{ErrorCode::address_refused, "address_refused"},
    Reason{ErrorCode::upstream_failed, "vendor_failed"},
    Reason{ErrorCode::too_large, "too_large"},
    Reason{ErrorCode::unsupported, "unsupported"},
    Reason{ErrorCode::invalid_argument, "misconfigured"},
    Reason{ErrorCode::not_found, "misconfigured"},
    Reason{ErrorCode::cancelled, "cancelled"},
    Reason{ErrorCode::connect_failed, "unreachable"},  // and every other way not to arrive
};
constexpr std::array<std::string_view, 13> reason_names{
    "timed_out",        "budget",        "breaker_open",    "refused",       "throttled",
    "malformed_answer", "unreachable",   "address_refused", "vendor_failed", "too_large",
    "unsupported",      "misconfigured", "cancelled"};

Result<void> check_status(std::string_view kind, int status) {
  if (status == 200) return {};
  const std::string detail = std::string(kind) + " answered " + std::to_string(status);
  if (status == 401 || status == 403) return fail(ErrorCode::forbidden, detail);
  return fail(status == 429 ? ErrorCode::rate_limited : ErrorCode::upstream_failed, detail);
}

bool before(const Found& a, const Found& b) {
  return std::tie(a.text, a.start, a.end, a.rule, a.score) < std::tie(b.text, b.start, b.end, b.rule, b.score);
}

}  // namespace

const Vendor* vendor_named(std::string_view kind) noexcept {
  const auto found = std::ranges::find(vendors, kind, &Vendor::kind);
  return found == vendors.end() ? nullptr : *found;
}

Result<std::vector<Call>> ask(const GuardProvider& provider, const Question& question) {
  if (const auto problem = policy::check_guard_provider(provider))
    return fail(ErrorCode::invalid_argument, problem->path + " " + problem->what);
  if (const auto problem = policy::check_provider_credential(provider))
    return fail(ErrorCode::invalid_argument, problem->path + " " + problem->what);
  const Vendor* const vendor = vendor_named(provider.kind);
  if (vendor == nullptr) return fail(ErrorCode::invalid_argument, "kind is no known kind of provider");
  const std::vector<std::uint8_t> steps = vendor->steps(provider, question.surface);
  if (steps.empty())
    return fail(ErrorCode::unsupported, "the provider looks at nothing on " +
                                            std::string(policy::name_of(question.surface)) + " with these options");
  Result<std::vector<Content>> contents = pack(question.texts, vendor->most_units, vendor->most_parts);
  if (!contents) return fail(contents.error());
  if (contents->size() * steps.size() > most_calls)
    return fail(ErrorCode::too_large, "the texts need more than " + std::to_string(most_calls) + " calls");
  const UrlParts url = parts_of(provider.url);
  std::string_view path = url.path;
  while (path.ends_with('/') && vendor != &webhook) path.remove_suffix(1);
  std::vector<Call> calls;
  for (const Content& content : *contents) {
    for (const std::uint8_t step : steps) {
      Call call;
      call.authority = host_field(provider.url);
      call.surface = question.surface;
      call.step = step;
      call.content = content;
      call.target = path;  // SigV4 signs the whole path, so the vendor sees it
      if (auto built = vendor->build(provider, question.now, call); !built) return fail(built.error());
      if (call.target.empty()) call.target = "/";
      if (!url.query.empty() && vendor == &webhook) call.target.append(url.query);
      calls.push_back(std::move(call));
    }
  }
  return calls;
}

Result<std::vector<Found>> read(const GuardProvider& provider, const Call& call, int status, std::string_view body) {
  const Vendor* const vendor = vendor_named(provider.kind);
  if (vendor == nullptr) return fail(ErrorCode::invalid_argument, "kind is no known kind of provider");
  if (auto ok = check_status(provider.kind, status); !ok) return fail(ok.error());
  const std::string who = "the answer of " + provider.kind;
  Result<JsonValue> document = parse_json(body, {.bytes = largest_answer, .depth = 32});
  if (!document)
    return fail(ErrorCode::malformed,
                who + (document.error().code == ErrorCode::too_large ? " is too large or too deep" : " is no JSON"));
  std::optional<Error> problem;
  Report report(call.content);
  Result<void> done = vendor->read(provider, call, Node(&*document, "", problem), report);
  // A wrong answer is malformed even when the reader has an opinion on what it could make of it.
  if (problem) return fail(problem->during(who));
  if (!done) return fail(done.error().during(who));
  if (report.too_many()) return fail(ErrorCode::malformed, who + " has more than 1000 findings");
  std::vector<Found> found = report.take();
  std::ranges::sort(found, before);
  return found;
}

std::string origin_of(std::string_view url) {
  const auto scheme = url.find("://");
  const std::size_t rest = scheme == std::string_view::npos ? 0 : scheme + 3;
  return std::string(url.substr(0, rest)).append(parts_of(url).authority);
}

std::string_view reason_of(const Error& error) noexcept {
  const auto found = std::ranges::find(reason_rows, error.code, &Reason::code);
  return found == reason_rows.end() ? "unreachable" : found->name;
}

std::span<const std::string_view> reasons() noexcept {
  return reason_names;
}

std::vector<std::uint8_t> one_step(const GuardProvider&, Surface) {
  return {0};
}

void add_json_headers(Call& call) {
  call.headers.emplace_back("Content-Type", "application/json");
  call.headers.emplace_back("Accept", "application/json");
}

void add_bearer(Call& call, const GuardProvider& provider) {
  if (provider.credential.empty()) return;
  call.headers.emplace_back("Authorization", "Bearer " + std::string(provider.credential.reveal()));
}

std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view word = list.substr(0, comma);
    while (word.starts_with(' ')) word.remove_prefix(1);
    while (word.ends_with(' ')) word.remove_suffix(1);
    if (!word.empty()) words.push_back(word);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return words;
}

double number_of(std::string_view text, double otherwise) {
  double number = otherwise;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? number : otherwise;
}

std::string encoded(std::string_view text, std::string_view also_plain) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~' || also_plain.contains(c);
    if (plain)
      out.push_back(c);
    else
      out.append({'%', digits[static_cast<unsigned char>(c) >> 4], digits[static_cast<unsigned char>(c) & 15U]});
  }
  return out;
}

}  // namespace sluice::guard::external
