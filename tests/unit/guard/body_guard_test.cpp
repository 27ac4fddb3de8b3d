#include "guard/body_guard.h"

#include <gtest/gtest.h>

#include "guard_fixture.h"

namespace sluice::guard {
namespace {

using namespace testing_support;

std::shared_ptr<const Guard> tokens_and_bombs() {
  static const auto guard = compile(R"({"patterns":[{"id":"tok","regex":"tok-[a-z]{4,6}\\b"},
    {"id":"line","regex":"key: .{1,40}"}],"word_lists":[{"id":"bad","words":["dynamite"]}],"rules":[
    {"id":"r","on":["output"],"detectors":[{"kind":"custom","names":["tok","line"]}],"action":"redact"},
    {"id":"b","on":["output"],"detectors":[{"kind":"custom","names":["bad"]}],"action":"block"}]})");
  return *guard;
}

BodyVerdict judged_answer(dialect::Operation operation, std::string_view body, const TokenVault& vault = {}) {
  BodyGuard work;
  auto verdict = work.answer(*tokens_and_bombs(), tokens_and_bombs()->select({}), operation, body, vault);
  EXPECT_TRUE(verdict) << verdict.error().detail;
  return verdict ? std::move(*verdict) : BodyVerdict();
}

// As Google's REST service writes it.
std::string gemini_list(std::initializer_list<std::string_view> texts) {
  std::string body = "[";
  for (const std::string_view text : texts)
    body += std::string(body.size() > 1 ? "\n,\r\n" : "") +
            "{\n  \"candidates\": [\r\n    {\"content\": {\"parts\": [{\"text\": \"" + std::string(text) +
            "\"}]},\n\n    \"finishReason\": \"STOP\"}\n  ]\n}";
  return body + "\n]\n";
}

// The texts of such a list, joined.
std::string read_from(std::string_view list) {
  constexpr std::string_view before = "{\"text\": \"", behind = "\"}]},";
  std::string out;
  for (std::size_t at = list.find(before); at != std::string_view::npos; at = list.find(before, at)) {
    at += before.size();
    out.append(list.substr(at, list.find(behind, at) - at));
  }
  return out;
}

TEST(BodyGuard, JudgesAListOfChunksAsTheStreamThatItIs) {
  constexpr auto streamed = dialect::Operation::stream_generate_content;
  const std::string text = "one tok-abcde {[";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const auto body = judged_answer(streamed, gemini_list({text.substr(0, cut), text.substr(cut), " two"})).body;
    EXPECT_EQ(read_from(body.value_or("")), "one [TOK] {[ two") << cut;
  }
  EXPECT_EQ(judged_answer(streamed, gemini_list({"a\\\" tok-ab", "cde b"})).body, gemini_list({"a\\\" [TOK]", " b"}))
      << "all other bytes stay";
  EXPECT_TRUE(judged_answer(streamed, gemini_list({"dyna", "mite "})).outcomes.blocked_by());
  EXPECT_EQ(judged_answer(streamed, gemini_list({"fine", " text"})).body, std::nullopt);
  EXPECT_EQ(judged_answer(streamed, " [ ] ").body, std::nullopt);
  BodyGuard work;
  EXPECT_FALSE(work.answer(*tokens_and_bombs(), tokens_and_bombs()->select({}), streamed, "[[]]", {}));
}

TEST(BodyGuard, WhatStandsBesideATokenIsNotRestoredWithIt) {
  TokenVault vault;
  vault.keep("[EMAIL-0123456789abcdef]", "ada@example.org");
  const auto answer = [](std::string_view text) {
    return R"({"choices":[{"message":{"content":")" + std::string(text) + R"("}}]})";
  };
  const auto body = [&](std::string_view text) {
    return judged_answer(dialect::Operation::chat_completions, answer(text), vault).body;
  };
  EXPECT_EQ(body("to [EMAIL-0123456789abcdef]"), answer("to ada@example.org"));
  EXPECT_EQ(body("key: [EMAIL-0123456789abcdef] s3cret"), answer("[LINE]"));
}

TEST(BodyGuard, WhatTheClientSaysAboutItselfIsRedactedAndGoesToNoProvider) {
  const auto guard = compile(R"({"patterns":[{"id":"tok","regex":"tok-[a-z]{4,6}\\b"}],"providers":["p"],"rules":[
      {"id":"r","on":["input"],"detectors":[{"kind":"custom","names":["tok"]}],"action":"redact"},
      {"id":"o","on":["input"],"detectors":[{"kind":"external","names":["p"]}],"action":"flag"}]})");
  ASSERT_TRUE(guard) << guard.error().message();
  const std::string body =
      R"({"metadata" : {"tok-aaaa":"tok-bbbb", "job":"a tok-cccc b"},"messages":[{"role":"user","content":"hi"}],"user":"tok-dddd"})";
  const auto target = *dialect::target_of("POST", "/v1/chat/completions");
  BodyGuard work;
  TokenVault vault;
  const auto rules = (*guard)->select({});
  EXPECT_EQ(
      work.request(**guard, rules, target, body, vault, nullptr)->body,
      R"({"metadata" : {"tok-aaaa":"[TOK]", "job":"a [TOK] b"},"messages":[{"role":"user","content":"hi"}],"user":"[TOK]"})");
  const auto outside = work.outside_texts(**guard, rules, target, BodyGuard::Side::request, body);
  ASSERT_EQ(outside->size(), 1U);
  EXPECT_EQ(outside->front().text, "hi");
}

std::string refusal_of_request(std::string_view limits, std::string_view body) {
  const auto guard = compile(R"({"rules":[{"id":"small","on":["input"],"detectors":[)" + std::string(limits) +
                             R"(],"action":"block"}]})");
  BodyGuard work;
  TokenVault vault;
  const auto target = *dialect::target_of("POST", "/v1/chat/completions");
  const auto verdict = work.request(**guard, (*guard)->select({}), target, body, vault, nullptr);
  return verdict->outcomes.blocked_by() ? blocked_text((*guard)->document(), verdict->outcomes, "Acme", "") : "";
}

TEST(BodyGuard, ALimitThatWasPassedIsToldWithItsFigures) {
  const std::string request = R"({"messages":[{"role":"user","content":")" + std::string(31204, 'a') + R"("}]})";
  EXPECT_EQ(refusal_of_request(R"({"kind":"limits","max_bytes":20000})", request),
            "The rule \"small\" of Acme does not allow this: the request holds 31,204 bytes of text; the rule allows "
            "20,000.");
  EXPECT_EQ(refusal_of_request(R"({"kind":"limits","max_bytes":31204})", request), "");
  EXPECT_EQ(refusal_of_request(R"({"kind":"limits","max_bytes":900},{"kind":"limits","max_bytes":5})",
                               R"({"messages":[{"role":"user","content":"123456"}]})"),
            "The rule \"small\" of Acme does not allow this: the request holds 6 bytes of text; the rule allows 5.");
  const std::string picture = R"({"type":"image_url","image_url":{"url":"https://example.com/a.png"}})";
  const auto pictures = [&](const std::string& list) {
    return refusal_of_request(R"({"kind":"limits","modalities":["image","file"]})",
                              R"({"messages":[{"role":"user","content":[)" + list + "]}]}");
  };
  EXPECT_EQ(pictures(picture),
            "The rule \"small\" of Acme does not allow this: the request holds 1 image; the rule allows none.");
  EXPECT_EQ(pictures(picture + "," + picture),
            "The rule \"small\" of Acme does not allow this: the request holds 2 images; the rule allows none.");
}

}  // namespace
}  // namespace sluice::guard
