// The platform without root: tests start the whole traffic process over these.
#pragma once

#include "agent/capture/table.h"
#include "agent/process/owner.h"

namespace sluice::agent {

class FakeTable final : public CaptureTable {
 public:
  Result<void> install(const CaptureScope& scope) override {
    ++installs;
    scope_ = scope;
    installed_ = true;
    return {};
  }
  void drop() noexcept override {
    if (installed_) ++drops;
    installed_ = false;
  }
  [[nodiscard]] bool in_force() override { return installed_; }
  [[nodiscard]] const CaptureScope& scope() const { return scope_; }
  int installs = 0;
  int drops = 0;

 private:
  CaptureScope scope_;
  bool installed_ = false;
};

// Every connection has the same owner, or none.
class FakeOwners final : public SocketOwners {
 public:
  Result<ProcessFacts> owner_of(const SocketEnd&, const SocketEnd&) override {
    if (facts.exe.empty()) return fail(ErrorCode::not_found, "no owner is set");
    return facts;
  }
  ProcessFacts facts;
};

}  // namespace sluice::agent
