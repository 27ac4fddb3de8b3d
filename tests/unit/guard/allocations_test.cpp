// What a scan and its judgement cost in memory once a thread has warmed up: nothing, however many rules there are.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "guard_fixture.h"

namespace {
std::atomic<std::size_t> allocations = 0;
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace sluice::guard {
namespace {

TEST(Guard, AllocatesNothingWhenItScansAndJudgesAgain) {
  policy::GuardrailDocument document;
  document.patterns = {{.id = "badge", .regex = "B-([0-9]{4})"}, {.id = "wide", .regex = "x.{0,200}y"}};
  document.word_lists = {{.id = "words", .words = {"Blue Heron", "falcon"}}};
  document.topics = {{.id = "topic", .words = {"merger", "valuation", "dividend"}, .least = 2}};
  document.allow_lists = {{.id = "ours", .texts = {"1111"}, .regexes = {"2[0-9]*"}}};
  for (int i = 0; i < 300; ++i)
    document.rules.push_back(
        {.id = "r" + std::to_string(i),
         .on = {policy::Surface::input},
         .detectors = {{.kind = policy::DetectorKind::custom, .names = {"badge", "wide", "words", "topic"}}},
         .action = i % 2 == 0 ? policy::GuardAction::redact : policy::GuardAction::flag,
         .allow = {"ours"}});
  const auto guard = Guard::compile(std::move(document), {});
  ASSERT_TRUE(guard) << guard.error().detail;
  const std::string text = "B-1111 B-2222 B-3333 blue  heron, merger and valuation, x\xc3\xa4y \xff";
  Guard::Scratch scratch;
  std::vector<Finding> findings;
  std::vector<Match> matches;
  const auto rules = (*guard)->select({});
  std::size_t before = 0;
  for (int round = 0; round < 3; ++round) {
    before = allocations;
    ASSERT_TRUE((*guard)->scan(text, Phase::input, scratch, findings));
    (*guard)->judge(text, findings, policy::Surface::input, rules, matches);
  }
  EXPECT_EQ(allocations - before, 0u);
  EXPECT_GT(matches.size(), 300u);
}

}  // namespace
}  // namespace sluice::guard
