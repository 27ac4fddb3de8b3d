#include "guard/stream_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guard_fixture.h"
#include "stream_play.h"

namespace sluice::guard {
namespace {

using namespace testing_support;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

std::shared_ptr<const Guard> guard_of(std::string_view json) {
  auto guard = compile(json);
  EXPECT_TRUE(guard) << guard.error().detail;
  return *guard;
}

// Redacts tok-XXXX and blocks on "dynamite", in texts and in arguments of tools.
std::shared_ptr<const Guard> simple() {
  static const auto guard = guard_of(R"({"patterns":[{"id":"tok","regex":"tok-[a-z]{4,6}\\b"}],
    "word_lists":[{"id":"bad","words":["dynamite"]}],"rules":[
    {"id":"r","on":["output","tool_arguments"],"detectors":[{"kind":"custom","names":["tok"]}],"action":"redact"},
    {"id":"b","on":["output","tool_arguments"],"detectors":[{"kind":"custom","names":["bad"]}],"action":"block"}]})");
  return guard;
}

std::string chat(std::string_view delta, int choice = 0) {
  return delta_event(Operation::chat_completions, Place::text, choice, delta);
}
std::string end() {
  return end_events(Operation::chat_completions, 1);
}
std::string text_of(const Played& played, const std::string& key = "0.0") {
  return read_by_client(Operation::chat_completions, played.bytes)[key];
}

TEST(StreamGuard, PassesWhatNoRuleMatchesByteForByte) {
  std::string bytes = "\xEF\xBB\xBF: hello\r\n\r\nid: 7\nretry: 100\n" + chat("a b ") + ":ping\n\n" +
                      chat("\\u00e9 tok") + "event: x\ndata: {\"choices\":\ndata: []}\n\n" + chat("-") + "data\n\n" +
                      chat("end") + end() + "\n";
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{64}, bytes.size()}) {
    const Played played = play(simple(), Operation::chat_completions, in_pieces(bytes, size));
    EXPECT_FALSE(played.blocked);
    EXPECT_EQ(played.bytes, bytes) << size;
  }
  std::string cr;
  for (const char c : bytes) cr += c == '\n' ? '\r' : c;
  EXPECT_EQ(play(simple(), Operation::chat_completions, in_pieces(cr, 1)).bytes, cr);
}

TEST(StreamGuard, EachEventGoesAsSoonAsNothingInItIsOpen) {
  StreamGuard stream(simple(), simple()->select({}), Operation::chat_completions, nullptr);
  std::string out;
  const auto feed = [&](std::string_view bytes) {
    out.clear();
    EXPECT_EQ(stream.feed(bytes, {}, thread_scratch(), out), StreamGuard::Verdict::go_on);
    return out;
  };
  EXPECT_EQ(feed(chat("plain ")), chat("plain "));
  EXPECT_EQ(feed(": ping\n\n"), ": ping\n\n") << "nothing is held before it";
  EXPECT_EQ(feed(chat("a t")), "");
  EXPECT_EQ(feed(": ping\n\n"), "") << "order is kept";
  EXPECT_GT(stream.held_bytes(), 0u);
  EXPECT_EQ(feed(chat("x ")), chat("a t") + ": ping\n\n" + chat("x "));
  EXPECT_EQ(feed(chat("tok-ab")), "");
  EXPECT_EQ(feed(chat("cde ")), chat("[TOK]") + chat(" "));
}

TEST(StreamGuard, TakesAMatchOutOfEveryEventThatHoldsAPartOfIt) {
  const std::string text = "one tok-abcde two";
  for (std::size_t first = 0; first <= text.size(); ++first)
    for (std::size_t second = first; second <= text.size(); ++second) {
      const std::string bytes =
          chat(text.substr(0, first)) + chat(text.substr(first, second - first)) + chat(text.substr(second)) + end();
      const Played played = play(simple(), Operation::chat_completions, {bytes});
      EXPECT_EQ(text_of(played), "one [TOK] two");
      EXPECT_THAT(played.outcomes.lines(), testing::SizeIs(1));
    }
}

