// Strings of bodies, as they stand between their quotes. The first byte chooses nesting and edit. Whatever the bytes
// are: without edits the same bytes come back, an edit changes the bytes of its span only, and the string that holds it
// still ends where it did (no quote loses or gains its backslash).
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dialect/json_text.h"

namespace {

bool closes_before_its_end(std::string_view raw) {
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '"') return true;
    if (raw[i] == '\\') ++i;
  }
  return false;
}
bool ends_in_half_an_escape(std::string_view raw) {
  std::size_t count = 0;
  while (count < raw.size() && raw[raw.size() - 1 - count] == '\\') ++count;
  return count % 2 == 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::dialect;
  if (size < 3) return 0;
  const auto nesting = data[0] % 2 == 0 ? Nesting::plain : Nesting::json;
  const std::string_view raw(reinterpret_cast<const char*>(data) + 3, size - 3);
  static JsonText reader, again;
  reader.read(raw, nesting);
  if (reader.edited({}) != raw || reader.text().size() > raw.size()) std::abort();
  const auto begin = data[1] % (reader.text().size() + 1);
  const auto end = begin + data[2] % (reader.text().size() - begin + 1);
  const auto span = reader.raw_span(begin, end);
  if (span.begin > span.end || span.end > raw.size()) std::abort();
  TextEdit edit{begin, end, "\"\\X"};
  const auto out = reader.edited({&edit, 1});
  if (out != std::string(raw.substr(0, span.begin)) + json_escaped(edit.replacement, nesting) +
                 std::string(raw.substr(span.end)))
    std::abort();
  if (!closes_before_its_end(raw) && !ends_in_half_an_escape(raw) &&
      (closes_before_its_end(out) || ends_in_half_an_escape(out)))
    std::abort();
  // Spans of neighbours do not cross.
  if (begin > 0 && reader.raw_span(begin - 1, begin).begin > span.begin) std::abort();
  return 0;
}
