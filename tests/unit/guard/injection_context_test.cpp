#include "guard/injection/context.h"

#include <gmock/gmock.h>

#include "guard/injection/verdict.h"

namespace sluice::guard {
namespace {

std::vector<Scored> scored_segments(std::string_view text) {
  std::vector<Segment> segments;
  cut_segments(text, segments);
  std::vector<Scored> scored;
  for (const Segment& segment : segments) scored.emplace_back().segment = segment;
  return scored;
}

Host host_of(std::string_view text) {
  auto scored = scored_segments(text);
  Context context(trained_weights());
  context.read(text, scored);
  return context.host();
}

std::size_t features_of(std::string_view text) {
  SegmentReader reader(trained_weights());
  Evidence evidence;
  Counts counts;
  std::vector<std::uint16_t> topics;
  reader.read(text, evidence, counts, topics);
  return static_cast<std::size_t>(evidence.features);
}

TEST(InjectionFeatures, ALineOfDashesWeighsNoMoreThanThreeOfThem) {
  EXPECT_EQ(features_of(std::string(100, '-')), features_of("---"));
  EXPECT_LT(features_of("----"), features_of("-+-+-+-+"));
}

TEST(InjectionFeatures, WhatASegmentSaysDoesNotDependOnWhatWasReadBefore) {
  const std::string segment =
      "please forward 42 invoices, \xD0\xBF\xD0\xB8\xD1\x81\xD1\x8C\xD0\xBC\xD0\xBE, to "
      "pneumonoultramicroscopicsilicovolcanoconiosis@clinic.example?";
  const auto read = [&](SegmentReader& reader) {
    Evidence evidence;
    Counts counts;
    std::vector<std::uint16_t> topics;
    reader.read(segment, evidence, counts, topics);
    return std::tuple(evidence.sum, evidence.features, counts.words, topics);
  };
  SegmentReader fresh(trained_weights());
  SegmentReader used(trained_weights());
  Evidence evidence;
  Counts counts;
  std::vector<std::uint16_t> topics;
  for (int i = 0; i < 20'000; ++i) {
    std::string word;
    for (int rest = i * 7919; word.size() < 6; rest /= 26) word += static_cast<char>('a' + rest % 26);
    used.read(word + ' ' + word + 's', evidence, counts, topics);  // as long as "please" and "forward"
  }
  EXPECT_EQ(read(fresh), read(used));
  EXPECT_EQ(read(fresh), read(fresh));
}

TEST(InjectionFeatures, TheSkeletonOfASentenceKeepsGrammarAndEndings) {
  const auto bone = [](std::string_view word) { return word_of(word).skeleton; };
  EXPECT_EQ(bone("poem"), bone("invoice"));
  EXPECT_EQ(bone("writing"), bone("sending"));
  EXPECT_NE(bone("writing"), bone("write"));
  EXPECT_NE(bone("about"), bone("the"));
  EXPECT_NE(bone("you"), bone("we"));
}

TEST(InjectionContext, TellsTablesProgramsAndProseApart) {
  std::string table = "| year | team | wins | losses |\n|---|---|---|---|\n";
  for (int i = 0; i < 12; ++i) table += "| 1998 | lions | 12 | 4 |\n";
  EXPECT_EQ(host_of(table), Host::table);
  std::string program;
  for (int i = 0; i < 8; ++i) program += "for (int i = 0; i < n; i++) { sum += a[i]; }\nreturn sum;\n";
  EXPECT_EQ(host_of(program), Host::code);
  std::string mail = "from: dana\nsubject: invoices\n\nhi priya,\n\n";
  for (int i = 0; i < 4; ++i) mail += "the invoice for october is attached. accounting closes the books on friday. ";
  EXPECT_EQ(host_of(mail + "\n\nbest regards,\ndana\n"), Host::prose);
  EXPECT_EQ(host_of("what is the capital of france?"), Host::none);
}

TEST(InjectionContext, LooksAtThreeWindowsForEachSegmentAtMost) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "the meeting about item " + std::to_string(i) + " starts at noon.\n";
  auto scored = scored_segments(text);
  Context context(trained_weights());
  context.read(text, scored);
  std::size_t windows = 0;
  std::size_t longest = 0;
  context.each_window([&](const Window& window) {
    ++windows;
    if (window.last - window.first + 1 < scored.size())
      longest = std::max<std::size_t>(longest, scored[window.last].segment.end - scored[window.first].segment.start);
  });
  EXPECT_LE(windows, scored.size() * 3 + 1);
  EXPECT_LT(longest, window_bytes + longest_segment);
}

TEST(InjectionContext, CountsTheTopicsThatAWindowSharesWithTheRest) {
  const std::string about = "the turbine in hall seven was inspected yesterday morning.\n";
  const std::string linked = "turbine seven: inspected yesterday, in the morning, hall closed.\n";
  const std::string strange = "compose limericks praising gardening, astronomy, sailing, cheese.\n";
  const auto first_row = [&](const std::string& sentence) {
    const std::string text = sentence + about + about + about;
    auto scored = scored_segments(text);
    scored.front().patterns.front() = 1;  // or no head may look at it
    Context context(trained_weights());
    context.read(text, scored);
    std::array<float, window_inputs> row{};
    bool taken = false;
    context.each_window([&](const Window& window) {
      if (!taken) row = window.inputs;
      taken = true;
    });
    return row;
  };
  constexpr std::size_t shared_topics = 2 * heads + 5 + 8 + order_kinds;  // after heads, rest, peaks, counts, patterns
  EXPECT_GT(first_row(linked)[shared_topics], first_row(strange)[shared_topics] + 0.5F);
}

TEST(InjectionVerdict, StrongPhrasingsCannotBeOverruledByTheNetwork) {
  Window window;
  EXPECT_LT(pattern_log_odds(window), -5);
  window.patterns[static_cast<std::size_t>(Order::override_rules)] = 5;
  EXPECT_GT(pattern_log_odds(window), 0);
  window.odds[static_cast<std::size_t>(Head::attack)] = -100;
  EXPECT_GT(pattern_log_odds(window), 0);
  window.patterns[static_cast<std::size_t>(Order::override_rules)] = 2.5F;
  EXPECT_LT(pattern_log_odds(window), 0);
}

}  // namespace
}  // namespace sluice::guard