TEST(StreamGuard, JudgesWhatIsHeldWhenTheStreamEnds) {
  EXPECT_EQ(text_of(play(simple(), Operation::chat_completions, {chat("x tok-abcd")})), "x [TOK]");
  EXPECT_EQ(text_of(play(simple(), Operation::chat_completions, {chat("x tok-ab")})), "x tok-ab");
  const std::string cut_off = chat("x tok-abcd");
  const Played played =
      play(simple(), Operation::chat_completions, {std::string_view(cut_off).substr(0, cut_off.size() - 2)});
  EXPECT_THAT(played.bytes, Not(HasSubstr("tok-"))) << "an event without its blank line";
}

TEST(StreamGuard, NothingOfABlockedMatchArrivesNorAnythingBehindIt) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{5}, std::size_t{1000}}) {
    const std::string bytes = chat("fine. ") + chat("dyna") + chat("mite ") + chat("later") + end();
    const Played played = play(simple(), Operation::chat_completions, in_pieces(bytes, size));
    EXPECT_TRUE(played.blocked);
    EXPECT_EQ(played.bytes, chat("fine. "));
    EXPECT_EQ(played.outcomes.blocked_by(), 1);
  }
}

TEST(StreamGuard, KeepsTheTextsOfAStreamApart) {
  std::string bytes;
  for (const std::string_view part : {"a tok", "-ab", "cd z"})
    for (int choice = 0; choice < 3; ++choice) bytes += chat(choice == 1 ? "b " : part, choice);
  bytes += end_events(Operation::chat_completions, 3);
  const Played played = play(simple(), Operation::chat_completions, in_pieces(bytes, 3));
  EXPECT_EQ(text_of(played, "0.0"), "a [TOK] z");
  EXPECT_EQ(text_of(played, "1.0"), "b b b ");
  EXPECT_EQ(text_of(played, "2.0"), "a [TOK] z");
}

TEST(StreamGuard, SeesThroughEscapesThatDeltasShare) {
  // Arguments are JSON in JSON: the backslash of "\u0074" or "\n" may end one delta, a surrogate pair span two.
  const std::string arguments = R"({"q":"\ud83d\ude00 \u0074ok-ab\u0063d\n","r":"\\"})";
  for (std::size_t cut = 0; cut <= arguments.size(); ++cut) {
    const std::string bytes = delta_event(Operation::messages, Place::tool_arguments, 0, arguments.substr(0, cut)) +
                              delta_event(Operation::messages, Place::tool_arguments, 0, arguments.substr(cut)) +
                              end_events(Operation::messages, 1);
    const Played played = play(simple(), Operation::messages, {bytes});
    EXPECT_EQ(read_by_client(Operation::messages, played.bytes)["0.0"], "{\"q\":\"😀 [TOK]\n\",\"r\":\"\\\"}") << cut;
  }
  const std::string half = R"(data: {"choices":[{"index":0,"delta":{"content":"x \ud83d"}}]})"
                           "\n\n",
                    rest = R"(data: {"choices":[{"index":0,"delta":{"content":"\ude00tok-abcd"}}]})"
                           "\n\n";
  EXPECT_EQ(play(simple(), Operation::chat_completions, {half, rest, end()}).bytes,
            half +
                R"(data: {"choices":[{"index":0,"delta":{"content":"\ude00[TOK]"}}]})"
                "\n\n" +
                end());
}

TEST(StreamGuard, EchoesOfAnEditedEventAreTakenOut) {
  const auto event = [](std::string_view text, std::string_view echo) {
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + std::string(text) + R"("},"logprobs":)" +
           std::string(echo) + "}]}\n\n";
  };
  const std::string echo = R"({"content":[{"token":"tok-abcd"}]})";
  EXPECT_EQ(play(simple(), Operation::chat_completions, {event("tok-abcd", echo) + event(" x", "[1]") + end()}).bytes,
            event("[TOK]", "null") + event(" x", "[1]") + end());
}

TEST(StreamGuard, TextsThatAreWholeAreJudgedAlone) {
  const std::string done =
      R"(data: {"type":"response.output_text.done","output_index":0,"content_index":0,"text":"x tok-abcd"})"
      "\n\n";
  const Played played = play(simple(), Operation::responses,
                             {delta_event(Operation::responses, Place::text, 0, "x tok-ab") +
                              delta_event(Operation::responses, Place::text, 0, "cd") + done});
  EXPECT_THAT(read_by_client(Operation::responses, played.bytes),
              ElementsAre(Pair("0.0", "x [TOK]"), Pair("0.0 whole", "x [TOK]")));
}

