#include "dialect/content_collector.h"

#include <algorithm>
#include <span>

#include "dialect/json_text.h"

namespace sluice::dialect {
namespace {

// As far as it matters for escapes: brackets and quotes are closed, and backslashes stand in strings only.
bool is_like_json(std::string_view text) {
  int open = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      if (!in_string || i + 1 == text.size()) return false;
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '{' || c == '[')) {
      ++open;
    } else if (!in_string && (c == '}' || c == ']')) {
      if (--open < 0) return false;
    }
  }
  return !in_string && open == 0;
}

}  // namespace

void Collector::clear() {
  found.clear();
  attachments.clear();
  echoes.clear();
  ended.clear();
  calls.clear();
  event_type.clear();
  ends_all = false;
  event_choice_ = event_part_ = 0;
}

void Collector::find_nested_results(std::string_view body) {
  JsonText text;
  for (auto& item : found) {
    const auto raw = body.substr(item.span.begin, item.span.end - item.span.begin);
    if (item.lane.kind != SegmentKind::tool_result || (raw[0] != '{' && raw[0] != '[')) continue;
    if (raw.find("\\\\") == std::string_view::npos) continue;  // no escapes inside: the same text either way
    text.read(raw, Nesting::plain);
    if (is_like_json(text.text())) item.nesting = Nesting::json;
  }
}

void Collector::end_event(Place place) {
  if (event_type == "error") ends_all = true;
  if (place == Place::event_responses) return end_responses_event();
  if (place != Place::event_anthropic) return;
  if (event_type == "message_stop") ends_all = true;
  if (event_type == "content_block_stop") ended.push_back({.choice = 0, .part = event_part_});
}

void Collector::end_responses_event() {
  std::string_view stem = event_type;
  if (stem.starts_with("response.")) stem.remove_prefix(9);
  const auto dot = stem.rfind('.');
  const auto step = dot == std::string_view::npos ? stem : stem.substr(dot + 1);
  stem = stem.substr(0, dot == std::string_view::npos ? 0 : dot);
  if (stem.empty() && (step == "completed" || step == "incomplete" || step == "failed")) ends_all = true;
  if (stem == "output_item" && step == "done") ended.push_back({.choice = event_choice_, .part = {}});
  const auto* row = stem_named(stem);
  const bool is_delta = step == "delta";
  if (row != nullptr && !row->kind) std::erase_if(found, [](const Found& item) { return item.at_top; });
  if (step == "done" && (row != nullptr || stem == "content_part" || stem == "reasoning_summary_part"))
    ended.push_back({.choice = event_choice_, .part = event_part_});
  for (auto& item : found) {
    if (!is_delta) item.form = Slot::Form::whole;
    if (row == nullptr) {
      if (item.form == Slot::Form::delta) item.lane.part = unnamed_part(stem);
      continue;
    }
    item.lane.kind = row->kind.value_or(item.lane.kind);
    item.lane.reasoning = row->reasoning;
    if (item.at_top) item.nesting = row->nesting;
  }
}

ObjectFrame::ObjectFrame(Collector& collector, Place place, std::optional<Modality> modality)
    : collector_(collector),
      found_begin_(collector.found.size()),
      attachments_begin_(collector.attachments.size()),
      calls_begin_(collector.calls.size()),
      place_(place),
      modality_(modality) {}

bool ObjectFrame::first(Act act) {
  const auto bit = 1U << static_cast<unsigned>(act);
  const bool is_first = (seen_ & bit) == 0;
  seen_ |= bit;
  return is_first;
}

void ObjectFrame::role(std::string_view role) {
  if (role == "system" || role == "developer")
    kind_of_role_ = SegmentKind::instructions;
  else if (role == "tool" || role == "function")
    kind_of_role_ = SegmentKind::tool_result;
  else
    by_assistant_ = role == "assistant" || role == "model";
}

void ObjectFrame::mime(std::string_view type) {
  by_mime_ = type.starts_with("image/")   ? Modality::image
             : type.starts_with("audio/") ? Modality::audio
             : type.starts_with("video/") ? Modality::video
                                          : Modality::file;
}

void ObjectFrame::blob() {
  if (!blob_) blob_ = collector_.found.size() - 1;
}

void ObjectFrame::close() {
  close_blob();
  close_attachments();
  for (auto& item : std::span(collector_.found).subspan(found_begin_)) {
    if (choice_) item.lane.choice = *choice_;
    if (part_) item.lane.part = *part_;
    if (item.lane.kind == SegmentKind::text) {
      if (type_ != nullptr && type_->kind) item.lane.kind = *type_->kind;
      if (kind_of_role_) item.lane.kind = *kind_of_role_;
      if (thought_ || (type_ != nullptr && type_->reasoning)) item.lane.reasoning = true;
    }
    const bool own = item.lane.kind == SegmentKind::text || item.lane.kind == SegmentKind::tool_arguments;
    if (own && (by_assistant_ || (type_ != nullptr && type_->by_assistant))) item.from_assistant = true;
  }
  if (place_ == Place::event_responses || place_ == Place::event_anthropic) {
    collector_.event_choice_ = choice_.value_or(0);
    collector_.event_part_ = part_.value_or(0);
  }
  if (choice_)
    for (CallEdge& edge : std::span(collector_.calls).subspan(calls_begin_)) edge.choice = *choice_;
  if (finished_) collector_.ended.push_back({.choice = choice_.value_or(*finished_), .part = {}});
}

void ObjectFrame::close_call(std::uint32_t choice) {
  using What = CallEdge::What;
  auto& calls = collector_.calls;
  if (call_begins_)  // in front of its values
    calls.insert(calls.begin() + static_cast<std::ptrdiff_t>(calls_begin_),
                 {.slot = found_begin_, .choice = choice, .what = What::begins});
  if (!goes_on_) calls.push_back({.slot = collector_.found.size(), .choice = choice, .what = What::ends});
}

// Whatever the value is: the last piece of a string may be empty or none.
void ObjectFrame::close_value(std::uint32_t choice) {
  if (part_ && !goes_on_)
    collector_.calls.push_back(
        {.slot = collector_.found.size(), .choice = choice, .what = CallEdge::What::ends_value, .part = part_});
}

// Base64 is nothing to read. An object that does not say what its data is, is looked at.
void ObjectFrame::close_blob() {
  if (!blob_) return;
  const auto kind = type_ == nullptr ? TypeRow::Blob::by_mime : type_->blob;
  const bool untyped = by_mime_.has_value() || (place_ == Place::source && modality_.has_value());
  if (kind == TypeRow::Blob::base64 || (kind == TypeRow::Blob::by_mime && untyped))
    collector_.found.erase(collector_.found.begin() + static_cast<std::ptrdiff_t>(*blob_));
}

void ObjectFrame::close_attachments() {
  auto& attachments = collector_.attachments;
  if (place_ == Place::source) {
    if (type_ == nullptr || !type_->has_text_source)
      attachments.push_back(by_mime_.value_or(modality_.value_or(Modality::file)));
    return;
  }
  const auto modality = type_ != nullptr && type_->modality ? type_->modality : by_field_;
  if (!modality) return;
  if (attachments.size() == attachments_begin_)
    attachments.push_back(*modality);
  else if (*modality != Modality::file)  // the block's type says more about its source than the source does
    std::ranges::replace(attachments.begin() + static_cast<std::ptrdiff_t>(attachments_begin_), attachments.end(),
                         Modality::file, *modality);
}

}  // namespace sluice::dialect
