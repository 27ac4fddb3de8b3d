// Asks the running agent over its Unix socket. Blocking; used by the command line only.
#pragma once
#include <string>

#include "base/json.h"
#include "base/result.h"

namespace sluice::agent {

// The status document's text. connect_failed: no agent listens there.
Result<std::string> ask_status(const std::string& socket_path);

// Members of a JSON document by dotted path, for printing: empty text where there is none.
std::string text_at(const JsonValue& document, std::string_view path);
std::int64_t number_at(const JsonValue& document, std::string_view path);
bool truth_at(const JsonValue& document, std::string_view path);
const JsonValue* value_at(const JsonValue& document, std::string_view path);

}  // namespace sluice::agent
