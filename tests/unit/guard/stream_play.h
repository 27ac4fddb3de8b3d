// Streamed answers of every dialect, played to a StreamGuard in pieces, and what a client then reads.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "dialect/json_text.h"
#include "dialect/segments.h"
#include "dialect/usage.h"
#include "guard/stream_guard.h"

namespace sluice::guard::testing_support {

using dialect::Operation;

enum class Place : std::uint8_t { text, tool_arguments };

inline std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

// One delta as the provider sends it; empty where the dialect has no such place.
inline std::string delta_event(Operation operation, Place place, int choice, std::string_view delta) {
  const std::string text = json_string(delta), n = std::to_string(choice);
  const bool arguments = place == Place::tool_arguments;
  switch (operation) {
    case Operation::chat_completions:
      return R"(data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":)" + n +
             R"(,"delta":)" +
             (arguments ? R"({"tool_calls":[{"index":0,"function":{"arguments":)" + text + "}}]}"
                        : R"({"content":)" + text + "}") +
             R"(,"finish_reason":null}],"usage":null})" + "\n\n";
    case Operation::completions:
      if (arguments) return {};
      return R"(data: {"id":"c2","object":"text_completion","choices":[{"text":)" + text + R"(,"index":)" + n +
             "}]}\n\n";
    case Operation::responses:
      return std::string("event: response.") + (arguments ? "function_call_arguments" : "output_text") + R"(.delta)" +
             "\n" + R"(data: {"type":"response.)" + (arguments ? "function_call_arguments" : "output_text") +
             R"(.delta","item_id":"i","output_index":)" + n + (arguments ? "" : R"(,"content_index":0)") +
             R"(,"delta":)" + text + "}\n\n";
    case Operation::messages:
      return std::string("event: content_block_delta\n") + R"(data: {"type":"content_block_delta","index":)" + n +
             R"(,"delta":{"type":)" +
             (arguments ? R"("input_json_delta","partial_json":)" : R"("text_delta","text":)") + text + "}}\n\n";
    case Operation::stream_generate_content:
      return R"(data: {"candidates":[{"content":{"parts":[)" +
             (arguments ? R"({"functionCall":{"name":"f","args":)" + std::string(delta) + "}}"
                        : R"({"text":)" + text + "}") +
             R"(],"role":"model"},"index":)" + n + "}]}\r\n\r\n";
    default:
      return {};
  }
}

// What ends a choice, and the stream.
inline std::string end_events(Operation operation, int choices) {
  std::string out;
  switch (operation) {
    case Operation::chat_completions:
      for (int n = 0; n < choices; ++n)
        out += R"(data: {"choices":[{"index":)" + std::to_string(n) +
               R"(,"delta":{},"finish_reason":"stop"}]})"
               "\n\n";
      return out + "data: [DONE]\n\n";
    case Operation::completions:
      return "data: [DONE]\n\n";
    case Operation::responses:
      return "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\"}}\n\n";
    case Operation::messages:
      return "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
             "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    case Operation::stream_generate_content:
      for (int n = 0; n < choices; ++n)
        out += R"(data: {"candidates":[{"index":)" + std::to_string(n) +
               R"(,"finishReason":"STOP"}]})"
               "\r\n\r\n";
      return out;
    default:
      return out;
  }
}

struct Played {
  std::string bytes;
  bool blocked = false;
  Outcomes outcomes;
  std::size_t most_held = 0;
  std::size_t held_events = 0;  // events that had come in but not gone out, summed over the events
};

inline Guard::Scratch& thread_scratch() {
  thread_local Guard::Scratch scratch;
  return scratch;
}

// Feeds `pieces` one after the other.
inline Played play(const std::shared_ptr<const Guard>& guard, Operation operation,
                   const std::vector<std::string_view>& pieces, std::shared_ptr<const TokenVault> vault = nullptr) {
  StreamGuard stream(guard, guard->select({}), operation, std::move(vault));
  Played played;
  for (const std::string_view piece : pieces)
    if (stream.feed(piece, {}, thread_scratch(), played.bytes) == StreamGuard::Verdict::blocked) {
      played.blocked = true;
      break;
    }
  if (!played.blocked)
    played.blocked = stream.finish({}, thread_scratch(), played.bytes) == StreamGuard::Verdict::blocked;
  EXPECT_EQ(stream.held_bytes(), 0u);
  played.outcomes = stream.outcomes();
  played.most_held = stream.most_held_bytes();
  return played;
}

inline std::vector<std::string_view> in_pieces(std::string_view bytes, std::size_t size) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at < bytes.size(); at += size) out.push_back(bytes.substr(at, size));
  return out;
}

// The texts a client puts together, by "choice.part".
inline std::map<std::string, std::string> read_by_client(Operation operation, std::string_view bytes) {
  dialect::SseSplitter splitter;
  splitter.feed(bytes);
  dialect::ContentReader reader;
  std::map<std::string, std::string> raw, out;
  std::map<std::string, dialect::Nesting> nesting;
  while (const auto event = splitter.next()) {
    const std::string data(event->data);
    const auto content = reader.event(operation, event->name, data);
    EXPECT_TRUE(content) << data;
    if (!content) continue;
    for (const dialect::Slot& slot : content->slots) {
      std::string key = std::to_string(slot.lane.choice) + "." + std::to_string(slot.lane.part);
      if (slot.form == dialect::Slot::Form::whole) key += " whole";
      raw[key] += data.substr(slot.span.begin, slot.span.end - slot.span.begin);
      nesting[key] = slot.nesting;
    }
  }
  for (const auto& [key, text] : raw) {
    dialect::JsonText decoded;
    decoded.read(text, nesting[key]);
    out[key] = decoded.text();
  }
  return out;
}

}  // namespace sluice::guard::testing_support
