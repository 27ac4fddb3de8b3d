// Bodies and events from programs and providers. Whatever they hold: the texts stand between quotes, in order and apart
// from each other; replacing all of them gives a body with as many texts of the same kinds.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dialect/segments.h"

namespace {

using namespace sluice::dialect;

void require(bool holds) {  // NOLINT: a condition, not an option
  if (!holds) std::abort();
}

// The body with every text replaced.
template <class Texts>
std::string replaced(std::string_view body, const Texts& texts) {
  std::string out;
  std::size_t kept = 0;
  for (const auto& text : texts) {
    require(text.span.begin > kept && text.span.begin < text.span.end && text.span.end < body.size());
    require(body[text.span.begin - 1] == '"' && body[text.span.end] == '"');
    out.append(body, kept, text.span.begin - kept).append("\\u00e9\\\"X");
    kept = text.span.end;
  }
  return out.append(body.substr(kept));
}

void check(const Content& content, const Content& again) {
  require(content.segments.size() == again.segments.size() && content.attachments == again.attachments);
  for (std::size_t i = 0; i < content.segments.size(); ++i)
    require(content.segments[i].kind == again.segments[i].kind &&
            content.segments[i].choice == again.segments[i].choice);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  static ContentReader reader;
  static const auto target = *target_of("POST", "/v1/chat/completions");
  if (const auto content = reader.request(target, body)) {
    const auto again = reader.request(target, replaced(body, content->segments));
    require(again.has_value());
    check(*content, *again);
  }
  if (const auto content = reader.answer(Operation::messages, body)) {
    const auto again = reader.answer(Operation::messages, replaced(body, content->segments));
    require(again.has_value());
    check(*content, *again);
  }
  for (const auto operation :
       {Operation::chat_completions, Operation::responses, Operation::messages, Operation::stream_generate_content}) {
    const auto event = reader.event(operation, "", body);
    if (!event) continue;
    const auto again = reader.event(operation, "", replaced(body, event->slots));
    require(again && again->slots.size() == event->slots.size() && again->ended == event->ended &&
            again->ends_all == event->ends_all);
    for (std::size_t i = 0; i < event->slots.size(); ++i)
      require(event->slots[i].lane == again->slots[i].lane && event->slots[i].form == again->slots[i].form);
  }
  return 0;
}
