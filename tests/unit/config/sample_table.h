// A table with a row of every type.
#pragma once
#include "config/settings.h"

namespace sluice::config {

inline constexpr std::string_view levels[] = {"debug", "info"};

inline constexpr Setting sample_rows[] = {
    {.key = "state_dir", .type = Type::path, .meaning = "Where state lies.", .presence = Presence::required},
    {.key = "listen.api", .type = Type::address, .meaning = "Address for API clients.", .fallback = "127.0.0.1:8080"},
    {.key = "listen.metrics", .type = Type::address, .meaning = "Address for metrics."},
    {.key = "console_url", .type = Type::url, .meaning = "The console.", .managed = Managed::yes},
    {.key = "org.name", .type = Type::text, .meaning = "Name | of the organisation.", .fallback = "Example"},
    {.key = "threads",
     .type = Type::integer,
     .unit = "threads",
     .meaning = "Threads; 0 is one per core.",
     .maximum = 64},
    {.key = "limits.body",
     .type = Type::size,
     .meaning = "Largest body.",
     .fallback = "32MiB",
     .applies = Applies::live,
     .minimum = 1024,
     .maximum = 1LL << 30},
    {.key = "limits.wait",
     .type = Type::duration,
     .meaning = "Longest wait.",
     .fallback = "30s",
     .minimum = 1000,
     .maximum = 60'000},
    {.key = "log.level",
     .type = Type::choice,
     .meaning = "Detail.",
     .fallback = "info",
     .applies = Applies::live,
     .choices = levels},
    {.key = "relay", .type = Type::boolean, .meaning = "Relay.", .fallback = "true"},
    {.key = "names", .type = Type::texts, .meaning = "Names.", .fallback = "localhost,127.0.0.1"},
    {.key = "master_key", .type = Type::secret, .meaning = "Key."},
};

inline const Table sample_table{.program = "sluice-sample",
                                .summary = "An example.",
                                .default_file = "/etc/sluice/sample.json",
                                .settings = sample_rows,
                                .check = nullptr};

}  // namespace sluice::config
