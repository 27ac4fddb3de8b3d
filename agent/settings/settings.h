// The settings of sluice-agent, each declared once. The managed file holds nothing secret.
#pragma once
#include "config/settings.h"

namespace sluice::agent {

const config::Table& settings_table();

}  // namespace sluice::agent
