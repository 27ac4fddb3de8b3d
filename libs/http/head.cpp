#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/encoding.h"
#include "http/message.h"

namespace sluice::http {
namespace {

// tchar of RFC 9110 §5.6.2.
constexpr std::array<bool, 256> token_table() {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr auto is_token_char = token_table();

bool is_token(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return is_token_char[static_cast<unsigned char>(c)]; });
}

bool is_field_value(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool is_target(std::string_view text) {
  return !text.empty() &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 127; });
}

Result<void> append_fields(std::string& out, const Fields& fields) {
  for (const Field field : fields) {
    if (!is_token(field.name) || !is_field_value(field.value))
      return fail(ErrorCode::invalid_argument, "a field named '" + std::string(field.name) + "' would break the head");
    out.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  out.append("\r\n");
  return {};
}

void append_number(std::string& out, int value) {
  std::array<char, 12> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

}  // namespace

std::string_view RequestHead::path() const noexcept {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view RequestHead::query() const noexcept {
  const auto mark = target.find('?');
  return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

bool RequestHead::keep_alive() const noexcept {
  if (fields.has_token("connection", "close")) return false;
  return minor_version >= 1 || fields.has_token("connection", "keep-alive");
}

bool RequestHead::wants_upgrade() const noexcept {
  return fields.has_token("connection", "upgrade") && fields.get("upgrade").has_value();
}

void remove_hop_by_hop(Fields& fields) {
  // What Connection names goes too (RFC 9110 §7.6.1), except what frames the message or routes it.
  std::vector<std::string> named;
  for (const Field field : fields) {
    if (!equal_ignoring_case(field.name, "connection")) continue;
    for (std::string_view rest = field.value; !rest.empty();) {
      const auto comma = rest.find(',');
      std::string_view token = rest.substr(0, comma);
      while (!token.empty() && (token.front() == ' ' || token.front() == '\t')) token.remove_prefix(1);
      while (!token.empty() && (token.back() == ' ' || token.back() == '\t')) token.remove_suffix(1);
      named.emplace_back(token);
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
  }
  for (const std::string& name : named)
    if (!equal_ignoring_case(name, "transfer-encoding") && !equal_ignoring_case(name, "content-length") &&
        !equal_ignoring_case(name, "host"))
      fields.remove(name);
  for (const std::string_view name :
       {"connection", "keep-alive", "proxy-connection", "proxy-authorization", "proxy-authenticate", "te", "upgrade"})
    fields.remove(name);
}

Result<std::string> serialise(const RequestHead& head) {
  if (!is_token(head.method) || !is_target(head.target))
    return fail(ErrorCode::invalid_argument, "the method or the target would break the head");
  std::string out;
  out.reserve(head.target.size() + 512);
  out.append(head.method).append(" ").append(head.target).append(" HTTP/1.1\r\n");
  Result<void> done = append_fields(out, head.fields);
  if (!done) return fail(done.error());
  return out;
}

Result<std::string> serialise(const ResponseHead& head) {
  if (head.status < 100 || head.status > 999 || !is_field_value(head.reason))
    return fail(ErrorCode::invalid_argument, "the status line would break the head");
  std::string out;
  out.reserve(512);
  out.append("HTTP/1.1 ");
  append_number(out, head.status);
  out.append(" ")
      .append(head.reason.empty() ? standard_reason(head.status) : std::string_view(head.reason))
      .append("\r\n");
  Result<void> done = append_fields(out, head.fields);
  if (!done) return fail(done.error());
  return out;
}

std::string_view standard_reason(int status) noexcept {
  struct Row {
    int status;
    std::string_view reason;
  };
  static constexpr std::array rows{
      Row{100, "Continue"},
      Row{101, "Switching Protocols"},
      Row{200, "OK"},
      Row{201, "Created"},
      Row{202, "Accepted"},
      Row{204, "No Content"},
      Row{206, "Partial Content"},
      Row{301, "Moved Permanently"},
      Row{302, "Found"},
      Row{303, "See Other"},
      Row{304, "Not Modified"},
      Row{307, "Temporary Redirect"},
      Row{308, "Permanent Redirect"},
      Row{400, "Bad Request"},
      Row{401, "Unauthorized"},
      Row{402, "Payment Required"},
      Row{403, "Forbidden"},
      Row{404, "Not Found"},
      Row{405, "Method Not Allowed"},
      Row{406, "Not Acceptable"},
      Row{407, "Proxy Authentication Required"},
      Row{408, "Request Timeout"},
      Row{409, "Conflict"},
      Row{410, "Gone"},
      Row{411, "Length Required"},
      Row{412, "Precondition Failed"},
      Row{413, "Content Too Large"},
      Row{414, "URI Too Long"},
      Row{415, "Unsupported Media Type"},
      Row{417, "Expectation Failed"},
      Row{422, "Unprocessable Content"},
      Row{426, "Upgrade Required"},
      Row{429, "Too Many Requests"},
      Row{431, "Request Header Fields Too Large"},
      Row{451, "Unavailable For Legal Reasons"},
      Row{500, "Internal Server Error"},
      Row{501, "Not Implemented"},
      Row{502, "Bad Gateway"},
      Row{503, "Service Unavailable"},
      Row{504, "Gateway Timeout"},
      Row{505, "HTTP Version Not Supported"},
      Row{529, "Overloaded"},
  };
  for (const Row& row : rows)
    if (row.status == status) return row.reason;
  return "";
}

Result<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    Result<std::string> byte = from_hex(text.substr(i + 1, 2));
    if (!byte || byte->size() != 1) return fail(ErrorCode::malformed, "a broken %-escape");
    out.append(*byte);
    i += 2;
  }
  return out;
}

Result<std::optional<std::string>> query_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto mark = query.find('&');
    const std::string_view pair = query.substr(0, mark);
    query = mark == std::string_view::npos ? std::string_view() : query.substr(mark + 1);
    const auto equals = pair.find('=');
    Result<std::string> key = percent_decode(pair.substr(0, equals));
    if (!key) return fail(key.error());
    if (*key != name) continue;
    std::string raw(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    std::ranges::replace(raw, '+', ' ');
    Result<std::string> value = percent_decode(raw);
    if (!value) return fail(value.error());
    return std::optional<std::string>(std::move(*value));
  }
  return std::optional<std::string>();
}

}  // namespace sluice::http
