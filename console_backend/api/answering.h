// From an exchange to a Call and from an Outcome to the wire.
#pragma once
#include <string_view>

#include "async/task.h"
#include "console_backend/api/call.h"
#include "http/connection.h"
#include "http/server.h"

namespace sluice::console {

// Fields of every answer of the browsers' listener: no sniffing, no framing, scripts and styles from here only.
void add_security_fields(http::Fields& fields);

// Head for an answer or a problem; `body` receives what goes with it.
http::ResponseHead head_of(const Outcome& outcome, std::string& body);

}  // namespace sluice::console
