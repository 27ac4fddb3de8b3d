#include "guard/custom/templates.h"

#include <gtest/gtest.h>

#include <set>

#include "guard_fixture.h"

namespace sluice::guard {
namespace {

using namespace testing_support;

// One policy of all templates: their ids do not clash, and they compile together.
const Guard& with_all_templates() {
  static const auto guard = [] {
    policy::GuardrailDocument document;
    policy::GuardRule rule{.id = "all", .on = {policy::Surface::input}};
    rule.detectors.push_back({.kind = policy::DetectorKind::custom});
    for (RuleTemplate& made : rule_templates()) {
      rule.detectors[0].names.push_back(made.id);
      for (auto& pattern : made.fragment.patterns) document.patterns.push_back(std::move(pattern));
      for (auto& list : made.fragment.word_lists) document.word_lists.push_back(std::move(list));
      for (auto& topic : made.fragment.topics) document.topics.push_back(std::move(topic));
    }
    document.rules.push_back(std::move(rule));
    auto compiled = Guard::compile(std::move(document), {});
    EXPECT_TRUE(compiled) << compiled.error().detail;
    return *compiled;
  }();
  return *guard;
}

TEST(RuleTemplates, EachFindSomethingInTheirSample) {
  for (const RuleTemplate& made : rule_templates()) {
    std::set<std::string> found;
    for (const Match& match : judged(with_all_templates(), made.sample)) found.emplace(match.found_by);
    EXPECT_TRUE(found.contains(made.id)) << made.id;
    EXPECT_FALSE(made.title.empty()) << made.id;
  }
}

TEST(RuleTemplates, LeaveOrdinaryTextAlone) {
  for (const std::string_view text :
       {"Please summarise the attached minutes in three sentences.", "for (int i = 0; i < 10; ++i) total += price[i];",
        "Version 10.2 was released on 2026-03-01.", "My doctor says that I should sleep more.",
        "Our competitor has a new office."})
    EXPECT_TRUE(judged(with_all_templates(), text).empty()) << text;
}

TEST(RuleTemplates, AreFragmentsThatPrintAndParse) {
  for (const RuleTemplate& made : rule_templates()) {
    const auto again = policy::parse_guardrails(policy::print_guardrails(made.fragment));
    ASSERT_TRUE(again) << made.id << ": " << again.error().detail;
  }
}

}  // namespace
}  // namespace sluice::guard
