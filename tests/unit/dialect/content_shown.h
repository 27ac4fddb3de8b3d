// What ContentReader found, one line for each text, as the tests write it down: "tool_arguments json @1: {"a":1}".
#pragma once
#include <array>
#include <string>
#include <vector>

#include "dialect/json_text.h"

namespace sluice::dialect {

inline std::string shown(SegmentKind kind, Nesting nesting, ByteSpan span, std::string_view body) {
  static constexpr std::array<std::string_view, 5> kinds{"instructions", "text", "tool_arguments", "tool_result",
                                                         "about"};
  JsonText text;
  text.read(body.substr(span.begin, span.end - span.begin), nesting);
  return std::string(kinds[static_cast<std::size_t>(kind)])
      .append(nesting == Nesting::json ? " json: " : ": ")
      .append(text.text());
}

// "… (assistant)" for the history's own answers, "@n " in front for choices beyond the first, attachments as
// "[image]", echoes as "<…>".
inline std::vector<std::string> shown(const Result<Content>& content, std::string_view body) {
  if (!content) return {content.error().message()};
  std::vector<std::string> lines;
  for (const auto& segment : content->segments)
    lines.push_back((segment.choice > 0 ? "@" + std::to_string(segment.choice) + " " : "") +
                    shown(segment.kind, segment.nesting, segment.span, body) +
                    (segment.from_assistant ? " (assistant)" : ""));
  for (const auto modality : content->attachments) lines.push_back("[" + std::string(name_of(modality)) + "]");
  for (const auto& echo : content->echoes)
    lines.push_back("<" + std::string(body.substr(echo.begin, echo.end - echo.begin)) + ">");
  return lines;
}

// "+@choice.part" for a delta, "=@choice.part" for a whole text, "?" behind it for reasoning; "end @choice.part",
// "end all"; "call begins @choice before 0" for slot 0, "value ends @choice.part before 1".
inline std::vector<std::string> shown(const Result<EventContent>& event, std::string_view data) {
  if (!event) return {event.error().message()};
  const auto at = [](std::uint32_t choice, std::optional<std::uint32_t> part) {
    return "@" + std::to_string(choice) + "." + (part ? std::to_string(*part) : "*");
  };
  std::vector<std::string> lines;
  for (const auto& slot : event->slots)
    lines.push_back((slot.form == Slot::Form::delta ? "+" : "=") + at(slot.lane.choice, slot.lane.part) +
                    (slot.lane.reasoning ? "? " : " ") + shown(slot.lane.kind, slot.nesting, slot.span, data));
  for (const auto& echo : event->echoes)
    lines.push_back("<" + std::string(data.substr(echo.begin, echo.end - echo.begin)) + ">");
  for (const auto& ended : event->ended) lines.push_back("end " + at(ended.choice, ended.part));
  for (const auto& edge : event->calls)
    lines.push_back((edge.what == CallEdge::What::begins ? "call begins @" + std::to_string(edge.choice)
                     : edge.what == CallEdge::What::ends ? "call ends @" + std::to_string(edge.choice)
                                                         : "value ends " + at(edge.choice, edge.part)) +
                    " before " + std::to_string(edge.slot));
  if (event->ends_all) lines.emplace_back("end all");
  return lines;
}

}  // namespace sluice::dialect