// Vertex AI streams the arguments of a call value by value, in pieces.
std::string vertex_call(const std::string& fields) {
  return R"(data: {"candidates":[{"content":{"parts":[{"functionCall":{)" + fields + "}}]}}]}\r\n\r\n";
}
std::string vertex_value(const std::string& path, std::string_view piece) {
  return vertex_call(R"("partialArgs":[{"jsonPath":")" + path + R"(","stringValue":)" + json_string(piece) +
                     R"(,"willContinue":true}],"willContinue":true)");
}
// What a client puts together of the values whose pieces hold no path.
std::string values_of(const Played& played) {
  std::string all;
  for (const auto& [lane, text] : read_by_client(Operation::stream_generate_content, played.bytes))
    if (!lane.ends_with("whole")) all += text + "|";
  return all;
}

TEST(StreamGuard, ArgumentsThatVertexStreamsInPiecesAreJudgedTogether) {
  const std::string text = "one tok-abcde two";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const std::string bytes = vertex_call(R"("name":"f","willContinue":true)") +
                              vertex_value("$.a", text.substr(0, cut)) + vertex_value("$.a", text.substr(cut)) +
                              vertex_value("$.a", "") + vertex_call("");
    const Played played = play(simple(), Operation::stream_generate_content, {bytes});
    EXPECT_EQ(values_of(played), "one [TOK] two|") << cut;
    EXPECT_THAT(played.outcomes.lines(), testing::SizeIs(1)) << cut;
  }
}

std::shared_ptr<const Guard> words() {
  return guard_of(R"({"patterns":[{"id":"tok","regex":"\\btok-[a-z]{4,6}\\b"}],"rules":[
    {"id":"r","on":["tool_arguments"],"detectors":[{"kind":"custom","names":["tok"]}],"action":"redact"}]})");
}

TEST(StreamGuard, ValuesAndCallsThatVertexStreamsAreTextsOfTheirOwn) {
  const std::string begin = vertex_call(R"("name":"f","willContinue":true)"), end_of_call = vertex_call("");
  // "atok-" is none of the rule's: a word must begin there.
  const Played values = play(words(), Operation::stream_generate_content,
                             {begin, vertex_value("$.a", "a"), vertex_value("$.b", "tok-abcd"), end_of_call});
  EXPECT_THAT(values_of(values), HasSubstr("[TOK]|"));
  const Played calls =
      play(words(), Operation::stream_generate_content,
           {begin, vertex_value("$.a", "a"), end_of_call, begin, vertex_value("$.a", "tok-abcd"), end_of_call});
  EXPECT_EQ(values_of(calls), "a[TOK]|") << "the second call's value begins anew";
  const std::string both =
      R"(data: {"candidates":[{"content":{"parts":[{"functionCall":{}},{"functionCall":{"name":"g","willContinue":true}}]}}]})"
      "\r\n\r\n";
  const Played at_once = play(words(), Operation::stream_generate_content,
                              {begin, vertex_value("$.a", "a"), both, vertex_value("$.a", "tok-abcd"), end_of_call});
  EXPECT_EQ(values_of(at_once), "a[TOK]|");
}

// A value's last piece.
std::string vertex_end(const std::string& path, std::string_view piece) {
  return vertex_call(R"("partialArgs":[{"jsonPath":")" + path + R"(","stringValue":)" + json_string(piece) +
                     R"(}],"willContinue":true)");
}
// Values that are complete, of rows from `first` on.
std::string vertex_rows(int first, int count) {
  std::string all;
  for (int i = first; i < first + count; ++i) all += vertex_end("$.rows[" + std::to_string(i) + "].name", "Ann");
  return all;
}
// A stream of one call with these values.
Played play_call(const std::shared_ptr<const Guard>& guard, const std::string& values) {
  return play(guard, Operation::stream_generate_content,
              {vertex_call(R"("name":"f","willContinue":true)") + values + vertex_call("")});
}
std::shared_ptr<const Guard> flagging() {
  return guard_of(R"({"patterns":[{"id":"tok","regex":"tok-[a-z]{4}"}],"rules":[
    {"id":"r","on":["tool_arguments"],"detectors":[{"kind":"custom","names":["tok"]}],"action":"flag"}]})");
}

