#include "dialect/request.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>

#include "base/json.h"
#include "dialect/padded_buffer.h"

namespace sluice::dialect {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;
static_assert(PaddedBuffer::padding >= simdjson::SIMDJSON_PADDING);

enum class Field : std::uint8_t {
  model,
  stream,
  choices,
  max_tokens,
  tools,
  stream_options,
  generation,
  request,
  json_form,
  include_usage
};

struct FieldRow {
  std::string_view name;
  Field field;
};
// What is read at each level; a name that is not listed is skipped over.
constexpr std::array openai_fields{
    FieldRow{"model", Field::model},
    FieldRow{"stream", Field::stream},
    FieldRow{"n", Field::choices},
    FieldRow{"max_tokens", Field::max_tokens},
    FieldRow{"max_completion_tokens", Field::max_tokens},
    FieldRow{"max_output_tokens", Field::max_tokens},
    FieldRow{"tools", Field::tools},
    FieldRow{"functions", Field::tools},
    FieldRow{"stream_options", Field::stream_options},
};
constexpr std::array stream_option_fields{FieldRow{"include_usage", Field::include_usage}};
constexpr std::array anthropic_fields{
    FieldRow{"model", Field::model},
    FieldRow{"stream", Field::stream},
    FieldRow{"max_tokens", Field::max_tokens},
    FieldRow{"tools", Field::tools},
};
// Google's JSON takes both spellings of a name (protobuf JSON mapping).
constexpr std::array gemini_fields{
    FieldRow{"model", Field::model},
    FieldRow{"tools", Field::tools},
    FieldRow{"generationConfig", Field::generation},
    FieldRow{"generation_config", Field::generation},
    FieldRow{"request", Field::request},
};
constexpr std::array generation_fields{
    FieldRow{"candidateCount", Field::choices},     FieldRow{"candidate_count", Field::choices},
    FieldRow{"maxOutputTokens", Field::max_tokens}, FieldRow{"max_output_tokens", Field::max_tokens},
    FieldRow{"responseMimeType", Field::json_form}, FieldRow{"response_mime_type", Field::json_form},
};
using Rows = std::span<const FieldRow>;
constexpr std::size_t most_rows = 16;

Rows rows_of(Dialect dialect) {
  switch (dialect) {
    case Dialect::openai:
      return openai_fields;
    case Dialect::anthropic:
      return anthropic_fields;
    case Dialect::gemini:
      return gemini_fields;
  }
  return {};
}

std::unexpected<Error> wrong(std::string_view field, std::string_view problem) {
  return fail(ErrorCode::malformed, std::string(field).append(": ").append(problem));
}

// Reads one body. Lives for one call.
class Reading {
 public:
  Reading(const Target& target, std::string_view text) : target_(target), text_(text) {}

  Result<RequestFacts> read(ondemand::parser& parser) {
    const simdjson::padded_string_view padded(text_.data(), text_.size(), text_.size() + PaddedBuffer::padding);
    if (const auto code = parser.iterate(padded).get(document_)) return syntax(code, Where::unknown);
    ondemand::object object;
    if (const auto code = document_.get_object().get(object)) {
      if (code == simdjson::INCORRECT_TYPE) return fail(ErrorCode::malformed, "the body must be a JSON object");
      return syntax(code);
    }
    if (auto done = fields(object, rows_of(target_.dialect)); !done) return fail(done.error());
    const char* location = nullptr;
    if (document_.current_location().get(location) == simdjson::SUCCESS)
      return fail(ErrorCode::malformed, "not valid JSON at byte " + std::to_string(location - text_.data()));
    if (facts_.model.empty() && target_.model_in_path.empty()) return wrong("model", "is missing");
    if (!target_.model_in_path.empty()) {
      facts_.model = target_.model_in_path;
      facts_.model_span.reset();
    }
    if (target_.operation == Operation::stream_generate_content) facts_.streamed = true;
    return std::move(facts_);
  }

 private:
  enum class Where : std::uint8_t { known, unknown };

  Result<void> fields(ondemand::object object, Rows rows) {
    std::bitset<most_rows> seen;
    for (auto member : object) {
      std::string_view name;
      if (const auto code = member.unescaped_key().get(name)) return syntax(code);
      const auto row = std::ranges::find(rows, name, &FieldRow::name);
      if (row == rows.end()) continue;
      const auto index = static_cast<std::size_t>(row - rows.begin());
      if (seen[index]) return wrong(row->name, "stands twice");
      seen[index] = true;
      ondemand::value value;
      if (const auto code = member.value().get(value)) return syntax(code);
      if (auto done = field(*row, value); !done) return done;
    }
    return {};
  }

