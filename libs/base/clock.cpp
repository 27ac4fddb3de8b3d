#include "base/clock.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace sluice {
namespace {

bool number(std::string_view text, std::size_t at, std::size_t count, int& out) {
  if (text.size() < at + count) return false;
  const char* first = text.data() + at;
  auto [end, error] = std::from_chars(first, first + count, out);
  return error == std::errc() && end == first + count && *first != '-';
}

}  // namespace

TimePoint wall_now() noexcept {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

SteadyPoint steady_now() noexcept {
  return std::chrono::steady_clock::now();
}

std::string to_rfc3339(TimePoint time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<milliseconds>(time - day));
  std::array<char, 40> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()),
                    unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                    int(clock.minutes().count()), int(clock.seconds().count()), int(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

Result<TimePoint> from_rfc3339(std::string_view text) {
  using namespace std::chrono;
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
  const bool shape = text.size() >= 20 && text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == 't') &&
                     text[13] == ':' && text[16] == ':' && (text.back() == 'Z' || text.back() == 'z');
  if (!shape || !number(text, 0, 4, y) || !number(text, 5, 2, mo) || !number(text, 8, 2, d) ||
      !number(text, 11, 2, h) || !number(text, 14, 2, mi) || !number(text, 17, 2, s))
    return fail(ErrorCode::malformed, "not an RFC 3339 time in UTC");
  const year_month_day date{year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
  if (!date.ok() || h > 23 || mi > 59 || s > 60) return fail(ErrorCode::malformed, "no such date or time");
  std::int64_t micros = 0;
  if (text[19] == '.') {
    std::int64_t scale = 100000;
    for (std::size_t i = 20; i + 1 < text.size(); ++i, scale /= 10) {
      if (text[i] < '0' || text[i] > '9') return fail(ErrorCode::malformed, "not an RFC 3339 time in UTC");
      micros += (text[i] - '0') * scale;
    }
  } else if (text.size() != 20) {
    return fail(ErrorCode::malformed, "not an RFC 3339 time in UTC");
  }
  return sys_days(date) + hours(h) + minutes(mi) + seconds(s) + microseconds(micros);
}

}  // namespace sluice
