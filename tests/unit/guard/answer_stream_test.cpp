// Streamed answers with a content coding, on their way through the rules.
#include "guard/answer_stream.h"

#include <gtest/gtest.h>

#include "guard_fixture.h"

namespace sluice::guard {
namespace {

using testing_support::compile;

constexpr std::string_view answer = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"EMP-123456.\"}}]}\n\n";

AnswerStream::Facts under(std::string_view action, std::string_view on_failure) {
  AnswerStream::Facts facts;
  facts.guard = *compile(R"({"rules":[{"id":"r","on":["output"],"detectors":[{"kind":"custom","names":["p"]}],)"
                         R"("action":")" +
                         std::string(action) + R"(","on_failure":")" + std::string(on_failure) +
                         R"("}],"patterns":[{"id":"p","regex":"EMP-[0-9]{6}"}]})");
  facts.rules = facts.guard->select({});
  return facts;
}

std::string played(AnswerStream& stream, std::string_view body) {
  Guard::Scratch scratch;
  const auto out = stream.pass(body, SteadyPoint(), scratch);
  std::string text(out ? *out : std::string_view("an error"));
  return text.append(stream.finish(SteadyPoint(), scratch));
}

TEST(AnswerStream, PassesEverythingAsItComesWithoutRules) {
  AnswerStream stream;
  EXPECT_FALSE(stream.guarded());
  EXPECT_EQ(played(stream, answer), answer);
}

TEST(AnswerStream, JudgesWhatTheDecoderGives) {
  AnswerStream::Facts facts = under("redact", "block");
  facts.decoder = [](std::string_view piece, std::string& out) {
    for (const char c : piece) out.push_back(static_cast<char>(c ^ 1));
    return Result<void>();
  };
  AnswerStream stream(std::move(facts));
  EXPECT_TRUE(stream.replaces()) << "the head must lose its content coding";
  std::string coded(answer);
  for (char& c : coded) c = static_cast<char>(c ^ 1);
  EXPECT_EQ(played(stream, coded), "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"[P].\"}}]}\n\n");
}

TEST(AnswerStream, BlocksAnUnknownCodingWhereTheRuleSaysSo) {
  AnswerStream::Facts facts = under("redact", "block");
  facts.decoder = fail(ErrorCode::unsupported);
  AnswerStream stream(std::move(facts));
  EXPECT_EQ(played(stream, "?!"), "");
  EXPECT_TRUE(stream.blocked());
  EXPECT_EQ(stream.outcomes().lines().at(0).action, "not_checked");
}

TEST(AnswerStream, PassesAnUnknownCodingUnreadWhereTheRuleSaysSo) {
  AnswerStream::Facts facts = under("redact", "pass");
  facts.decoder = fail(ErrorCode::unsupported);
  AnswerStream stream(std::move(facts));
  EXPECT_FALSE(stream.replaces()) << "the head keeps its content coding";
  EXPECT_EQ(played(stream, "?!"), "?!");
  EXPECT_EQ(stream.outcomes().lines().at(0).action, "not_checked");
}

TEST(AnswerStream, EndsWhenACodingBreaksMidwayAndTheAnswerMightBeChanged) {
  AnswerStream::Facts facts = under("redact", "pass");
  facts.decoder = [](std::string_view, std::string&) { return Result<void>(fail(ErrorCode::malformed)); };
  AnswerStream stream(std::move(facts));
  EXPECT_EQ(played(stream, "?!"), "an error");
}

}  // namespace
}  // namespace sluice::guard