  Result<void> field(const FieldRow& row, ondemand::value value) {
    bool is_null = false;
    if (const auto code = value.is_null().get(is_null)) return syntax(code);
    if (is_null) return {};
    switch (row.field) {
      case Field::model:
        return model(row.name, value);
      case Field::stream:
        return flag(row.name, value, facts_.streamed);
      case Field::include_usage:
        return flag(row.name, value, facts_.wants_stream_usage);
      case Field::choices:
        return number(row.name, value, [this](std::int64_t count) { facts_.choices = count; });
      case Field::max_tokens:
        return number(row.name, value, [this](std::int64_t most) {
          facts_.max_tokens = std::max(most, facts_.max_tokens.value_or(most));
        });
      case Field::tools:
        return tools(row.name, value);
      case Field::stream_options:
        return nested(row.name, value, stream_option_fields);
      case Field::generation:
        return nested(row.name, value, generation_fields);
      // Gemini Code Assist wraps the request: {"model":…,"request":{…}}; a request has no "request" of its own.
      case Field::request:
        return target_.model_in_path.empty() ? nested(row.name, value, gemini_fields) : Result<void>();
      case Field::json_form:
        return json_form(row.name, value);
    }
    return {};
  }

  Result<void> model(std::string_view name, ondemand::value value) {
    const auto token = value.raw_json_token();
    std::string_view text;
    if (value.get_string().get(text)) return wrong(name, "must be a string");
    if (text.empty() || text.size() > 512) return wrong(name, "must have 1 to 512 bytes");
    if (depth_ > 0) return {};  // the wrapper's model is the one that counts
    facts_.model = text;
    facts_.model_span = span_of(token);
    return {};
  }

  // The token runs on to the next one: the string ends at its first quote that is not escaped.
  [[nodiscard]] ByteSpan span_of(std::string_view token) const {
    const auto begin = static_cast<std::size_t>(token.data() - text_.data());
    std::size_t end = begin + 1;
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    return {begin, std::min(end + 1, text_.size())};
  }

  static Result<void> flag(std::string_view name, ondemand::value value, bool& into) {
    if (value.get_bool().get(into)) return wrong(name, "must be true or false");
    return {};
  }

  template <class Store>
  Result<void> number(std::string_view name, ondemand::value value, Store store) {
    double number = 0;
    if (value.get_double().get(number) || number < 0 || number > 1e12 || number != std::floor(number))
      return wrong(name, "must be a whole number");
    store(static_cast<std::int64_t>(number));
    return {};
  }

  Result<void> tools(std::string_view name, ondemand::value value) {
    ondemand::array array;
    bool empty = true;
    if (value.get_array().get(array)) return wrong(name, "must be a list");
    if (const auto code = array.is_empty().get(empty)) return syntax(code);
    if (!empty) facts_.has_tools = true;
    return {};
  }

  Result<void> nested(std::string_view name, ondemand::value value, Rows rows) {
    ondemand::object object;
    if (value.get_object().get(object)) return wrong(name, "must be an object");
    if (depth_ == 4) return wrong(name, "is nested too deep");
    ++depth_;
    auto done = fields(object, rows);
    --depth_;
    if (!done) done.error().detail.insert(0, std::string(name) + ".");
    return done;
  }

  Result<void> json_form(std::string_view name, ondemand::value value) {
    std::string_view text;
    if (value.get_string().get(text)) return wrong(name, "must be a string");
    facts_.wants_json = text == "application/json";
    return {};
  }

  std::unexpected<Error> syntax(error_code code, Where position = Where::known) {
    const char* location = nullptr;
    std::string where;
    if (position == Where::known && document_.current_location().get(location) == simdjson::SUCCESS &&
        location > text_.data() && location <= text_.data() + text_.size())
      where = " at byte " + std::to_string(location - text_.data());
    if (code == simdjson::MEMALLOC) return fail(ErrorCode::overloaded, "no memory to read the body");
    return fail(ErrorCode::malformed, "not valid JSON" + where + " (" + simdjson::error_message(code) + ")");
  }

  const Target& target_;
  std::string_view text_;
  ondemand::document document_;
  int depth_ = 0;
  RequestFacts facts_;
};

}  // namespace

struct RequestReader::Parser {
  std::size_t largest = default_largest_body;
  std::unique_ptr<ondemand::parser> simd = std::make_unique<ondemand::parser>();
  PaddedBuffer buffer;
};

RequestReader::RequestReader(std::size_t largest_body) : parser_(std::make_unique<Parser>()) {
  parser_->largest = largest_body;
}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;

Result<RequestFacts> RequestReader::read(const Target& target, std::string_view body) {
  if (body.size() > parser_->largest)
    return fail(ErrorCode::too_large, "the body has " + std::to_string(body.size()) + " bytes, the limit is " +
                                          std::to_string(parser_->largest));
  auto facts = Reading(target, parser_->buffer.copy(body)).read(*parser_->simd);
  if (parser_->buffer.capacity() > largest_kept_buffer) {
    parser_->buffer.release();
    parser_->simd = std::make_unique<ondemand::parser>();
  }
  return facts;
}

std::string with_model(std::string_view body, ByteSpan span, std::string_view model) {
  std::string out;
  out.reserve(body.size() + model.size());
  out.append(body.substr(0, span.begin));
  append_json_string(out, model);
  return out.append(body.substr(span.end));
}

}  // namespace sluice::dialect