TEST(StreamGuard, ACallThatVertexStreamsMayHaveAnyNumberOfValues) {
  std::string in_two;
  for (int i = 0; i < 299; ++i) {
    const std::string path = "$.rows[" + std::to_string(i) + "].name";
    in_two += vertex_value(path, "Ann") + vertex_end(path, "");
  }
  for (const std::string& values : {vertex_rows(0, 299), in_two}) {
    const Played played = play_call(simple(), values + vertex_end("$.last", "a tok-abcd"));
    EXPECT_FALSE(played.blocked);
    EXPECT_THAT(values_of(played), HasSubstr("a [TOK]"));
    EXPECT_THAT(played.outcomes.lines(), testing::SizeIs(1)) << "all was checked";
    const Played cut = play_call(simple(), values + vertex_value("$.last", "a to") + vertex_value("$.last", "k-ab") +
                                               vertex_end("$.last", "cd"));
    EXPECT_THAT(values_of(cut), HasSubstr("a [TOK]"));
  }
  std::string open;
  for (int i = 0; i < 300; ++i) open += vertex_value("$.rows[" + std::to_string(i) + "].name", "Ann");
  EXPECT_TRUE(play_call(simple(), open).blocked) << "these all say that they go on";
}

TEST(StreamGuard, OfVertexsValuesTheOneThatIsCompleteForTheLongestTimeGivesItsPlaceAway) {
  const auto expect_found = [](const std::string& values, std::string_view why) {
    const auto lines = play_call(flagging(), values).outcomes.lines();
    ASSERT_THAT(lines, testing::SizeIs(1)) << why;
    EXPECT_EQ(lines.front().rule, "r") << why;
    EXPECT_EQ(lines.front().count, 1U) << why;
  };
  expect_found(vertex_end("$.a", "tok-abcd") + vertex_rows(0, 300), "it is judged before it goes");
  expect_found(vertex_value("$.a", "to") + vertex_rows(0, 200) + vertex_value("$.a", "k-a") + vertex_rows(200, 200) +
                   vertex_end("$.a", "bcd"),
               "what says that it goes on stays");
  expect_found(vertex_end("$.a", "t") + vertex_value("$.a", "o") + vertex_rows(0, 300) + vertex_end("$.a", "k-abcd"),
               "also when it has said otherwise before");
  expect_found(vertex_value("$.a", "to") + vertex_rows(0, 254) + vertex_end("$.a", "k-a") + vertex_rows(254, 200) +
                   vertex_end("$.a", "bcd"),
               "what goes on although it was complete is cut as late as possible");
}

TEST(StreamGuard, AValueThatVertexSaysIsCompleteAndThatGoesOnAllTheSameIsOneText) {
  EXPECT_EQ(
      values_of(play_call(simple(), vertex_end("$.a", "x to") + vertex_end("$.a", "k-ab") + vertex_end("$.a", "cd y"))),
      "x [TOK] y|");
}

// All that the Responses API says of an item with one text.
std::string item_events(int output, const std::string& text, std::size_t cut) {
  const std::string n = std::to_string(output), part = R"({"type":"output_text","text":")" + text + R"("})";
  const std::string item = R"({"type":"message","role":"assistant","content":[)" + part + "]}";
  const auto event = [&](std::string_view type, const std::string& more) {
    return "data: {\"type\":\"response." + std::string(type) + R"(","output_index":)" + n + "," + more + "}\n\n";
  };
  return delta_event(Operation::responses, Place::text, output, text.substr(0, cut)) +
         delta_event(Operation::responses, Place::text, output, text.substr(cut)) +
         event("output_text.done", R"("content_index":0,"text":")" + text + "\"") +
         event("content_part.done", R"("content_index":0,"part":)" + part) +
         event("output_item.done", R"("item":)" + item);
}

