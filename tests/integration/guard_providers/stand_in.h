// The stand-ins as a child process, and what a test asks of them.
#pragma once
#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "gateway/guard/external_runner.h"

namespace sluice::gateway {

class StandIn {
 public:
  enum class Transport { plain, tls };  // tls: with a certificate that nobody trusts
  explicit StandIn(Transport transport = Transport::plain);
  ~StandIn();
  StandIn(const StandIn&) = delete;
  StandIn& operator=(const StandIn&) = delete;

  // How requests of provider `name` are treated from now on: ok, hang, slow, lie, html, status=N, … (main.py).
  void behave(const std::string& name, const std::string& behaviour);
  // A service account's key of Google that the stand-in accepts from now on.
  [[nodiscard]] std::string make_google_key();
  [[nodiscard]] int requests(const std::string& name);
  // Of this kind, with this id, asking the stand-in.
  [[nodiscard]] policy::GuardProvider provider(const std::string& kind, const std::string& name) const;

 private:
  std::string ask(const std::string& line);
  pid_t child_ = -1;
  int in_ = -1, out_ = -1;
  std::string origin_;
};

// A runner on a loop of its own, which may reach loopback.
struct Bench {
  ExternalRunner& runner;
  Metrics& metrics;
  // The findings as "text:start-end type rule hit", or the reason why it did not run.
  Task<std::string> check(std::string provider, std::vector<std::string_view> texts,
                          policy::Surface surface = policy::Surface::input, Moment now = Moment::now()) const;
};
enum class Loopback { refused, allowed };
void on_a_loop(const std::vector<policy::GuardProvider>& providers, std::function<Task<void>(Bench)> play,
               Loopback loopback = Loopback::allowed,
               std::shared_ptr<SharedByRunners> shared = std::make_shared<SharedByRunners>());
std::vector<policy::GuardProvider> list(policy::GuardProvider provider);

}  // namespace sluice::gateway
