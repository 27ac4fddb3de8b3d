// A Guard made from a document's text, and what it says of a text.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "guard/guard.h"
#include "policy/guardrails.h"

namespace sluice::guard::testing_support {

inline Guard::Options options() {
  Guard::Options made;
  made.hash_key = Secret(std::string(32, 'k'));
  return made;
}

inline Result<std::shared_ptr<const Guard>> compile(std::string_view json, Guard::Options how = options()) {
  auto document = policy::parse_guardrails(json);
  if (!document) return fail(document.error());
  return Guard::compile(std::move(*document), std::move(how));
}

// A document with the one rule "r" on all surfaces that takes the custom ids in `names`, and `lists`.
inline std::string custom_document(std::string_view names, std::string_view lists, std::string_view action = "flag",
                                   std::string_view more = "") {
  return R"({"rules":[{"id":"r","on":["input","tool_results"],"detectors":[{"kind":"custom","names":)" +
         std::string(names) + R"(}],"action":")" + std::string(action) + "\"" + std::string(more) + "}]," +
         std::string(lists) + "}";
}

inline std::vector<Match> judged(const Guard& guard, std::string_view text,
                                 policy::Surface surface = policy::Surface::input, const Subject& subject = {}) {
  Guard::Scratch scratch;
  std::vector<Finding> findings;
  const auto scanned = guard.scan(text, Phase::input, scratch, findings);
  EXPECT_TRUE(scanned);
  std::vector<Match> matches;
  guard.judge(text, findings, surface, guard.select(subject), matches);
  return matches;
}

// The matched texts.
inline std::vector<std::string> found(const Guard& guard, std::string_view text) {
  std::vector<std::string> out;
  for (const Match& match : judged(guard, text)) out.emplace_back(text.substr(match.start, match.end - match.start));
  return out;
}

// The text with its redactions made.
inline std::string redacted(const Guard& guard, std::string_view text, const Subject& subject = {}) {
  std::string out;
  std::size_t at = 0;
  for (const Match& match : judged(guard, text, policy::Surface::input, subject)) {
    if (match.action != policy::GuardAction::redact) continue;
    out.append(text.substr(at, match.start - at));
    out.append(guard.replacement(match, text.substr(match.start, match.end - match.start)));
    at = match.end;
  }
  return out.append(text.substr(at));
}

}  // namespace sluice::guard::testing_support