TEST(StreamGuard, ATextThatEventsRepeatIsCountedOnceForItsItem) {
  const std::string text = "one tok-abcde two";
  const std::string item = R"({"type":"message","content":[{"type":"output_text","text":")" + text + R"("}]})";
  for (const char* action : {"redact", "flag"}) {
    const auto answers = guard_of(R"({"patterns":[{"id":"tok","regex":"tok-[a-z]{4,6}\\b"}],"rules":[{"id":"r",
        "on":["output"],"detectors":[{"kind":"custom","names":["tok"]}],"action":")" +
                                  std::string(action) + "\"}]}");
    for (const std::size_t cut : {0U, 6U, 17U}) {
      const Played played =
          play(answers, Operation::responses,
               {item_events(0, text, cut), item_events(1, text, cut),
                "data: {\"type\":\"response.completed\",\"response\":{\"output\":[" + item + "," + item + "]}}\n\n"});
      ASSERT_EQ(played.outcomes.lines().size(), 1U) << action;
      EXPECT_EQ(played.outcomes.lines().front().count, 2U) << action << ": two items";
      EXPECT_EQ(played.bytes.contains("tok-"), std::string_view(action) == "flag") << "repeated texts are edited too";
    }
  }
}

TEST(StreamGuard, EditsDataThatStandsInSeveralLines) {
  const std::string bytes =
      "id: 1\r\ndata: {\"choices\":[{\"index\":0,\r\ndata:\"delta\":{\"content\":\"a tok-abcd b\"},\r\n"
      "data: \"logprobs\":{\"x\":1}}]}\r\n\r\n";
  EXPECT_EQ(play(simple(), Operation::chat_completions, in_pieces(bytes, 1)).bytes,
            "id: 1\r\ndata: {\"choices\":[{\"index\":0,\r\ndata:\"delta\":{\"content\":\"a [TOK] b\"},\r\n"
            "data: \"logprobs\":null}]}\r\n\r\n");
}

TEST(StreamGuard, WhatCannotBeReadFollowsTheRules) {
  const auto passing = guard_of(R"({"patterns":[{"id":"tok","regex":"tok-[a-z]{4}"}],"rules":[
    {"id":"r","on":["output"],"detectors":[{"kind":"custom","names":["tok"]}],"action":"redact","on_failure":"pass"}]})");
  for (const std::string bad :
       {"data: {\"choices\":[\n\n", "data: tok-abcd\n\n", "{\"choices\":[]}\n\n", "data: [1]\n\n"}) {
    const std::string bytes = chat("a ") + bad + chat("tok-abcd") + end();
    const Played stopped = play(simple(), Operation::chat_completions, {bytes});
    EXPECT_TRUE(stopped.blocked) << bad;
    EXPECT_EQ(stopped.bytes, chat("a "));
    const Played passed = play(passing, Operation::chat_completions, in_pieces(bytes, 4));
    EXPECT_EQ(passed.bytes, chat("a ") + bad + chat("[TOK]") + end()) << bad;
    EXPECT_EQ(passed.outcomes.lines().front().action, "not_checked");
  }
  const std::string large = chat(std::string(9'000'000, 'x'));
  EXPECT_TRUE(play(simple(), Operation::chat_completions, in_pieces(large, 65536)).blocked);
  const std::string both = large + chat("tok-abcd");
  EXPECT_TRUE(play(passing, Operation::chat_completions, in_pieces(both, 65536)).bytes == large + chat("[TOK]"));
}

TEST(StreamGuard, AMatchWithoutEndWaitsForTheStatedCapOnly) {
  const auto capped = [](std::string_view over_cap) {
    return guard_of(R"re({"patterns":[{"id":"long","regex":"BEGIN(?s:.)*?END"}],"rules":[
      {"id":"r","on":["output"],"detectors":[{"kind":"custom","names":["long"]}],"action":"redact","stream_cap_bytes":100,
       "over_cap":")re" +
                    std::string(over_cap) + R"("}]})");
  };
  std::string bytes;
  for (int i = 0; i < 30; ++i) bytes += chat(i == 0 ? "BEGIN" : " more and");
  const std::string tail = chat(" END") + end();
  EXPECT_TRUE(play(capped("block"), Operation::chat_completions, {bytes + tail}).blocked);
  const Played passed = play(capped("pass"), Operation::chat_completions, {bytes + tail});
  EXPECT_EQ(passed.bytes, bytes + chat("[LONG]") + end()) << "what has not gone by then is still taken out";
  EXPECT_EQ(passed.outcomes.lines().front().action, "not_checked");
  EXPECT_LT(passed.most_held, 40u * chat(" more and").size());
  EXPECT_EQ(text_of(play(capped("block"), Operation::chat_completions,
                         {chat("x BEGIN") + chat(" y EN") + chat("D z") + end()})),
            "x [LONG] z");
}

