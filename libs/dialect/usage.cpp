#include "dialect/usage.h"

#include <simdjson.h>

#include <algorithm>

#include "dialect/padded_buffer.h"
#include "dialect/usage_reader.h"

namespace sluice::dialect {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::int64_t most_tokens = 1'000'000'000'000;  // more than any provider can mean

// The numbers of one usage object, before they are sorted into categories.
struct Counts {
  std::optional<std::int64_t> input, output, cached_inside_input, cache_read, cache_write, thoughts, tool_prompt;
};

std::optional<std::int64_t> count(ondemand::value value) {
  std::int64_t number = 0;
  if (value.get_int64().get(number)) return std::nullopt;
  return std::clamp<std::int64_t>(number, 0, most_tokens);
}

bool read_details(ondemand::value value, Counts& counts) {
  ondemand::object object;
  if (value.get_object().get(object)) return true;  // null
  for (auto member : object) {
    std::string_view name;
    ondemand::value item;
    if (member.unescaped_key().get(name) || member.value().get(item)) return false;
    if (name == "cached_tokens") counts.cached_inside_input = count(item);
  }
  return true;
}

bool read_counts(ondemand::object object, Counts& counts) {
  for (auto member : object) {
    std::string_view name;
    ondemand::value value;
    if (member.unescaped_key().get(name) || member.value().get(value)) return false;
    if (name == "prompt_tokens" || name == "input_tokens" || name == "promptTokenCount")
      counts.input = count(value);
    else if (name == "completion_tokens" || name == "output_tokens" || name == "candidatesTokenCount")
      counts.output = count(value);
    else if (name == "cache_read_input_tokens")
      counts.cache_read = count(value);
    else if (name == "cache_creation_input_tokens")
      counts.cache_write = count(value);
    else if (name == "cachedContentTokenCount")
      counts.cached_inside_input = count(value);
    else if (name == "thoughtsTokenCount")
      counts.thoughts = count(value);
    else if (name == "toolUsePromptTokenCount")
      counts.tool_prompt = count(value);
    else if ((name == "prompt_tokens_details" || name == "input_tokens_details") && !read_details(value, counts))
      return false;
  }
  return true;
}

void merge(const Counts& counts, Usage& usage) {
  if (counts.input) {
    const auto cached = std::min(*counts.input, counts.cached_inside_input.value_or(0));
    usage.input = *counts.input - cached + counts.tool_prompt.value_or(0);
    if (counts.cached_inside_input) usage.cache_read = cached;
  }
  if (counts.output || counts.thoughts) usage.output = counts.output.value_or(0) + counts.thoughts.value_or(0);
  if (counts.cache_read) usage.cache_read = *counts.cache_read;
  if (counts.cache_write) usage.cache_write = *counts.cache_write;
  if (counts.input || counts.output) usage.reported = true;
}

// Walks one document. `depth` counts the wrappers "response" and "message".
class Walk {
 public:
  explicit Walk(Seen& seen) : seen_(seen) {}

  bool document(ondemand::object object, int depth) {
    for (auto member : object) {
      std::string_view name;
      ondemand::value value;
      if (member.unescaped_key().get(name) || member.value().get(value)) return false;
      if (!field(name, value, depth)) return false;
    }
    return true;
  }

 private:
  bool field(std::string_view name, ondemand::value value, int depth) {
    const bool wrapper = name == "response" || name == "message";
    const bool holds_usage = name == "usage" || name == "usageMetadata";
    if (!wrapper && !holds_usage && name != "error") return true;
    if (name == "message" && remember_message(value)) return true;
    ondemand::object object;
    if (value.get_object().get(object)) return true;  // null, or another use of the name
    if (holds_usage) {
      Counts counts;
      const bool good = read_counts(object, counts);
      merge(counts, seen_.usage);
      return good;
    }
    if (wrapper) return depth >= 2 || document(object, depth + 1);
    seen_.failed = true;
    return error(object);
  }

  // {"type":"error","message":"…"} of the Responses stream; Anthropic's "message" is an object.
  bool remember_message(ondemand::value value) {
    simdjson::ondemand::json_type type{};
    if (value.type().get(type) || type != ondemand::json_type::string) return false;
    std::string_view text;
    if (!value.get_string().get(text) && seen_.error_text.empty()) seen_.error_text = text.substr(0, 4096);
    return true;
  }

  bool error(ondemand::object object) {
    for (auto member : object) {
      std::string_view name, text;
      ondemand::value value;
      if (member.unescaped_key().get(name) || member.value().get(value)) return false;
      if (name == "message" && !value.get_string().get(text)) seen_.error_text = text.substr(0, 4096);
    }
    return true;
  }

  Seen& seen_;
};

}  // namespace

struct UsageReader::Parser {
  std::unique_ptr<ondemand::parser> simd = std::make_unique<ondemand::parser>();
  PaddedBuffer buffer;
};

UsageReader::UsageReader() : parser_(std::make_unique<Parser>()) {}
UsageReader::~UsageReader() = default;

bool UsageReader::read(std::string_view json, Seen& seen) {
  const auto text = parser_->buffer.copy(json);
  ondemand::document document;
  ondemand::object object;
  ondemand::array array;
  const simdjson::padded_string_view padded(text.data(), text.size(), text.size() + PaddedBuffer::padding);
  if (parser_->simd->iterate(padded).get(document)) return false;
  Walk walk(seen);
  bool good = true;
  if (text.find_first_not_of(" \t\r\n") != std::string_view::npos && text[text.find_first_not_of(" \t\r\n")] == '[') {
    if (document.get_array().get(array)) return false;
    for (auto item : array) good = good && !item.get_object().get(object) && walk.document(object, 0);
  } else {
    good = !document.get_object().get(object) && walk.document(object, 0);
  }
  if (parser_->buffer.capacity() > largest_kept_buffer) {
    parser_->buffer.release();
    parser_->simd = std::make_unique<ondemand::parser>();
  }
  return good;
}

Usage usage_of_body(Operation operation, std::string_view body) {
  if (operation == Operation::count_tokens) return {};  // counts a request that was never made
  UsageReader reader;
  Seen seen;
  reader.read(body, seen);
  return seen.usage;
}

}  // namespace sluice::dialect
