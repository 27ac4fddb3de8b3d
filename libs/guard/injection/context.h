// What a stretch of text is beside what surrounds it. An order to an assistant inside a mail is told less by its words
// than by having no link to the mail: it asks for something, to nobody, about nothing that stands elsewhere.
//
// Each window of segments (one, two, as many as fill `window_bytes`, all) becomes a row of numbers; a small network
// (verdict.h) makes a score of it. The trainer and the product share this file. Time is linear in the text.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "guard/injection/model.h"
#include "guard/injection/patterns.h"

namespace sluice::guard {

inline constexpr std::size_t window_bytes = 400;   // of normalised text
inline constexpr std::size_t smallest_host = 160;  // bytes of other text that make an order indirect
inline constexpr std::size_t order_kinds = 7;      // values of Order
inline constexpr std::size_t window_inputs = 64;

// One segment of a view with all that is known of it.
struct Scored {
  Segment segment{};
  Evidence evidence{};
  std::array<float, order_kinds> patterns{};  // the best of each kind that ended here
  Counts counts{};
  std::array<float, heads> odds{};
  std::uint32_t first_topic = 0;  // into Context's list of topics
  std::uint32_t end_topic = 0;
};

struct Window {
  std::size_t first = 0;
  std::size_t last = 0;
  std::array<float, heads> odds{};
  std::array<float, order_kinds> patterns{};
  bool has_host = false;
  std::array<float, window_inputs> inputs{};

  [[nodiscard]] float pattern(Order order) const { return patterns[static_cast<std::size_t>(order)]; }
};

enum class Host : std::uint8_t { none, prose, table, code };

class Context {
 public:
  explicit Context(const WeightTable& weights) : reader_(weights) {}

  // `segments` come with segment and patterns; the rest is filled in. Both stay alive while this is used.
  void read(std::string_view text, std::vector<Scored>& segments);

  [[nodiscard]] Host host() const noexcept { return host_; }
  void trim();  // gives back the room that a very long text took; read() comes next

  // Windows in which no head sees an order and no pattern matched are left out: most of a document's.
  template <class Take>
  void each_window(Take&& take) {
    const std::span<Scored> segments = *segments_;
    for (std::size_t first = 0; first < segments.size(); ++first) {
      begin_window(first);
      for (std::size_t last = first; last < segments.size(); ++last) {
        grow_window(last);
        const bool full = window_counts_.bytes >= static_cast<float>(window_bytes);
        if ((last <= first + 1 || full) && worth_a_look()) take(finish_window());
        if (full) break;
      }
    }
    if (segments.size() <= 2) return;
    begin_window(0);
    for (std::size_t last = 0; last < segments.size(); ++last) grow_window(last);
    if (worth_a_look()) take(finish_window());
  }

 private:
  void note_topics(const Scored& scored, std::uint32_t number);
  void find_peaks();
  void begin_window(std::size_t first);
  void grow_window(std::size_t last);
  [[nodiscard]] bool worth_a_look() const;
  const Window& finish_window();
  void fill_rest(std::size_t& at, const std::array<float, heads>& odds, const Counts& counts);
  [[nodiscard]] float share_of_topics_elsewhere() const;

  struct Topic {
    std::uint32_t first = 0;  // segment, counted from one; 0: not met
    std::uint32_t last = 0;
  };
  // The best of a head before and after a segment, that one excluded.
  struct Peaks {
    std::array<float, 5> before{};
    std::array<float, 5> after{};
  };

  SegmentReader reader_;
  std::vector<Scored>* segments_ = nullptr;
  std::vector<std::uint16_t> words_;
  std::array<Topic, SegmentReader::topics> topics_{};
  std::vector<Peaks> peaks_;
  std::string_view text_;
  Evidence whole_;
  Counts whole_counts_;
  Host host_ = Host::none;
  Window window_;
  Evidence window_evidence_;
  Counts window_counts_;
};

}  // namespace sluice::guard
