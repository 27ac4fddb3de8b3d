// The walk itself. One class, though long: its functions call each other down the levels of a body and share the
// spot they stand at. Recursion ends at most_levels, and what is kept at most_texts.
#include "dialect/content_walk.h"

#include <simdjson.h>

#include <charconv>
#include <utility>

#include "dialect/json_text.h"
#include "dialect/padded_buffer.h"

namespace sluice::dialect {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

constexpr int most_levels = 128;
constexpr std::size_t most_texts = 256 * 1024;

// Where a value stands and what the fields above it said.
struct Spot {
  Place place = Place::content;
  SegmentKind kind = SegmentKind::text;
  Nesting nesting = Nesting::plain;
  Slot::Form form = Slot::Form::whole;
  bool reasoning = false;
  enum class Numbered : std::uint8_t { no, choice, part } numbered = Numbered::no;
  enum class Strings : std::uint8_t { text, no_prose } strings = Strings::text;
  std::uint32_t choice = 0;
  std::uint32_t part = 0;
  std::optional<Modality> modality = {};
};

// Reads one document. Lives for one call.
class Walk {
 public:
  Walk(Collector& collector, std::string_view text, ContentWalk::Repeated repeated)
      : collector_(collector), text_(text), repeated_(repeated) {}

  Result<void> document(ondemand::parser& parser, Place place) {
    const simdjson::padded_string_view padded(text_.data(), text_.size(), text_.size() + PaddedBuffer::padding);
    ondemand::document document;
    if (const auto code = parser.iterate(padded).get(document)) return syntax(code);
    ondemand::json_type type{};
    if (const auto code = document.type().get(type)) return syntax(code);
    ondemand::object object;
    ondemand::array array;
    depth_ = 1;
    if (type == ondemand::json_type::object) {
      if (const auto code = document.get_object().get(object)) return syntax(code);
      if (!fields(object, {.place = place})) return fail(std::move(failure_));
    } else if (type == ondemand::json_type::array) {
      if (const auto code = document.get_array().get(array)) return syntax(code);
      if (!elements(array, {.place = place})) return fail(std::move(failure_));
    } else {
      return scalar(document);
    }
    const char* location = nullptr;
    if (document.current_location().get(location) == simdjson::SUCCESS)
      return fail(ErrorCode::malformed, "not valid JSON at byte " + std::to_string(location - text_.data()));
    return {};
  }

 private:
  bool value(ondemand::value value, const Spot& spot) {
    ondemand::json_type type{};
    if (const auto code = value.type().get(type)) return stop(code);
    if (type == ondemand::json_type::string)
      return spot.strings == Spot::Strings::no_prose || is_closed(spot.place) || string(value, spot);
    if (type != ondemand::json_type::object && type != ondemand::json_type::array) return true;
    if (depth_ == most_levels) return stop("is nested too deep");
    ++depth_;
    const bool done = type == ondemand::json_type::object ? object(value, spot) : array(value, spot);
    --depth_;
    return done;
  }

  bool array(ondemand::value value, const Spot& spot) {
    ondemand::array array;
    if (const auto code = value.get_array().get(array)) return stop(code);
    return elements(array, spot);
  }
  bool object(ondemand::value value, const Spot& spot) {
    ondemand::object object;
    if (const auto code = value.get_object().get(object)) return stop(code);
    return fields(object, spot);
  }

  bool elements(ondemand::array array, Spot spot) {
    std::uint32_t number = 0;
    spot.nesting = Nesting::plain;
    if (spot.place == Place::anthropic_metadata) spot.place = Place::metadata;
    const auto numbered = std::exchange(spot.numbered, Spot::Numbered::no);
    for (auto item : array) {
      ondemand::value element;
      if (const auto code = std::move(item).get(element)) return stop(code);
      if (numbered == Spot::Numbered::choice) spot.choice = number;
      if (numbered == Spot::Numbered::part) spot.part = number;
      ++number;
      if (!value(element, spot)) return false;
    }
    return true;
  }

  bool fields(ondemand::object object, Spot spot) {
    spot.nesting = Nesting::plain;
    spot.strings = Spot::Strings::text;
    spot.numbered = Spot::Numbered::no;
    if (spot.place == Place::data) spot.form = Slot::Form::whole;  // an object comes in one piece
    ObjectFrame frame(collector_, spot.place, spot.modality);
    for (auto member : object) {
      simdjson::ondemand::raw_json_string raw_key;
      ondemand::value item;
      if (const auto code = member.key().get(raw_key)) return stop(code);
      if (const auto code = member.value().get(item)) return stop(code);
      if (!field(key_span(raw_key), item, spot, frame)) return false;
    }
    if (spot.place == Place::gemini_call) frame.close_call(spot.choice);
    frame.close();
    if (spot.place == Place::partial_arg) frame.close_value(spot.choice);
    return true;
  }

