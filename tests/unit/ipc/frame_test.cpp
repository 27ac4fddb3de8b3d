#include "ipc/frame.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::ipc {
namespace {

std::vector<std::string> bodies(FrameReader& reader) {
  std::vector<std::string> found;
  for (;;) {
    const auto next = reader.next();
    if (!next || !*next) return found;
    found.push_back(**next);
  }
}

TEST(frame, the_length_comes_first_in_big_endian) {
  EXPECT_EQ(*encode_frame("{}"), std::string("\0\0\0\2{}", 6));
  EXPECT_EQ(encode_frame(std::string(258, 'x'))->substr(0, 4), std::string("\0\0\1\2", 4));
}

TEST(frame, frames_come_out_whole_at_every_cut) {
  const std::string stream = *encode_frame(R"({"a":1})") + *encode_frame(R"({"b":[]})") + *encode_frame("0");
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    FrameReader reader;
    reader.feed(stream.substr(0, cut));
    std::vector<std::string> all = bodies(reader);
    reader.feed(stream.substr(cut));
    for (std::string& body : bodies(reader)) all.push_back(std::move(body));
    EXPECT_EQ(all, (std::vector<std::string>{R"({"a":1})", R"({"b":[]})", "0"})) << cut;
    EXPECT_TRUE(reader.at_boundary());
  }
}

TEST(frame, a_channel_that_ends_within_a_frame_is_not_at_a_boundary) {
  FrameReader reader;
  reader.feed(std::string("\0\0\0\5ab", 6));
  EXPECT_FALSE(*reader.next());
  EXPECT_FALSE(reader.at_boundary());
}

TEST(frame, lengths_beyond_the_limit_are_refused_before_any_body_arrives) {
  FrameReader reader;
  reader.feed(std::string("\0\x10\0\1", 4));
  EXPECT_EQ(reader.next().error().code, ErrorCode::too_large);
  EXPECT_EQ(encode_frame(std::string(frame_limit + 1, 'x')).error().code, ErrorCode::too_large);
  EXPECT_TRUE(encode_frame(std::string(frame_limit, 'x')));
}

TEST(frame, an_empty_frame_is_refused) {
  FrameReader reader;
  reader.feed(std::string("\0\0\0\0", 4));
  EXPECT_EQ(reader.next().error().code, ErrorCode::malformed);
  EXPECT_EQ(encode_frame("").error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace sluice::ipc
