// sluice-gateway: see gateway/app/gateway.h for what it is made of and gateway/pipeline/pipeline.cpp for what it does.
#include <cstdio>
#include <exception>

#include "config/command_line.h"
#include "gateway/app/gateway.h"

int main(int argc, char** argv) {
  try {
    using namespace sluice;
    const config::Program program{
        .table = gateway::settings_table, .version = SLUICE_VERSION, .commands = {}, .needs = gateway::needs_of};
    auto line = config::run_command_line(program, argc, argv);
    if (!line) return line.error();
    Result<gateway::Configuration> configuration = gateway::configuration_of(line->settings);
    if (!configuration) {
      std::fprintf(stderr, "%s\n", configuration.error().message().c_str());
      return 2;
    }
    configuration->version = SLUICE_VERSION;
    const gateway::Signals signals;
    log::start("sluice-gateway", configuration->level);
    gateway::Gateway gateway(std::move(*configuration), std::move(line->settings), line->file);
    return gateway.run(signals);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "sluice-gateway: %s\n", failure.what());
    return 1;
  }
}