  bool field(ByteSpan key, ondemand::value item, const Spot& spot, ObjectFrame& frame) {
    if (spot.place == Place::data) {
      if (!keep(key, spot)) return false;
      return value(item, spot);
    }
    const auto* rule = rule_of(spot.place, plain_text(key, key_text_));
    if (rule != nullptr) return apply(*rule, item, spot, frame);
    if (is_closed(spot.place)) return true;
    auto inner = spot;
    if (is_metadata(spot.place)) {
      inner.place = Place::metadata;
      return value(item, inner);
    }
    if (spot.place == Place::settings) inner.strings = Spot::Strings::no_prose;
    inner.place = spot.place == Place::tools || spot.place == Place::settings ? Place::tools : Place::content;
    inner.modality = {};
    if (holds_deltas(spot.place) && first_byte(item) == '"') {
      inner.form = Slot::Form::delta;
      inner.part = unnamed_part(plain_text(key, key_text_));
    }
    return value(item, inner);
  }

  bool apply(const Rule& rule, ondemand::value item, const Spot& spot, ObjectFrame& frame) {
    switch (rule.act) {
      case Act::skip:
        return true;
      case Act::opaque:
        if (const auto id = string_span(item); id && id->end - id->begin <= longest_opaque) return true;
        break;
      case Act::echo:
        return echo(item);
      case Act::choice_index:
        if (const auto number = index(item)) frame.choice(*number);
        return true;
      case Act::part_index:
        if (const auto number = index(item)) frame.part(*number);
        return true;
      case Act::summary_index:
        if (const auto number = index(item)) frame.part(first_summary_part + *number);
        return true;
      case Act::finish:
        if (is_reason(item)) frame.finished(spot.choice);
        return true;
      case Act::goes_on:
        if (first_byte(item) == 't') frame.goes_on();
        return true;
      case Act::call_name:
        if (first_byte(item) != '"') break;  // another use of the name
        frame.call_begins();
        return true;
      case Act::text_path:
        if (const auto path = string_span(item)) frame.part(unnamed_part(plain_text(*path, word_)));
        break;
      case Act::role:
      case Act::type:
      case Act::thought:
      case Act::mime:
      case Act::event_type:
        return about_object(rule.act, item, spot, frame);
      case Act::error:
        collector_.ends_all = collector_.ends_all || !is_null(item);
        break;
      case Act::blob:
      case Act::names:
      case Act::enter:
      case Act::each_choice:
      case Act::each_part:
        break;
    }
    if (rule.modality && !is_null(item)) note_attachment(rule, item, frame);
    const auto before = collector_.found.size();
    const bool is_string = first_byte(item) == '"';
    if (!value(item, inside(rule, spot))) return false;
    if (rule.act == Act::blob && is_string && collector_.found.size() > before) frame.blob();
    return true;
  }

  // A source reports itself when it is left.
  static void note_attachment(const Rule& rule, ondemand::value item, ObjectFrame& frame) {
    if (rule.place != Place::source || first_byte(item) == '"') frame.attachment(*rule.modality);
  }

  static Spot inside(const Rule& rule, const Spot& spot) {
    auto inner = spot;
    if (rule.place != Place::same) inner.place = rule.place;
    if (rule.kind) inner.kind = *rule.kind;
    inner.nesting = rule.nesting;
    inner.modality = rule.modality;
    inner.strings = rule.act == Act::names ? Spot::Strings::no_prose : Spot::Strings::text;
    inner.reasoning = spot.reasoning || rule.reasoning;
    if (rule.form == Slot::Form::delta) inner.form = rule.form;
    if (rule.part != 0) inner.part = rule.part;
    inner.numbered = rule.act == Act::each_choice ? Spot::Numbered::choice
                     : rule.act == Act::each_part ? Spot::Numbered::part
                                                  : Spot::Numbered::no;
    return inner;
  }

  bool about_object(Act act, ondemand::value item, const Spot& spot, ObjectFrame& frame) {
    if (!frame.first(act) && repeated_ == ContentWalk::Repeated::refused)
      return stop(act == Act::role ? "has an object with two roles" : "has an object with two types");
    if (act == Act::thought) {
      if (first_byte(item) == 't') frame.thought();
      return true;
    }
    const auto span = string_span(item);
    if (!span) return value(item, spot);  // another use of the name
    const auto word = plain_text(*span, word_);
    if (act == Act::role)
      frame.role(word);
    else if (act == Act::type)
      frame.type(word);
    else if (act == Act::mime)
      frame.mime(word);
    else
      collector_.event_type = word;
    return true;
  }

  bool string(ondemand::value value, const Spot& spot) {
    const auto span = string_span(value);
    return span ? keep(*span, spot) : stop(simdjson::STRING_ERROR);
  }

  bool keep(ByteSpan span, const Spot& spot) {
    if (span.begin == span.end) return true;
    if (collector_.found.size() == most_texts) {
      failure_ = {ErrorCode::too_large, "the body has more than " + std::to_string(most_texts) + " texts"};
      return false;
    }
    collector_.found.push_back(
        {.span = span,
         .lane = {.kind = spot.kind, .choice = spot.choice, .part = spot.part, .reasoning = spot.reasoning},
         .form = spot.form,
         .nesting = spot.nesting,
         .at_top = depth_ == 1});
    return true;
  }

