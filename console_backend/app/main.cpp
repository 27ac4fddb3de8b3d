// sluice-console: the source of truth of a deployment.
#include <csignal>
#include <cstdio>
#include <thread>

#include "console_backend/app/commands.h"
#include "log/log.h"

namespace sluice::console {

namespace {

log::Level level_of(const config::Settings& settings) {
  const std::string& name = settings.text("log.level");
  if (name == "debug") return log::Level::debug;
  if (name == "warning") return log::Level::warning;
  return name == "error" ? log::Level::error : log::Level::info;
}

// SIGHUP: what may change while running changes, the rest is named.
void reload(const config::CommandLine& line) {
  Result<config::Settings> newer = config::load_settings(program().table, line.file);
  if (!newer) return log::failure(log::Level::error, "config.not_reloaded", newer.error());
  log::set_level(level_of(*newer));
  for (const std::string& key : line.settings.restart_needed(*newer))
    log::warning("config.restart_needed", {{"key", key}});
  log::event("config.reloaded");
}

// Signals are blocked in every thread and taken here, so that no handler interrupts anything.
void watch_signals(sigset_t signals, const config::CommandLine& line, Console& console) {
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal == SIGHUP) {
      reload(line);
      continue;
    }
    log::event("console.draining");
    console.shut_down();
    return;
  }
}

int serve(const config::CommandLine& line) {
  log::start("sluice-console", level_of(line.settings));
  sigset_t signals;
  sigemptyset(&signals);
  for (int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  Result<ConsoleOptions> options = options_from(line.settings);
  Result<void> there = options ? need_console(line.settings) : Result<void>(fail(options.error()));
  Result<MasterKey> master =
      there ? master_key_of(line.settings, WhenAbsent::refuse) : Result<MasterKey>(fail(there.error()));
  Result<std::unique_ptr<Console>> console = master ? Console::open(std::move(*options), std::move(*master))
                                                    : Result<std::unique_ptr<Console>>(fail(master.error()));
  if (!console) {
    std::fprintf(stderr, "sluice-console: %s\n", console.error().message().c_str());
    return 1;
  }
  log::event("console.ready", {{"web", net::to_string((*console)->web_address())},
                               {"devices", net::to_string((*console)->devices_address())},
                               {"version", SLUICE_VERSION}});
  std::thread watcher(watch_signals, signals, std::cref(line), std::ref(**console));
  (*console)->run();
  watcher.join();
  log::event("console.stopped");
  return 0;
}

}  // namespace

}  // namespace sluice::console

int main(int argc, char** argv) {
  auto line = sluice::config::run_command_line(sluice::console::program(), argc, argv);
  if (!line) return line.error();
  return line->command.empty() ? sluice::console::serve(*line) : sluice::console::run_command(*line);
}