std::shared_ptr<const Guard> named_secrets(std::string_view names) {
  return guard_of(R"({"rules":[{"id":"r","on":["output"],"detectors":[{"kind":"secrets","names":)" +
                  std::string(names) + R"(}],"action":"redact","stream_cap_bytes":200}]})");
}

TEST(StreamGuard, SecretsThatNoRuleInForceLooksForHoldNothingBack) {
  std::string pem;
  for (int i = 0; i < 40; ++i) pem += chat(i == 0 ? "-----BEGIN RSA PRIVATE KEY-----\\n" : "MIIEowIBAAKCAQEAx");
  const Played named = play(named_secrets(R"(["github-pat"])"), Operation::chat_completions, {pem, end()});
  EXPECT_FALSE(named.blocked);
  EXPECT_EQ(named.bytes, pem + end());
  EXPECT_THAT(named.outcomes.lines(), IsEmpty());
  EXPECT_TRUE(
      play(named_secrets(R"(["github-pat","private-key"])"), Operation::chat_completions, {pem, end()}).blocked);
  EXPECT_TRUE(play(named_secrets("[]"), Operation::chat_completions, {pem, end()}).blocked);
}

TEST(StreamGuard, ASecretThatIsNamedIsFoundWhereverTheStreamCutsItAlsoWithinOthers) {
  // Of GitHub's documented form with a right check sum; of nobody.
  const std::string secret = std::string("ghp") + "_wQz7Rk2VfTn9LbXs4HdYc8MjGp5EaU2lP2Mv";
  const std::string text = "-----BEGIN RSA PRIVATE KEY----- token=" + secret + " and more";
  const auto guard = named_secrets(R"(["github-pat"])");
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const Played played =
        play(guard, Operation::chat_completions, {chat(text.substr(0, cut)), chat(text.substr(cut)), end()});
    EXPECT_EQ(text_of(played), "-----BEGIN RSA PRIVATE KEY----- token=[SECRET] and more") << cut;
  }
}

TEST(StreamGuard, RulesThatOnlyFlagHoldNothingBack) {
  const auto flags = guard_of(R"({"patterns":[{"id":"tok","regex":"tok-[a-z]{4}"}],"rules":[
    {"id":"r","on":["output"],"detectors":[{"kind":"custom","names":["tok"]}],"action":"flag"}]})");
  StreamGuard stream(flags, flags->select({}), Operation::chat_completions, nullptr);
  std::string out;
  stream.feed(chat("x tok-ab"), {}, thread_scratch(), out);
  EXPECT_EQ(out, chat("x tok-ab"));
  stream.feed(chat("cd") + end(), {}, thread_scratch(), out);
  ASSERT_EQ(stream.outcomes().lines().size(), 1u);
  EXPECT_EQ(stream.outcomes().lines()[0].action, "flag");
  // Long answers are judged in windows; what two windows share counts once.
  std::string bytes;
  for (int i = 0; i < 9000; ++i) bytes += chat(i % 50 == 0 ? "tok-abcd " : "word ");
  const Played played = play(flags, Operation::chat_completions, {bytes});
  EXPECT_EQ(played.bytes, bytes);
  EXPECT_EQ(played.outcomes.lines().at(0).count, 180u);
}

