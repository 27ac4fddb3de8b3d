// Which fields of AI bodies hold what: the table that ContentReader walks by. Private to libs/dialect.
//
// A place is a kind of object or list; a row says what the value of one of its fields is. The three dialects share the
// places of what stands inside messages and answers, because their field names do not contradict each other: what one
// of them calls a field is never prose in another, or the other way round.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dialect/dialect.h"
#include "dialect/segments.h"

namespace sluice::dialect {

enum class Place : std::uint8_t {
  same,  // in rules: the place does not change
  // Closed places: fields that no row names are skipped over.
  request,
  anthropic_request,  // what no row names is as in `request`
  generation,         // Gemini's generationConfig
  answer,
  // Every value is text here but those that a row names.
  metadata,
  anthropic_metadata,  // … of the request itself; what lies deeper is `metadata`
  // Open places: fields that no row names are looked up in `content`, and if they are not there either, they are
  // content.
  content,
  message,   // elements of messages, contents and input: their role counts
  tools,     // descriptions and JSON schemas; what no row names is the same again
  settings,  // headers of a remote tool, cache control: strings are no prose, what lies deeper is as in tools
  source,    // of an attachment
  answer_choice,
  event_openai,
  event_choice,
  delta,
  call_delta,  // element of tool_calls
  function_delta,
  audio,
  event_responses,
  event_anthropic,
  anthropic_block,
  anthropic_delta,
  event_gemini,
  event_candidate,
  gemini_content,
  gemini_part,
  // Vertex AI's streamed arguments (functionCall.partialArgs, PartialArg in its reference): each element is a piece of
  // the value that its jsonPath names and says whether more of it follows, as the call does in each event.
  gemini_call,
  partial_arg,
  // Every string is text here, keys included: what a model passes to a tool and what it gets back.
  data,
};

enum class Act : std::uint8_t {
  enter,        // strings are text; lists and objects stand in the rule's place
  each_choice,  // enter; elements of the list are numbered as choices
  each_part,    // enter; elements of the list are numbered as parts
  names,        // strings are no prose; lists and objects stand in the rule's place
  skip,         // nothing in it is looked at
  opaque,       // a string of at most longest_opaque bytes is not looked at; all else is
  blob,         // a string that may be base64: the object's type and mime type tell
  echo,         // repeats the text
  role,         // these five say what the other fields of the object are, in whatever order they come
  type,
  thought,
  mime,
  event_type,
  choice_index,  // numbers the choice or part that the object is
  part_index,
  summary_index,
  text_path,  // a string that is looked at and names the text that the object's deltas continue
  call_name,  // a string that is no prose: the call begins here
  goes_on,    // true: more follows of the call or the value
  finish,     // a reason: no delta follows for this choice; null, "" and "null" are none
  error,      // enter; the stream is over
};

// Anthropic's reference allows no longer ids; whatever is longer is none.
inline constexpr std::size_t longest_opaque = 256;

struct Rule {
  Act act = Act::enter;
  Place place = Place::content;
  std::optional<SegmentKind> kind = {};  // absent: as around it
  Nesting nesting = Nesting::plain;      // of a string that is the value itself
  Slot::Form form = Slot::Form::whole;   // delta: this and everything in it
  bool reasoning = false;
  std::uint8_t part = 0;  // of deltas that stand beside each other
  std::optional<Modality> modality = {};
};

// The rule of a field; nullptr when no row names it: skip in a closed place, text in metadata, content in an open one.
const Rule* rule_of(Place place, std::string_view field) noexcept;
constexpr bool is_closed(Place place) noexcept {
  return place == Place::request || place == Place::anthropic_request || place == Place::generation ||
         place == Place::answer;
}

constexpr bool is_metadata(Place place) noexcept {
  return place == Place::metadata || place == Place::anthropic_metadata;
}

// What an object's "type" says about it.
struct TypeRow {
  std::string_view name;
  std::optional<SegmentKind> kind = {};  // of the text in it
  bool by_assistant = false;
  bool reasoning = false;
  std::optional<Modality> modality = {};
  enum class Blob : std::uint8_t { by_mime, text, base64 } blob = Blob::by_mime;
  bool has_text_source = false;  // a source that is no attachment
};
const TypeRow* type_named(std::string_view name) noexcept;

// Events of the Responses API that carry a text: "response.output_text.delta" has the stem "output_text".
struct StemRow {
  std::string_view stem;
  std::optional<SegmentKind> kind = SegmentKind::text;  // absent: no text (audio as base64)
  Nesting nesting = Nesting::plain;
  bool reasoning = false;
};
const StemRow* stem_named(std::string_view stem) noexcept;

// Parts of a reasoning summary are counted apart from the parts of the content: their lanes begin here.
inline constexpr std::uint32_t first_summary_part = 1U << 16U;

// Texts of a stream that no row names go on from event to event like those that one names: each name has a lane.
std::uint32_t unnamed_part(std::string_view name) noexcept;
constexpr bool holds_deltas(Place place) noexcept {
  return place == Place::delta || place == Place::function_delta || place == Place::anthropic_delta ||
         place == Place::gemini_part || place == Place::partial_arg || place == Place::audio;
}

Place request_place(Dialect dialect) noexcept;
Place event_place(Operation operation) noexcept;

}  // namespace sluice::dialect
