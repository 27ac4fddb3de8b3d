// HTTP/1.1 heads as they stood on the wire: field names keep their case, fields their order, values their bytes
// (RFC 9110 §5, RFC 9112 §5). What we forward is what we read, less what is named in `drop`.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sluice::http {

struct Field {
  std::string_view name;
  std::string_view value;
};

// An ordered list of fields in one allocation for the text and one for the index.
class Fields {
 public:
  Fields() = default;
  Fields(std::initializer_list<Field> fields);

  // Precondition: `name` is a token and `value` holds no CR, LF or NUL (checked: such a field is replaced by a
  // refusal to build the head, see serialise()).
  void add(std::string_view name, std::string_view value);
  // Replaces the first field of this name in place and drops the others; adds when there is none.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  // Removes every field whose name starts so (case-insensitively): "sluice-".
  void remove_prefix(std::string_view prefix);

  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept;  // the first
  [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
  // True when the comma-separated list in any field of this name holds `token` (RFC 9110 §5.6.1), case-insensitively.
  [[nodiscard]] bool has_token(std::string_view name, std::string_view token) const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  [[nodiscard]] Field at(std::size_t index) const noexcept;

  class Iterator {
   public:
    Iterator(const Fields* fields, std::size_t index) : fields_(fields), index_(index) {}
    Field operator*() const noexcept { return fields_->at(index_); }
    Iterator& operator++() noexcept { return ++index_, *this; }
    bool operator==(const Iterator&) const = default;

   private:
    const Fields* fields_;
    std::size_t index_;
  };
  [[nodiscard]] Iterator begin() const noexcept { return {this, 0}; }
  [[nodiscard]] Iterator end() const noexcept { return {this, entries_.size()}; }
  void reserve(std::size_t fields, std::size_t bytes);
  void clear() noexcept;

 private:
  struct Entry {
    std::uint32_t name, name_size, value, value_size;
  };
  std::string text_;
  std::vector<Entry> entries_;
};

// How a body ends (RFC 9112 §6.3).
struct Framing {
  enum class Kind : std::uint8_t { none, length, chunked, until_close } kind = Kind::none;
  std::uint64_t length = 0;
};

struct RequestHead {
  std::string method;
  std::string target;  // as sent: "/v1/messages?beta=true"
  int minor_version = 1;
  Fields fields;

  [[nodiscard]] std::string_view path() const noexcept;   // the target up to '?'
  [[nodiscard]] std::string_view query() const noexcept;  // after '?', or empty
  [[nodiscard]] bool keep_alive() const noexcept;
  [[nodiscard]] bool wants_upgrade() const noexcept;
};

struct ResponseHead {
  int status = 200;
  std::string reason;  // empty: the standard phrase is written
  int minor_version = 1;
  Fields fields;
};

// Fields that speak of one connection (RFC 9110 §7.6.1): Connection and what it names, Keep-Alive, Proxy-*, TE,
// Upgrade. Transfer-Encoding and Content-Length stay: they say how the forwarded body is framed.
void remove_hop_by_hop(Fields& fields);

// The head's bytes, with the empty line. invalid_argument when a name, value, method or target would break the framing.
Result<std::string> serialise(const RequestHead& head);
Result<std::string> serialise(const ResponseHead& head);

std::string_view standard_reason(int status) noexcept;
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;
// "%41" → "A"; malformed for a broken escape.
Result<std::string> percent_decode(std::string_view text);
// The value of a query parameter, decoded.
Result<std::optional<std::string>> query_parameter(std::string_view query, std::string_view name);

}  // namespace sluice::http
