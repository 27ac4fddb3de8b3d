#include "guard/answer_list.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "guard/stream_guard.h"

namespace sluice::guard {
namespace {

constexpr std::string_view blanks = " \t\r\n", data = "data: ";

// Behind the object that begins at `at`, in valid JSON.
std::size_t end_of_object(std::string_view body, std::size_t at) noexcept {
  std::size_t depth = 0;
  for (bool in_string = false; at < body.size(); ++at) {
    const char c = body[at];
    if (in_string) {
      if (c == '\\') ++at;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return at + 1;
    }
  }
  return body.size();
}

Result<std::vector<dialect::ByteSpan>> elements_of(std::string_view body) {
  std::vector<dialect::ByteSpan> elements;
  for (std::size_t at = body.find('[') + 1;; ++at) {
    at = std::min(body.find_first_not_of(blanks, at), body.size());
    if (at == body.size() || body[at] == ']') return elements;
    if (body[at] != '{') return fail(ErrorCode::malformed, "the answer is a list of something else than chunks");
    const std::size_t end = end_of_object(body, at);
    elements.push_back({at, end});
    at = std::min(body.find_first_not_of(blanks, end), body.size());
    if (at == body.size() || body[at] != ',') return elements;
  }
}

// Up to and including the line's end.
std::string_view next_line(std::string_view text) noexcept {
  const std::size_t end = text.find_first_of("\r\n");
  if (end == std::string_view::npos) return text;
  return text.substr(0, end + (text.substr(end, 2) == "\r\n" ? 2 : 1));
}
std::string_view line_end(std::string_view line) noexcept {
  return line.substr(std::min(line.find_first_of("\r\n"), line.size()));
}

// The element as an event: line ends stand between its values only, where one is as good as another.
std::string event_of(std::string_view element) {
  std::string event;
  for (std::string_view line; !element.empty(); element.remove_prefix(line.size())) {
    line = next_line(element);
    event.append(data).append(line.substr(0, line.size() - line_end(line).size())).append("\n");
  }
  return event.append("\n");
}

// Takes the first event out of `events`: the element that it was made of, with the line ends it had.
std::string element_of(std::string_view& events, std::string_view before) {
  std::string element;
  while (events.starts_with(data)) {
    const std::string_view line = next_line(events), old = next_line(before);
    events.remove_prefix(line.size());
    before.remove_prefix(old.size());
    element.append(line.substr(data.size(), line.size() - data.size() - 1));
    if (events.starts_with(data)) element.append(line_end(old).empty() ? "\n" : line_end(old));
  }
  events.remove_prefix(std::min<std::size_t>(1, events.size()));
  return element;
}

}  // namespace

bool is_answer_list(dialect::Operation operation, std::string_view body) noexcept {
  const std::size_t first = body.find_first_not_of(blanks);
  return (operation == dialect::Operation::stream_generate_content ||
          operation == dialect::Operation::generate_content) &&
         first != std::string_view::npos && body[first] == '[';
}

Result<BodyVerdict> judge_answer_list(const Guard& guard, const Guard::Selection& rules, dialect::Operation operation,
                                      std::string_view body, const TokenVault& vault, Guard::Scratch& scratch) {
  const Result<std::vector<dialect::ByteSpan>> elements = elements_of(body);
  if (!elements) return fail(elements.error());
  const auto text_of = [body](dialect::ByteSpan span) { return body.substr(span.begin, span.end - span.begin); };
  // Both outlive the stream, which is this call's.
  StreamGuard stream(std::shared_ptr<const Guard>(std::shared_ptr<void>(), &guard), rules, operation,
                     std::shared_ptr<const TokenVault>(std::shared_ptr<void>(), &vault));
  std::string passed;
  auto verdict = StreamGuard::Verdict::go_on;
  for (std::size_t i = 0; i < elements->size() && verdict == StreamGuard::Verdict::go_on; ++i)
    verdict = stream.feed(event_of(text_of((*elements)[i])), {}, scratch, passed);
  if (verdict == StreamGuard::Verdict::go_on) verdict = stream.finish({}, scratch, passed);
  BodyVerdict out{.outcomes = stream.outcomes(), .body = {}};
  if (verdict == StreamGuard::Verdict::blocked) return out;
  std::string changed;
  std::size_t from = 0;
  std::string_view events = passed;
  for (const dialect::ByteSpan& element : *elements) {
    changed.append(body.substr(from, element.begin - from)).append(element_of(events, text_of(element)));
    from = element.end;
  }
  changed.append(body.substr(from));
  if (changed != body) out.body = std::move(changed);
  return out;
}

}  // namespace sluice::guard
