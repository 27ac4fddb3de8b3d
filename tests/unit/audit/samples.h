// Records and folders that the audit tests share.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "audit/chain.h"
#include "audit/record.h"

namespace sluice::audit {

inline TimePoint sample_time() {
  return *from_rfc3339("2026-11-20T12:00:00.250Z");
}

inline Intent sample_intent(const std::string& request_id) {
  RequestFacts facts;
  facts.request_id = request_id;
  facts.client_request_id = "c-1";
  facts.device = "dev_1";
  facts.user = "ada";
  facts.app = "claude-code";
  facts.app_version = "2.1.328";
  facts.virtual_key = "vk_fleet";
  facts.provider = "anthropic";
  facts.model = "claude-x";
  facts.dialect = "anthropic";
  facts.operation = "messages";
  facts.streamed = true;
  facts.host = "api.anthropic.com";
  facts.path = "/v1/messages";
  return {sample_time(), facts};
}

inline Completion sample_completion(const std::string& request_id) {
  Outcome outcome;
  outcome.status = 200;
  outcome.upstream_request_id = "up-1";
  outcome.tokens = Tokens{10, 20, 3, 4};
  outcome.latency_us = 1500;
  outcome.overhead_us = 90;
  outcome.attempts = 1;
  return {sample_time(), request_id, outcome};
}

inline Refusal sample_refusal(const std::string& request_id) {
  Refusal refusal{sample_time(), sample_intent(request_id).request, {}};
  refusal.outcome.decision = Decision::denied;
  refusal.outcome.reason = "not approved \"yet\"";
  refusal.outcome.status = 400;
  refusal.outcome.guardrails.push_back({"secrets", "block", "input", "github-pat", 2});
  return refusal;
}

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sluice-audit-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace sluice::audit
