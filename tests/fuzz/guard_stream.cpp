// A streamed answer under guard: its bytes come from a provider, in any pieces. The first byte chooses the dialect and
// the size of the pieces. What comes out must not depend on the pieces, must be what went in when nothing is found, and
// must not hold what is looked for.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dialect/json_text.h"
#include "guard/stream_guard.h"
#include "policy/guardrails.h"

namespace {

using namespace sluice;
using namespace sluice::guard;

std::shared_ptr<const Guard> compiled() {
  auto document = policy::parse_guardrails(R"re({
    "patterns":[{"id":"tok","regex":"tok-[a-z]{4,6}\\b"},{"id":"key","regex":"(?i)key\\s{0,3}=\\s{0,3}\"([^\"]{3,40})\""},
                {"id":"long","regex":"BEGIN(?s:.)*?END"}],
    "word_lists":[{"id":"bad","words":["straße","new york"]}],
    "rules":[{"id":"r","on":["output","tool_arguments"],"action":"redact","on_failure":"pass","over_cap":"pass",
              "stream_cap_bytes":64,"detectors":[{"kind":"custom","names":["tok","key","long","bad"]}]},
             {"id":"f","on":["output"],"action":"flag","on_failure":"pass","detectors":[{"kind":"custom","names":["tok"]}]}]})re");
  if (!document) std::abort();
  Guard::Options options;
  options.hash_key = Secret(std::string(32, 'k'));
  auto guard = Guard::compile(std::move(*document), std::move(options));
  if (!guard) std::abort();
  return *guard;
}

struct Played {
  std::string bytes;
  std::vector<Outcome> lines;
};
Played play(const std::shared_ptr<const Guard>& guard, dialect::Operation operation, std::string_view bytes,
            std::size_t piece) {
  static Guard::Scratch scratch;
  StreamGuard stream(guard, guard->select({}), operation, nullptr);
  Played played;
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    if (stream.feed(bytes.substr(at, piece), {}, scratch, played.bytes) != StreamGuard::Verdict::go_on) std::abort();
  if (stream.finish({}, scratch, played.bytes) != StreamGuard::Verdict::go_on) std::abort();
  if (stream.held_bytes() != 0) std::abort();
  played.lines = stream.outcomes().lines();
  return played;
}

// A stream made from the input: its bytes are the deltas of a chat, a planted match among them. Where the deltas are
// cut must not matter, and nothing of the match may come through.
void check_planted(const std::shared_ptr<const Guard>& guard, std::string_view input) {
  const std::size_t step = input.empty() ? 1 : static_cast<std::uint8_t>(input.front()) % 9 + 1U;
  std::string said;
  // Without what begins a longer match, or repeats the planted one.
  for (const char c : input) said += c >= ' ' && c < 0x7F && !std::string_view("=Bz").contains(c) ? c : ' ';
  const std::size_t middle = said.size() / 2;
  said = said.substr(0, middle) + " tok-QZ tok-zqjxv " + said.substr(middle);
  std::string bytes;
  for (std::size_t at = 0; at < said.size(); at += step)
    bytes += "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" +
             dialect::json_escaped(said.substr(at, step), dialect::Nesting::plain) + "\"}}]}\n\n";
  const Played played = play(guard, dialect::Operation::chat_completions, bytes, bytes.size());
  std::string read;
  dialect::ContentReader reader;
  for (std::size_t at = 0, end = 0; (end = played.bytes.find("\n\n", at)) != std::string::npos; at = end + 2) {
    const std::string data = played.bytes.substr(at + 6, end - at - 6);
    const auto content = reader.event(dialect::Operation::chat_completions, "", data);
    if (!content) std::abort();
    if (content->slots.empty()) continue;  // all of it was taken out
    dialect::JsonText text;
    const dialect::ByteSpan span = content->slots[0].span;
    text.read(std::string_view(data).substr(span.begin, span.end - span.begin), dialect::Nesting::plain);
    read += text.text();
  }
  if (read.find("zqjxv") != std::string::npos || read.find("tok-QZ [TOK] ") == std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::shared_ptr<const Guard> guard = compiled();
  if (size == 0) return 0;
  constexpr dialect::Operation operations[] = {dialect::Operation::chat_completions, dialect::Operation::completions,
                                               dialect::Operation::responses, dialect::Operation::messages,
                                               dialect::Operation::stream_generate_content};
  const dialect::Operation operation = operations[data[0] % 5];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Played whole = play(guard, operation, bytes, bytes.size() + 1);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{data[0] / 5U + 2U}}) {
    const Played cut = play(guard, operation, bytes, piece);
    if (cut.bytes != whole.bytes || cut.lines.size() != whole.lines.size()) std::abort();
  }
  bool redacted = false;
  for (const Outcome& line : whole.lines) redacted = redacted || line.action == "redact" || line.action == "more";
  if (!redacted && whole.bytes != bytes) std::abort();
  check_planted(guard, bytes.substr(0, 400));
  return 0;
}