  bool echo(ondemand::value item) {
    const auto token = first_byte(item);
    std::string_view json;
    if (token == '{') {
      ondemand::object object;
      if (const auto code = item.get_object().get(object)) return stop(code);
      if (const auto code = object.raw_json().get(json)) return stop(code);
    } else if (token == '[') {
      ondemand::array array;
      if (const auto code = item.get_array().get(array)) return stop(code);
      if (const auto code = array.raw_json().get(json)) return stop(code);
    }
    if (json.find('"') == std::string_view::npos) return true;  // null, or nothing in it
    const auto begin = static_cast<std::size_t>(json.data() - text_.data());
    collector_.echoes.push_back({begin, begin + json.size()});
    return true;
  }

  static char first_byte(ondemand::value value) {
    const auto token = value.raw_json_token();
    return token.empty() ? '\0' : token.front();
  }
  static bool is_null(ondemand::value value) { return first_byte(value) == 'n'; }
  // Some servers say "" or "null" in every event of a choice that goes on.
  static bool is_reason(ondemand::value value) {
    const auto token = value.raw_json_token();
    return !token.starts_with('n') && !token.starts_with("\"\"") && !token.starts_with("\"null\"");
  }

  static std::optional<std::uint32_t> index(ondemand::value value) {
    const auto token = value.raw_json_token();
    std::uint32_t number = 0;
    const auto [end, code] = std::from_chars(token.data(), token.data() + token.size(), number);
    return code == std::errc() && number < first_summary_part ? std::optional(number) : std::nullopt;
  }

  // The token runs on to the next one; only blanks stand between them.
  [[nodiscard]] std::optional<ByteSpan> string_span(ondemand::value value) const {
    auto token = value.raw_json_token();
    if (token.empty() || token.front() != '"') return std::nullopt;
    while (token.ends_with(' ') || token.ends_with('\n') || token.ends_with('\r') || token.ends_with('\t'))
      token.remove_suffix(1);
    if (token.size() < 2 || token.back() != '"') return std::nullopt;
    const auto begin = static_cast<std::size_t>(token.data() - text_.data());
    return ByteSpan{begin + 1, begin + token.size() - 1};
  }

  [[nodiscard]] ByteSpan key_span(ondemand::raw_json_string key) const {
    const auto begin = static_cast<std::size_t>(key.raw() - text_.data());
    auto end = begin;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    return {begin, std::min(end, text_.size())};
  }

  // Names are told apart by their text: "rol\u0065" is a role.
  std::string_view plain_text(ByteSpan span, JsonText& reader) const {
    const auto raw = text_.substr(span.begin, span.end - span.begin);
    if (raw.find('\\') == std::string_view::npos) return raw;
    reader.read(raw, Nesting::plain);
    return reader.text();
  }

  // A string, number or word alone: there is nothing to find, but it must be one.
  Result<void> scalar(ondemand::document& document) {
    std::string_view text;
    double number = 0;
    bool truth = false, null = false;
    if (!document.get_string().get(text) || !document.get_double().get(number) || !document.get_bool().get(truth) ||
        (!document.is_null().get(null) && null))
      return {};
    return fail(ErrorCode::malformed, "not valid JSON");
  }

  bool stop(std::string_view problem) {
    failure_ = {ErrorCode::malformed, "the body " + std::string(problem)};
    return false;
  }
  bool stop(error_code code) {
    failure_ = syntax(code).error();
    return false;
  }
  static std::unexpected<Error> syntax(error_code code) {
    if (code == simdjson::MEMALLOC) return fail(ErrorCode::overloaded, "no memory to read the body");
    return fail(ErrorCode::malformed, std::string("not valid JSON (") + simdjson::error_message(code) + ")");
  }

  Collector& collector_;
  std::string_view text_;
  ContentWalk::Repeated repeated_;
  int depth_ = 0;
  Error failure_;
  JsonText key_text_, word_;
};

}  // namespace

struct ContentWalk::State {
  std::unique_ptr<ondemand::parser> simd = std::make_unique<ondemand::parser>();
  PaddedBuffer buffer;
};

ContentWalk::ContentWalk() : state_(std::make_unique<State>()) {}
ContentWalk::~ContentWalk() = default;

Result<void> ContentWalk::read(std::string_view body, Place place, Repeated repeated) {
  collector_.clear();
  auto done = Walk(collector_, state_->buffer.copy(body), repeated).document(*state_->simd, place);
  if (done) collector_.find_nested_results(body);
  if (state_->buffer.capacity() > largest_kept_buffer) {
    state_->buffer.release();
    state_->simd = std::make_unique<ondemand::parser>();
  }
  return done;
}

}  // namespace sluice::dialect
