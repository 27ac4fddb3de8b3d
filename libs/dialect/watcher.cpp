// Which events of a stream are worth a look. Thousands of text deltas pass for every one that holds usage: they are
// told apart by the event's name or by a search for the quoted key, which cannot stand inside a JSON string (its
// quotes would be escaped there).
#include <cstring>

#include "dialect/usage.h"
#include "dialect/usage_reader.h"

namespace sluice::dialect {

struct StreamWatcher::State {
  explicit State(Operation of) : operation(of) {}
  Operation operation;
  SseSplitter splitter;
  UsageReader reader;
  Seen seen;
  StreamEnd end = StreamEnd::open;
  std::uint64_t events = 0;

  void take(const SseSplitter::Event& event);
  void take_chat(std::string_view data);
  void take_responses(std::string_view type, std::string_view data);
  void take_messages(std::string_view type, std::string_view data);
  void take_gemini(std::string_view data);
  void read_failure(std::string_view data);
};

namespace {

// memmem: string_view::find stops at every quotation mark, and JSON is full of them.
std::size_t find_key(std::string_view data, std::string_view quoted) {
  const auto* found = static_cast<const char*>(::memmem(data.data(), data.size(), quoted.data(), quoted.size()));
  return found == nullptr ? std::string_view::npos : static_cast<std::size_t>(found - data.data());
}

bool has_key(std::string_view data, std::string_view quoted) {
  return find_key(data, quoted) != std::string_view::npos;
}

// True when the key is there with a value other than null: every OpenAI chunk but the last says "usage":null.
bool has_value(std::string_view data, std::string_view quoted) {
  const auto at = find_key(data, quoted);
  if (at == std::string_view::npos) return false;
  const auto value = data.find_first_not_of(" \t\r\n:", at + quoted.size());
  return value != std::string_view::npos && data[value] != 'n';
}

// The event's name, or for streams without names the "type" that stands near the front of the data.
std::string_view type_of(const SseSplitter::Event& event) {
  if (!event.name.empty()) return event.name;
  const auto front = event.data.substr(0, 256);
  const auto key = front.find("\"type\"");
  if (key == std::string_view::npos) return {};
  const auto open = front.find('"', key + 6);
  const auto close = open == std::string_view::npos ? open : front.find('"', open + 1);
  return close == std::string_view::npos ? std::string_view() : front.substr(open + 1, close - open - 1);
}

}  // namespace

void StreamWatcher::State::read_failure(std::string_view data) {
  reader.read(data, seen);
  end = StreamEnd::failed;
}

void StreamWatcher::State::take_chat(std::string_view data) {
  if (data == "[DONE]") {
    if (end == StreamEnd::open) end = StreamEnd::clean;
  } else if (has_value(data, "\"error\"") && !has_key(data, "\"choices\"")) {
    read_failure(data);
  } else if (has_value(data, "\"usage\"")) {
    reader.read(data, seen);
  }
}

void StreamWatcher::State::take_responses(std::string_view type, std::string_view data) {
  if (type == "response.completed" || type == "response.incomplete") {
    reader.read(data, seen);
    end = StreamEnd::clean;
  } else if (type == "response.failed" || type == "error") {
    read_failure(data);
  }
}

void StreamWatcher::State::take_messages(std::string_view type, std::string_view data) {
  if (type == "message_start" || type == "message_delta") {
    reader.read(data, seen);
  } else if (type == "message_stop") {
    if (end == StreamEnd::open) end = StreamEnd::clean;
  } else if (type == "error") {
    read_failure(data);
  }
}

void StreamWatcher::State::take_gemini(std::string_view data) {
  if (has_key(data, "\"usageMetadata\"")) reader.read(data, seen);
  if (has_value(data, "\"finishReason\"")) {
    end = StreamEnd::clean;
  } else if (has_value(data, "\"error\"") && !has_key(data, "\"candidates\"")) {
    read_failure(data);
  }
}

void StreamWatcher::State::take(const SseSplitter::Event& event) {
  ++events;
  switch (operation) {
    case Operation::chat_completions:
    case Operation::completions:
    case Operation::embeddings:
      return take_chat(event.data);
    case Operation::responses:
      return take_responses(type_of(event), event.data);
    case Operation::messages:
    case Operation::count_tokens:
      return take_messages(type_of(event), event.data);
    case Operation::generate_content:
    case Operation::stream_generate_content:
      return take_gemini(event.data);
  }
}

StreamWatcher::StreamWatcher(Operation operation) : state_(std::make_unique<State>(operation)) {}
StreamWatcher::~StreamWatcher() = default;
StreamWatcher::StreamWatcher(StreamWatcher&&) noexcept = default;
StreamWatcher& StreamWatcher::operator=(StreamWatcher&&) noexcept = default;

void StreamWatcher::feed(std::string_view bytes) {
  state_->splitter.feed(bytes);
  while (const auto event = state_->splitter.next()) state_->take(*event);
}

const Usage& StreamWatcher::usage() const noexcept {
  return state_->seen.usage;
}
StreamEnd StreamWatcher::end() const noexcept {
  return state_->end;
}
std::uint64_t StreamWatcher::events() const noexcept {
  return state_->events;
}
const std::string& StreamWatcher::error_text() const noexcept {
  return state_->seen.error_text;
}

}  // namespace sluice::dialect
