// Private to the command line: the table behind read_command_line() and the pages.
#pragma once
#include <span>

#include "agent/cli/command.h"

namespace sluice::agent {

std::span<const CommandPage> command_pages() noexcept;

}  // namespace sluice::agent
