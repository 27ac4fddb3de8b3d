// The register keeps hashes, so that what it holds shows only when it is asked: every word that was written down is
// found, with everything that was said of it.
#include "guard/pii/register.h"

#include <gtest/gtest.h>

#include "guard/pii/word_hash.h"
#include "guard/pii/word_lists.h"

namespace sluice::guard::pii {
namespace {

// Not constexpr: taking the lengths would be more steps than a compiler takes.
struct Row {
  std::string_view what, words;
};
#define REGISTER(what, words) {what, words},
const Row rows[] = {
#include "guard/pii/register.inc"
};
#undef REGISTER

std::vector<std::string_view> split(std::string_view list) {
  const char separator = list.contains('|') ? '|' : ' ';
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t cut = std::min(list.find(separator), list.size());
    if (cut > 0) words.push_back(list.substr(0, cut));
    list.remove_prefix(std::min(cut + 1, list.size()));
  }
  return words;
}

TEST(PiiRegister, FindsEveryWordWithAllThatIsSaidOfIt) {
  const Register known;
  std::size_t words = 0;
  const auto expect = [&](std::string_view list, Listed flags) {
    for (const std::string_view word : split(list)) {
      ++words;
      ASSERT_NE(word_hash(word), 0U) << word << " is longer than a word that is looked up";
      ASSERT_EQ(known.find(word_hash(word)) & flags, flags) << word;
    }
  };
  for (const Row& row : rows) {
    Listed flags = 0;
    for (const char kind : row.what) {
      ASSERT_TRUE(std::string_view("gst+").contains(kind)) << "a kind that Register does not know: " << kind;
      flags |= kind == 'g'   ? listed::given
               : kind == 's' ? listed::surname
               : kind == 't' ? listed::town
                             : listed::ordinary;
    }
    expect(row.words, flags);
  }
  for (const CueList& list : register_cues()) expect(list.words, list.listed);
  EXPECT_GT(words, 40'000U);
  EXPECT_LT(words, Register::slots / 2) << "what is not there is found by a free slot soon";
}

TEST(PiiRegister, KnowsNothingOfWordsThatAreTooLongToBeLookedUp) {
  const Register known;
  EXPECT_EQ(known.find(word_hash(std::string(longest_entry + 1, 'a'))), 0);
  EXPECT_EQ(known.find(word_hash("")), 0);
}

}  // namespace
}  // namespace sluice::guard::pii
