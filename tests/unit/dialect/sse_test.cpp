#include <gtest/gtest.h>

#include <vector>

#include "dialect/usage.h"

namespace sluice::dialect {
namespace {

using Events = std::vector<std::pair<std::string, std::string>>;

// Delivers the text in pieces of `size` bytes.
Events split(std::string_view text, std::size_t size, std::size_t limit = 1 << 20, std::uint64_t* skipped = nullptr) {
  SseSplitter splitter(limit);
  Events events;
  for (std::size_t at = 0; at < text.size(); at += size) {
    splitter.feed(text.substr(at, size));
    while (const auto event = splitter.next()) events.emplace_back(event->name, event->data);
  }
  if (skipped != nullptr) *skipped = splitter.skipped_events();
  return events;
}

TEST(SseSplitter, GivesTheSameEventsForEveryPieceSizeAndLineEnd) {
  const Events expected{{"", "one"}, {"message", "two\nzwei €\n"}, {"", ""}, {"e", "{\"a\":1}"}};
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    std::string text = "\xEF\xBB\xBF: comment" + end + "data: one" + end + end + end;
    text += "id: 7" + end + "event: message" + end + "data:two" + end + "data: zwei €" + end + "data" + end + end;
    text += "data:" + end + end + "event: lost" + end + end;
    text += "event: e" + end + "retry: 3" + end + "data: {\"a\":1}" + end + end + "data: unfinished" + end;
    for (std::size_t size = 1; size <= text.size(); ++size) ASSERT_EQ(split(text, size), expected) << size;
  }
}

TEST(SseSplitter, KeepsAllButOneLeadingSpace) {
  EXPECT_EQ(split("\xEF\xBB\xBF"
                  "data: first\n\n\xEF\xBB\xBF"
                  "data: no field\n\n",
                  2),
            (Events{{"", "first"}}));
  EXPECT_EQ(split("data:  two\n\ndata:no\n\n", 3), (Events{{"", " two"}, {"", "no"}}));
}

TEST(SseSplitter, SkipsAnEventAboveTheLimitAndGoesOn) {
  const std::string text = "data: " + std::string(200, 'x') + "\n\ndata: a\n\n" + "data: " + std::string(60, 'y') +
                           "\ndata: " + std::string(60, 'y') + "\n\nevent: z\ndata: b\n\n";
  for (const std::size_t size : {1U, 7U, 99U, 1000U}) {
    std::uint64_t skipped = 0;
    EXPECT_EQ(split(text, size, 100, &skipped), (Events{{"", "a"}, {"z", "b"}})) << size;
    EXPECT_EQ(skipped, 2U) << size;
  }
}

}  // namespace
}  // namespace sluice::dialect
