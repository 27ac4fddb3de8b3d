// The console's settings: one table row each (libs/config walks it for parsing, help, docs and schema).
#pragma once
#include "config/settings.h"

namespace sluice::console {

const config::Table& settings_table();

}  // namespace sluice::console
