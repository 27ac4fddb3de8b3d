// How long it takes to find the texts of a body and to decode them, for bodies of about 20 KB and for one event.
// usage: bench_content_speed  → one JSON line, microseconds; the best of many rounds
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "dialect/json_text.h"
#include "dialect/segments.h"

namespace {

using namespace sluice::dialect;

std::string prose(std::size_t bytes) {
  static constexpr std::string_view words = "The river carries what the rain has left, and the mill \\\"sings\\\".\\n";
  std::string text;
  while (text.size() < bytes) text += words;
  return text;
}

std::string chat_body() {
  std::string body = R"({"model":"gpt-5","messages":[{"role":"system","content":")" + prose(2000) + "\"}";
  for (int turn = 0; turn < 20; ++turn)
    body.append(R"(,{"role":"user","content":")" + prose(400) + R"("},{"role":"assistant","content":[{"type":"text",)" +
                R"("text":")" + prose(400) + "\"}]}");
  return body + R"(],"stream":true,"temperature":0.5})";
}

std::string tools_body() {
  std::string body = R"({"model":"claude","system":")" + prose(4000) +
                     R"(","messages":[{"role":"user","content":"hi"}],)" + R"("tools":[)";
  for (int tool = 0; tool < 15; ++tool)
    body.append(tool == 0 ? "" : ",")
        .append(R"({"name":"read","description":")" + prose(400) +
                R"(","input_schema":{"type":"object","properties":{"path":{"type":"string","description":")" +
                prose(100) + R"("},"limit":{"type":"integer","description":")" + prose(100) +
                R"("},"mode":{"enum":["text","bytes","lines"]}},"required":["path"],"additionalProperties":false}})");
  return body + "]}";
}

template <class Work>
double best_of(Work work) {
  double best = 1e9;
  for (int round = 0; round < 3000; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

}  // namespace

int main() {
  ContentReader reader;
  JsonText text;
  const auto chat = chat_body(), tools = tools_body();
  const auto target = *target_of("POST", "/v1/chat/completions");
  const std::string_view event =
      R"({"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":" mill"}}]})";
  std::size_t texts = 0, bytes = 0;
  const double find = best_of([&] { texts = reader.request(target, chat)->segments.size(); });
  const double find_tools = best_of([&] { bytes = reader.request(target, tools)->segments.size(); });
  const auto content = reader.request(target, chat);
  const double decode = best_of([&] {
    for (const auto& segment : content->segments) {
      text.read(std::string_view(chat).substr(segment.span.begin, segment.span.end - segment.span.begin),
                segment.nesting);
      bytes += text.text().size();
    }
  });
  const double one_event =
      best_of([&] { bytes += reader.event(Operation::chat_completions, {}, event)->slots.size(); });
  std::printf(
      "{\"chat_bytes\":%zu,\"chat_texts\":%zu,\"chat_find_us\":%.1f,\"chat_decode_us\":%.1f,\"tools_bytes\":%zu,"
      "\"tools_find_us\":%.1f,\"event_us\":%.2f,\"checksum\":%zu}\n",
      chat.size(), texts, find, decode, tools.size(), find_tools, one_event, bytes);
  return 0;
}