TEST(StreamGuard, PatternsThatAreOnlyFlaggedHoldNothingBackForOthers) {
  const auto both = guard_of(R"re({"patterns":[{"id":"tok","regex":"tok-[a-z]{4}"},
    {"id":"long","regex":"BEGIN(?s:.)*END"}],"rules":[
    {"id":"f","on":["output"],"detectors":[{"kind":"custom","names":["long"]}],"action":"flag"},
    {"id":"r","on":["output"],"detectors":[{"kind":"custom","names":["tok"]}],"action":"redact"}]})re");
  StreamGuard stream(both, both->select({}), Operation::chat_completions, nullptr);
  std::string out;
  for (const std::string_view said : {"BEGIN ", "more than eight bytes ", "tok-abcd ", "END "})
    EXPECT_EQ(stream.feed(chat(said), {}, thread_scratch(), out), StreamGuard::Verdict::go_on);
  EXPECT_EQ(out, chat("BEGIN ") + chat("more than eight bytes ") + chat("[TOK] ") + chat("END "));
}

TEST(StreamGuard, OfTwoRulesThatWaitTheOneThatBlocksDecidesAboutTheCap) {
  const auto both = [](std::string_view first, std::string_view second) {
    return guard_of(R"re({"patterns":[{"id":"tok","regex":"tok-[a-z]{4}"},{"id":"long","regex":"BEGIN(?s:.)*?END"}],
      "rules":[{"id":"s","on":["output"],"detectors":[{"kind":"custom","names":["tok"]}],"action":"block"},
      {"id":"a","on":["output"],"detectors":[{"kind":"custom","names":["long"]}],"action":"redact",
       "stream_cap_bytes":100,"over_cap":")re" +
                    std::string(first) + R"re("},
      {"id":"b","on":["output"],"detectors":[{"kind":"custom","names":["long"]}],"action":"redact",
       "stream_cap_bytes":50,"over_cap":")re" +
                    std::string(second) + R"re("}]})re");
  };
  std::string bytes = chat("BEGIN");
  for (int i = 0; i < 30; ++i) bytes += chat(" more and");
  EXPECT_EQ(play(both("pass", "block"), Operation::chat_completions, {bytes}).outcomes.blocked_by(), 2);
  EXPECT_EQ(play(both("block", "pass"), Operation::chat_completions, {bytes}).outcomes.blocked_by(), 1);
  EXPECT_EQ(play(both("pass", "pass"), Operation::chat_completions, {bytes}).bytes, bytes);
}

TEST(StreamGuard, RestoresTokensThatTheAnswerRepeats) {
  auto vault = std::make_shared<TokenVault>();
  vault->keep("[EMAIL-0123456789abcdef]", "ada@example.org");
  vault->keep("[EMAIL-0123456789abcdee]", "bob \"b\" <b@example.org>");
  const std::string text = "to [EMAIL-0123456789abcdef], [EMAIL-0123456789abcdee] not [EMAIL-0123] [EMAIL-01";
  const std::string read = "to ada@example.org, bob \"b\" <b@example.org> not [EMAIL-0123] [EMAIL-01";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const std::string bytes = chat(text.substr(0, cut)) + chat(text.substr(cut)) + end();
    EXPECT_EQ(text_of(play(simple(), Operation::chat_completions, {bytes}, vault)), read) << cut;
  }
  StreamGuard stream(simple(), Guard::Selection{}, Operation::chat_completions, vault);
  std::string out;
  stream.feed(chat("no rule, tok-abcd "), {}, thread_scratch(), out);
  EXPECT_EQ(out, chat("no rule, tok-abcd "));
}

TEST(StreamGuard, TellsHowLongAndHowMuchItHeld) {
  StreamGuard stream(simple(), simple()->select({}), Operation::chat_completions, nullptr);
  std::string out;
  const SteadyPoint start{};
  stream.feed(chat("tok"), start, thread_scratch(), out);
  stream.feed(chat("-"), start + std::chrono::milliseconds(5), thread_scratch(), out);
  EXPECT_EQ(stream.held_bytes(), chat("tok").size() + chat("-").size());
  stream.feed(chat("! "), start + std::chrono::milliseconds(9), thread_scratch(), out);
  EXPECT_EQ(stream.held_bytes(), 0u);
  EXPECT_EQ(stream.longest_delay(), std::chrono::milliseconds(9));
  EXPECT_EQ(stream.most_held_bytes(), chat("tok").size() + chat("-").size());
}

