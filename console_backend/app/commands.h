// The subcommands: init, token, api-token, pin, ca-reissue. Each returns the program's exit status.
#pragma once
#include "base/result.h"
#include "config/command_line.h"
#include "console_backend/app/console.h"

namespace sluice::console {

const config::Program& program();

// What the settings say. invalid_argument naming the setting.
Result<ConsoleOptions> options_from(const config::Settings& settings);
// The IP address and port of a listener; "localhost" and an empty host have their usual meanings.
Result<net::Address> listen_address(const config::Settings& settings, std::string_view key);
Result<MasterKey> master_key_of(const config::Settings& settings, WhenAbsent when_absent);
// Whoever comes before init hears what to run first, not which file is missing; and nothing is left in the folder.
Result<void> need_console(const config::Settings& settings);

// The command's name is one of those of program(). Writes its answer to stdout, a mistake to stderr.
int run_command(const config::CommandLine& line);

}  // namespace sluice::console
