#include "dialect/segments.h"

#include <array>

#include "dialect/content_walk.h"

namespace sluice::dialect {

std::string_view name_of(Modality modality) noexcept {
  static constexpr std::array<std::string_view, 4> names{"image", "audio", "video", "file"};
  return names[static_cast<std::size_t>(modality)];
}

struct ContentReader::State {
  ContentWalk walk;

  Content content() {
    Content content{.attachments = walk.found().attachments, .echoes = walk.found().echoes};
    content.segments.reserve(walk.found().found.size());
    for (const auto& item : walk.found().found)
      content.segments.push_back({.span = item.span,
                                  .kind = item.lane.kind,
                                  .nesting = item.nesting,
                                  .choice = item.lane.choice,
                                  .from_assistant = item.from_assistant});
    return content;
  }
};

ContentReader::ContentReader() : state_(std::make_unique<State>()) {}
ContentReader::~ContentReader() = default;
ContentReader::ContentReader(ContentReader&&) noexcept = default;
ContentReader& ContentReader::operator=(ContentReader&&) noexcept = default;

Result<Content> ContentReader::request(const Target& target, std::string_view body) {
  if (auto done = state_->walk.read(body, request_place(target.dialect), ContentWalk::Repeated::refused); !done)
    return fail(std::move(done.error()));
  return state_->content();
}

Result<Content> ContentReader::answer(Operation, std::string_view body) {
  if (auto done = state_->walk.read(body, Place::answer, ContentWalk::Repeated::last_counts); !done)
    return fail(std::move(done.error()));
  auto content = state_->content();
  for (auto& segment : content.segments) segment.from_assistant = false;
  return content;
}

Result<EventContent> ContentReader::event(Operation operation, std::string_view name, std::string_view data) {
  const auto start = data.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || data[start] != '{')
    return EventContent{.ends_all = start != std::string_view::npos && data.substr(start).starts_with("[DONE]")};
  const auto place = event_place(operation);
  if (auto done = state_->walk.read(data, place, ContentWalk::Repeated::last_counts); !done)
    return fail(std::move(done.error()));
  auto& collector = state_->walk.found();
  if (collector.event_type.empty()) collector.event_type = name;
  collector.end_event(place);
  EventContent content{
      .calls = collector.calls, .echoes = collector.echoes, .ended = collector.ended, .ends_all = collector.ends_all};
  content.slots.reserve(collector.found.size());
  for (const auto& item : collector.found)
    content.slots.push_back({.lane = item.lane, .form = item.form, .nesting = item.nesting, .span = item.span});
  return content;
}

}  // namespace sluice::dialect
