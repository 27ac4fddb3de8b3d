// Reads one value of a setting. Private to libs/config.
#pragma once
#include "base/json.h"
#include "config/settings.h"

namespace sluice::config {

// The value in the JSON of the file. The detail is the problem alone ("must be …"), without the key.
Result<Settings::Value> read_value(const Setting& row, const JsonValue& json);
// The value of the row's `fallback`.
Result<Settings::Value> read_fallback(const Setting& row);
// Canonical text for comparing two values; a hash for secrets.
std::string canonical(const Settings::Value& value);

}  // namespace sluice::config
