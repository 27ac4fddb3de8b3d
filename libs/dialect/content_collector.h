// What the walk through a body found, and how the fields that say what an object is (type, role, mime type, index)
// change what was found in it: JSON objects have no order, so they may come last. Private to libs/dialect.
#pragma once
#include <string>

#include "dialect/content_table.h"

namespace sluice::dialect {

struct Found {
  ByteSpan span = {};
  Lane lane = {};
  Slot::Form form = Slot::Form::whole;
  Nesting nesting = Nesting::plain;
  bool from_assistant = false;
  bool at_top = false;  // a field of the document itself
};

class Collector {
 public:
  std::vector<Found> found;
  std::vector<Modality> attachments;
  std::vector<ByteSpan> echoes;
  std::vector<Ended> ended;
  std::vector<CallEdge> calls;
  std::string event_type;
  bool ends_all = false;

  void clear();
  // Tools often give back JSON as a string: a token behind its "\\n" would otherwise seem to begin with an n.
  void find_nested_results(std::string_view body);
  // An event is read: what its type says about its texts, and what is over with it.
  void end_event(Place place);

 private:
  friend class ObjectFrame;
  void end_responses_event();
  std::uint32_t event_choice_ = 0, event_part_ = 0;
};

// One object of the body while its fields are read.
class ObjectFrame {
 public:
  ObjectFrame(Collector& collector, Place place, std::optional<Modality> modality);

  // False when the same field was there already.
  [[nodiscard]] bool first(Act act);
  void role(std::string_view role);
  void type(std::string_view type) { type_ = type_named(type); }
  void mime(std::string_view type);
  void thought() { thought_ = true; }
  void attachment(Modality modality) { by_field_ = modality; }
  void blob();  // the string that was found last is one
  void choice(std::uint32_t index) { choice_ = index; }
  void part(std::uint32_t index) { part_ = index; }
  void finished(std::uint32_t choice) { finished_ = choice; }
  void call_begins() { call_begins_ = true; }
  void goes_on() { goes_on_ = true; }
  void close_call(std::uint32_t choice);  // of the candidate, as far as the objects above have not said another one
  // All fields are read.
  void close();
  void close_value(std::uint32_t choice);  // as close_call; when the object is closed

 private:
  void close_blob();
  void close_attachments();
  Collector& collector_;
  std::size_t found_begin_, attachments_begin_, calls_begin_;
  Place place_;
  std::optional<Modality> modality_, by_field_, by_mime_;
  const TypeRow* type_ = nullptr;
  std::optional<SegmentKind> kind_of_role_ = {};
  std::optional<std::size_t> blob_ = {};
  std::optional<std::uint32_t> choice_ = {}, part_ = {}, finished_ = {};
  std::uint32_t seen_ = 0;
  bool by_assistant_ = false, thought_ = false, call_begins_ = false, goes_on_ = false;
};

}  // namespace sluice::dialect
