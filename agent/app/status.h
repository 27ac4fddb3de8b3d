// The agent's state as JSON, for the command line and for support. No secrets: ids, versions, counts, errors.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "agent/enforce/device_state.h"
#include "async/task_group.h"
#include "net/net.h"

namespace sluice::agent {

struct StatusFacts {
  std::string version;
  std::string console_url;
  std::string gateway_url;
  TimePoint started{};
};

// `all_users`: else only system-wide apps and those of `user` are listed.
std::string status_json(const DeviceState& state, const StatusFacts& facts, TimePoint now, bool all_users,
                        std::string_view user);

// One sentence a person understands, and the state's short name, from the same judgement.
struct Summary {
  std::string state;  // governing | not_enrolled | waiting | bypassed | off
  std::string why;
};
Summary summary_of(const DeviceState& state, TimePoint now);

// Answers {"ask":"status"} in ipc frames on a Unix socket. Any local user may ask (SO_PEERCRED says who); root and the
// agent's own user see every user's apps.
class StatusServer {
 public:
  StatusServer(async::TaskGroup& group, DeviceState& state, std::function<StatusFacts()> facts, const Clock& clock);
  Result<void> listen(const std::string& path);

 private:
  static constexpr std::size_t most_open = 64;  // more questions at once are hung up on
  Task<void> accept_all(std::unique_ptr<net::Listener> listener);
  Task<void> serve(net::StreamPtr stream);
  Task<void> answer_questions(net::StreamPtr stream);
  async::TaskGroup& group_;
  DeviceState& state_;
  std::function<StatusFacts()> facts_;
  const Clock& clock_;
  std::size_t open_ = 0;
};

}  // namespace sluice::agent
