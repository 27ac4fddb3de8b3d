#include "gateway/guard/compiler.h"

#include <atomic>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "log/log.h"
#include "tls/crypto.h"

namespace sluice::gateway {
namespace {

constexpr std::string_view sealed_context = "sluice.gateway.guard.patterns.v1";
constexpr std::size_t cache_file_limit = 256 * 1024 * 1024;
constexpr std::size_t most_threads = 4;
constexpr std::size_t least_key = 32;

// The jobs are independent; each thread takes the next one.
void run_side_by_side(std::vector<std::function<void()>> jobs) {
  const std::size_t wanted = std::min({jobs.size(), most_threads, std::size_t{std::thread::hardware_concurrency()}});
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t mine = next++; mine < jobs.size(); mine = next++) jobs[mine]();
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < wanted; ++i) threads.emplace_back(work);
  work();
}

}  // namespace

GuardCompiler::GuardCompiler(std::filesystem::path folder, Secret storage_key)
    : folder_(std::move(folder)), storage_key_(std::move(storage_key)) {}

guard::Guard::Options GuardCompiler::options(const Secret& hash_key) const {
  guard::Guard::Options options;
  options.hash_key = hash_key.duplicate();
  options.run_all = run_side_by_side;
  options.cached = [this](std::string_view key) -> std::optional<std::string> {
    Result<std::string> sealed = read_file(folder_ / tls::sha256_hex(key), cache_file_limit);
    if (!sealed) return std::nullopt;
    Result<Secret> plain = tls::open_sealed(storage_key_, *sealed, sealed_context);
    if (!plain) return std::nullopt;  // of another identity, or damaged: compiled anew
    return std::string(plain->reveal());
  };
  options.keep = [this](std::string_view key, std::string_view compiled) {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);  // only the newest patterns are worth their space
    std::filesystem::create_directories(folder_, ignored);
    const std::string sealed = tls::seal(storage_key_, compiled, sealed_context);
    if (Result<void> kept = write_file_atomically(folder_ / tls::sha256_hex(key), sealed, 0600); !kept)
      log::failure(log::Level::warning, "guard.patterns_not_kept", kept.error());
  };
  return options;
}

namespace {

std::string digest_of(std::string_view printed, const Secret& hash_key) {
  return tls::sha256_hex(std::string(printed).append(hash_key.reveal()));
}

}  // namespace

bool GuardCompiler::has(const policy::GuardrailDocument& document, const Secret& hash_key) const {
  return document.empty() || digest_of(policy::print_guardrails(document), hash_key) == last_;
}

Result<GuardPtr> GuardCompiler::compile(const policy::GuardrailDocument& document, const Secret& hash_key) {
  if (document.empty()) return GuardPtr();
  if (hash_key.reveal().size() < least_key)
    return fail(ErrorCode::invalid_argument, "guard_hash_key: must have 64 digits when there are guardrails");
  const std::string printed = policy::print_guardrails(document);
  const std::string digest = digest_of(printed, hash_key);
  if (digest == last_) return last_guard_;
  const SteadyPoint began = steady_now();
  Result<policy::GuardrailDocument> copy = policy::parse_guardrails(printed);
  if (!copy) return fail(copy.error().during("guardrails"));
  Result<GuardPtr> made = guard::Guard::compile(std::move(*copy), options(hash_key));
  if (!made) return fail(made.error().during("guardrails"));
  last_ = digest;
  last_guard_ = *made;
  log::event("guard.compiled",
             {{"rules", document.rules.size()},
              {"bytes", (*made)->database_bytes()},
              {"milliseconds", std::chrono::duration_cast<std::chrono::milliseconds>(steady_now() - began).count()}});
  return made;
}

}  // namespace sluice::gateway