// What a reasoning model thought does not keep back what it then says.
std::string thought(std::string_view delta) {
  return R"(data: {"choices":[{"index":0,"delta":{"reasoning_content":")" + std::string(delta) + "\"}}]}\n\n";
}

TEST(StreamGuard, ATextThatTheModelTurnedAwayFromHoldsNothingBack) {
  StreamGuard stream(simple(), simple()->select({}), Operation::chat_completions, nullptr);
  std::string out;
  stream.feed(thought("so tok"), {}, thread_scratch(), out);
  EXPECT_EQ(out, "");
  stream.feed(chat("words "), {}, thread_scratch(), out);
  EXPECT_EQ(out, thought("so tok") + chat("words "));
  EXPECT_EQ(stream.held_bytes(), 0u);
  // What was complete as it stood is taken out.
  EXPECT_EQ(play(simple(), Operation::chat_completions, {thought("tok-abcd"), chat("words "), end()}).bytes,
            thought("[TOK]") + chat("words ") + end());
}

TEST(StreamGuard, ATextThatGoesOnAfterAllWithinAMatchPassesTheCap) {
  const Played stopped = play(simple(), Operation::chat_completions,
                              {thought("so tok-a"), chat("words "), thought("bc"), thought("de "), end()});
  EXPECT_TRUE(stopped.blocked);
  EXPECT_EQ(stopped.bytes, thought("so tok-a") + chat("words "));
  EXPECT_EQ(stopped.outcomes.lines().back().action, "not_checked");
  // A finish reason in every event, as some servers send it.
  std::string every = chat("a tok-a");
  every.replace(every.find("null"), 4, R"("stop")");
  EXPECT_EQ(play(simple(), Operation::chat_completions, {every, chat("bcde "), end()}).bytes, every);
  EXPECT_EQ(play(simple(), Operation::chat_completions, {every, chat("!"), chat("tok-abcd "), end()}).bytes,
            every + chat("!") + chat("[TOK] ") + end());
}

TEST(StreamGuard, WhatWaitsForOneOpenTextIsBounded) {
  StreamGuard stream(simple(), simple()->select({}), Operation::chat_completions, nullptr);
  std::string out;
  stream.feed(chat("tok", 0), {}, thread_scratch(), out);
  const std::string large = chat(std::string(1'000'000, ' '), 1);
  auto verdict = StreamGuard::Verdict::go_on;
  for (int i = 0; i < 20 && verdict == StreamGuard::Verdict::go_on; ++i)
    verdict = stream.feed(large, {}, thread_scratch(), out);
  EXPECT_EQ(verdict, StreamGuard::Verdict::blocked);
  EXPECT_EQ(stream.outcomes().lines().front().found_by, "more waits than may be held back");
}

TEST(StreamGuard, AnAnswerMayHaveManyTextsOneAfterTheOther) {
  std::string bytes;
  for (int i = 0; i < 300; ++i)
    bytes += delta_event(Operation::responses, Place::text, i, "x ") +
             R"(data: {"type":"response.output_item.done","output_index":)" + std::to_string(i) + "}\n\n";
  EXPECT_EQ(play(simple(), Operation::responses, {bytes}).bytes, bytes);
}

TEST(StreamGuard, RulesThatOnlyFlagSeeWhatHasGoneOfAStreamThatWasCut) {
  const auto flags = guard_of(R"({"patterns":[{"id":"tok","regex":"tok-[a-z]{4}"}],"rules":[
    {"id":"r","on":["output"],"detectors":[{"kind":"custom","names":["tok"]}],"action":"flag"}]})");
  StreamGuard stream(flags, flags->select({}), Operation::chat_completions, nullptr);
  std::string out;
  stream.feed(chat("x tok-abcd"), {}, thread_scratch(), out);
  EXPECT_THAT(stream.outcomes().lines(), IsEmpty());
  stream.close(thread_scratch());
  stream.close(thread_scratch());
  ASSERT_EQ(stream.outcomes().lines().size(), 1u);
  EXPECT_EQ(stream.outcomes().lines()[0].count, 1u);
}

}  // namespace
}  // namespace sluice::guard
