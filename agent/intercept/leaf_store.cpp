#include "agent/intercept/leaf_store.h"

#include "base/files.h"
#include "log/log.h"
#include "tls/certificate.h"
#include "tls/keys.h"

namespace sluice::agent {
namespace {

constexpr auto failure_memory = std::chrono::seconds(5);
constexpr auto longest_wait = std::chrono::seconds(10);

// What the worker brings back: all of it was made there, the loop only takes it over.
struct Signed {
  std::string chain_pem;
  Secret key_pem;
};

Result<tls::TlsContext> context_of(std::string chain_pem, Secret key_pem) {
  tls::ServerOptions options;
  options.identity.chain_pem = std::move(chain_pem);
  options.identity.key_pem = std::move(key_pem);
  return tls::TlsContext::server(std::move(options));
}

}  // namespace

LeafStore::LeafStore(async::TaskGroup& group, async::WorkerPool& workers, const Clock& clock,
                     std::filesystem::path folder, Sign sign)
    : group_(group), workers_(workers), clock_(clock), folder_(std::move(folder)), sign_(std::move(sign)) {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, ignored);
}

Task<Result<tls::TlsContext>> LeafStore::context_for(std::string host) {
  for (;;) {
    Leaf& leaf = leaves_[host];
    const TimePoint now = clock_.now();
    if (!leaf.context && !leaf.signing && leaf.not_after == TimePoint{}) (void)load(host);
    if (leaf.context && now < leaf.not_after) {
      const bool renew_now = now >= leaf.renew_at && !leaf.signing && steady_now() >= leaf.retry_at;
      if (renew_now && !group_.stopping()) {
        leaf.signing = true;
        group_.start(renew(host));
      }
      co_return *leaves_[host].context;
    }
    if (leaf.signing) {
      async::Signal signal;
      const auto place = leaf.waiting.insert(leaf.waiting.end(), &signal);
      Result<void> woken = co_await signal.wait(in(longest_wait));
      if (!woken) {
        leaves_[host].waiting.erase(place);
        co_return fail(woken.error());
      }
      continue;
    }
    if (steady_now() < leaf.retry_at) co_return fail(leaf.last_error);
    leaf.signing = true;
    Result<void> done = co_await sign(host);
    if (!done) co_return fail(done.error());
  }
}

Task<void> LeafStore::renew(std::string host) {
  Result<void> done = co_await sign(host);
  if (!done) log::failure(log::Level::warning, "leaf.renewal_failed", done.error(), {{"host", host}});
}

Task<Result<void>> LeafStore::sign(std::string host) {
  std::function<Result<Signed>()> work = [this, host]() -> Result<Signed> {
    const auto key = tls::EcKey::generate();
    const auto csr = tls::make_signing_request(key, host);
    if (!csr) return fail(csr.error());
    auto response = sign_(host, *csr);
    if (!response) return fail(response.error());
    Signed made{std::move(response->chain), key.to_pem()};
    // One file, so that chain and key are always of one making. The name is a host name: no path in it.
    const auto kept = write_file_atomically(folder_ / (host + ".pem"),
                                            made.chain_pem + "\n" + std::string(made.key_pem.reveal()), 0600);
    if (!kept) log::failure(log::Level::warning, "leaf.not_kept", kept.error(), {{"host", host}});
    return made;
  };
  Result<Signed> made = co_await workers_.run(std::move(work));
  Leaf& leaf = leaves_[host];
  leaf.signing = false;
  Result<void> outcome;
  if (made) {
    const auto facts = tls::certificate_facts(made->chain_pem);
    if (facts)
      take_over(host, context_of(std::move(made->chain_pem), std::move(made->key_pem)), facts->not_after);
    else
      outcome = fail(facts.error());
  } else {
    outcome = fail(made.error());
  }
  if (outcome && !leaf.context) outcome = fail(leaf.last_error);
  if (!outcome) {
    leaf.last_error = outcome.error();
    leaf.retry_at = steady_now() + failure_memory;
  }
  for (auto* waiter : std::exchange(leaf.waiting, {})) waiter->notify();
  co_return outcome;
}

void LeafStore::take_over(const std::string& host, Result<tls::TlsContext> context, TimePoint not_after) {
  Leaf& leaf = leaves_[host];
  if (!context) {
    leaf.last_error = context.error();
    return;
  }
  leaf.context = std::move(*context);
  leaf.not_after = not_after;
  leaf.renew_at = clock_.now() + (not_after - clock_.now()) / 2;
}

Result<void> LeafStore::load(const std::string& host) {
  auto text = read_file(folder_ / (host + ".pem"), 64 * 1024);
  if (!text) return fail(text.error());
  const auto key_start = text->find("-----BEGIN PRIVATE KEY-----");
  if (key_start == std::string::npos) return fail(ErrorCode::malformed, "no key");
  const auto facts = tls::certificate_facts(*text);
  if (!facts) return fail(facts.error());
  if (facts->not_after <= clock_.now()) return fail(ErrorCode::expired, host);
  take_over(host, context_of(text->substr(0, key_start), Secret(text->substr(key_start))), facts->not_after);
  return {};
}

void LeafStore::forget_all() {
  for (auto& [host, leaf] : leaves_) {
    leaf.context.reset();
    leaf.not_after = TimePoint::min();  // neither from disk
  }
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored))
    std::filesystem::remove(entry.path(), ignored);
}

}  // namespace sluice::agent
