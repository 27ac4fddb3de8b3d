// The texts inside AI bodies: where in the bytes the strings stand that a model or a person reads, and what each of
// them is. Everything else is neither looked at nor changed.
//
// Spans are the bytes between the quotes of a JSON string in the given body (escapes as they stand there); see
// dialect/json_text.h for its text and for edits. Pure.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dialect/dialect.h"
#include "dialect/request.h"

namespace sluice::dialect {

enum class SegmentKind : std::uint8_t {
  instructions,    // system and developer prompts, descriptions of tools
  text,            // a message of a user or an assistant, reasoning included
  tool_arguments,  // what the model passes to a tool
  tool_result,     // what a tool gave back
  about,           // requests: what the client says about itself ("user", "metadata"); no model reads it
};

// JSON inside a JSON string (OpenAI's `arguments`, Anthropic's `partial_json`, a tool's result that is JSON) has
// escapes of its own.
enum class Nesting : std::uint8_t { plain, json };

struct Segment {
  ByteSpan span = {};
  SegmentKind kind = SegmentKind::text;
  Nesting nesting = Nesting::plain;
  std::uint32_t choice = 0;     // answers: n > 1, candidates
  bool from_assistant = false;  // requests: the history's own answers
};

enum class Modality : std::uint8_t { image, audio, video, file };
std::string_view name_of(Modality modality) noexcept;  // "image", …

struct Content {
  std::vector<Segment> segments = {};      // in order of their place in the body
  std::vector<Modality> attachments = {};  // images, audio, documents: inline, by URL or by file id
  // Values that repeat the text in pieces (logprobs). When a segment of the same choice is changed they must become
  // null.
  std::vector<ByteSpan> echoes = {};
};

// Where a part of a streamed answer belongs: deltas of one lane make one text.
struct Lane {
  SegmentKind kind = SegmentKind::text;
  std::uint32_t choice = 0;  // choice, candidate, output item
  std::uint32_t part = 0;    // content block, tool call
  bool reasoning = false;
  bool operator==(const Lane&) const = default;
};
struct Slot {
  enum class Form : std::uint8_t {
    delta,  // continues its lane
    whole,  // a text of its own: complete in itself (function arguments as an object, a `.done` event's repetition)
  };
  Lane lane = {};
  Form form = Form::delta;
  Nesting nesting = Nesting::plain;
  ByteSpan span = {};  // in the event's data
};
// After this event's slots no further delta follows in the lanes it covers. An event says that a choice is over without
// naming its tool calls, and readers keep no memory of a stream: so this is a pattern, not a lane.
struct Ended {
  std::uint32_t choice = 0;
  std::optional<std::uint32_t> part = {};  // absent: all parts
  [[nodiscard]] bool covers(const Lane& lane) const noexcept {
    return lane.choice == choice && (!part || *part == lane.part);
  }
  bool operator==(const Ended&) const = default;
};
// Calls whose arguments come in pieces, value by value (Vertex AI), share the lanes of their values. What comes in a
// lane that a call has ended is another text when another call has begun.
struct CallEdge {
  std::size_t slot = 0;  // before this one of the event
  std::uint32_t choice = 0;
  enum class What : std::uint8_t { begins, ends_value, ends } what = What::begins;
  std::optional<std::uint32_t> part = {};  // of the value; absent: all parts
  [[nodiscard]] bool covers(const Lane& lane) const noexcept {
    return lane.choice == choice && lane.kind == SegmentKind::tool_arguments && (!part || *part == lane.part);
  }
};
struct EventContent {
  std::vector<Slot> slots = {};       // in order of their place in the data
  std::vector<CallEdge> calls = {};   // in the same order
  std::vector<ByteSpan> echoes = {};  // as in Content, for this event
  std::vector<Ended> ended = {};
  bool ends_all = false;  // [DONE], message_stop, response.completed, an error
};

// Owns parser and buffer: one per thread, not across co_await.
class ContentReader {
 public:
  ContentReader();
  ~ContentReader();
  ContentReader(ContentReader&&) noexcept;
  ContentReader& operator=(ContentReader&&) noexcept;

  // malformed when `body` is not one JSON value, lies more than 128 levels deep where texts are, or has two roles or
  // types in one object of a request; too_large beyond 262144 texts. About 9 µs for a 20 KB chat body. Strings at
  // places that the table of the operation does not name, but which lie inside messages, content or tools, are reported
  // as text: an unknown content type is looked at, not passed.
  Result<Content> request(const Target& target, std::string_view body);
  Result<Content> answer(Operation operation, std::string_view body);
  // One server-sent event. Data that is no JSON object (such as [DONE]) has no slots.
  Result<EventContent> event(Operation operation, std::string_view name, std::string_view data);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::dialect
