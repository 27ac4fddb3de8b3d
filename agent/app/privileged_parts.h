// Parts of the privileged process: a child with its channel, and the thread that may take seconds to update a store.
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "agent/app/privileged.h"
#include "agent/platform/linux/child.h"

namespace sluice::agent {

// Makes `folder` and gives it to the user.
Result<void> own_folder(const std::filesystem::path& folder, const std::string& user, unsigned mode);

struct Privileged::Child {
  enum class Talk : std::uint8_t { both_ways, listen };  // a socket as descriptor 3, or its standard output
  static Result<std::unique_ptr<Child>> start(ChildOptions options, Talk talk);
  ~Child();  // kills what still runs

  // The next whole frame, nothing when there is none yet; connection_closed at the end.
  Result<std::optional<std::string>> next_frame();
  // The channel never blocks us: a child that does not read its 200 KiB is as good as dead (overloaded).
  Result<void> send_frame(std::string_view text);
  [[nodiscard]] bool ended();

  pid_t pid = -1;
  int channel = -1;
  ipc::FrameReader frames;
  SteadyPoint started{};
  SteadyPoint last_beat{};
  std::optional<std::uint16_t> port;  // since it is ready
  bool governs = false;               // it has a policy to obey: capture is wanted
};

// Installs roots one after the other; the last asked for wins.
struct Privileged::Installer {
  explicit Installer(TrustStore& store);
  ~Installer();
  void install(std::string pem);
  [[nodiscard]] int event() const noexcept { return event_; }  // readable when take() has something
  std::optional<TrustReport> take();

 private:
  void work(const std::stop_token& stop);
  TrustStore& store_;
  int event_ = -1;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::optional<std::string> wanted_;
  std::optional<TrustReport> report_;
  std::jthread thread_;
};

}  // namespace sluice::agent
