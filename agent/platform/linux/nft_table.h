// CaptureTable held by a child `nft -i`.
//
// The table belongs to the child's netlink socket. While the child lives nobody else can change the table; when it
// ends, or this process does (its standard input closes and it gets a signal), the kernel removes the table. So there
// is no state in which the redirect stays and nobody listens. libnftables would do the same in-process, and is GPL.
#pragma once
#include <sys/types.h>

#include <string>

#include "agent/capture/table.h"

namespace sluice::agent {

class NftTable final : public CaptureTable {
 public:
  NftTable() = default;
  ~NftTable() override;  // takes the empty chain away too
  NftTable(const NftTable&) = delete;
  NftTable& operator=(const NftTable&) = delete;
  Result<void> install(const CaptureScope& scope) override;
  void drop() noexcept override;
  [[nodiscard]] bool in_force() override;

 private:
  Result<void> start_child();
  Result<void> run_commands(const std::string& commands);
  pid_t child_ = -1;
  int input_ = -1;
  int output_ = -1;
  bool used_ = false;
};

}  // namespace sluice::agent
