// Audit rows as the API gives them: JSON for pages and exports, CSV for spreadsheets.
#pragma once
#include <map>
#include <string>

#include "base/json.h"
#include "console_backend/activity/requests.h"
#include "console_backend/api/call.h"
#include "console_backend/api/services.h"

namespace sluice::console {

using DeviceNames = std::map<std::string, std::string>;

void write_log_row(JsonWriter& json, const RequestRow& row, const DeviceNames& names);

// RFC 4180; a cell that a spreadsheet would take for a formula is prefixed with "'".
std::string csv_header();
std::string csv_row(const RequestRow& row, const DeviceNames& names);

// What the query of /api/logs asks for.
struct LogQuery {
  RequestQuery rows;
  PageRequest page;
  std::string format;  // "csv", "json", or empty for a page
  DeviceNames names;
};
// Blocks. invalid_argument naming the parameter.
Result<LogQuery> read_log_query(const Services& services, const Call& call);
// The next piece of an export, up to 1000 rows; moves `query.page` on and returns no value at the end. Blocks.
struct ExportPiece {
  std::string text;
  bool last = false;
};
Result<ExportPiece> next_export_piece(const Services& services, LogQuery& query);

}  // namespace sluice::console
