// What people are shown to begin with finds something when it is pasted.
#include "agent/cli/guard_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "base/json.h"

namespace sluice::agent {
namespace {

using testing::HasSubstr;

std::string between(const std::string& text, std::string_view before, std::string_view after) {
  const std::size_t begin = text.find(before);
  if (begin == std::string::npos) return "";
  const std::size_t start = begin + before.size();
  return text.substr(start, text.find(after, start) - start);
}

// Compiled once: with sanitizers that takes a minute.
std::string scanned(const std::string& line) {
  static std::vector<std::string> notes;
  static auto scanner = GuardScanner::make({.detectors = "secrets,pii"}, notes);
  EXPECT_TRUE(scanner) << scanner.error().detail;
  auto found = scanner->scan_line(line);
  EXPECT_TRUE(found) << line;
  return found.value_or("");
}

TEST(GuardScanExamples, the_command_in_the_document_finds_the_key_in_it) {
  const auto document = read_file(SLUICE_SOURCE_DIR "/docs/guardrails.md");
  ASSERT_TRUE(document);
  const std::string line = between(*document, "echo '", "' | sluice guard scan");
  ASSERT_THAT(line, HasSubstr("DATADOG_API_KEY"));
  EXPECT_THAT(scanned(line), HasSubstr(R"("rule":"datadog-api-key","type":"secret","start":23,"end":55,)"));
  EXPECT_THAT(scanned(line), HasSubstr(R"("hit":true)"));
}

TEST(GuardScanExamples, the_sample_of_the_consoles_test_bench_holds_an_address_and_a_key) {
  const auto page = read_file(SLUICE_SOURCE_DIR "/console_backend/web/src/words/guardrails.ts");
  ASSERT_TRUE(page);
  JsonWriter line;
  line.begin_object().field("id", "1").field("phase", "input");
  line.field("text", between(*page, "sample_text =\n  '", "'\n")).end_object();
  const std::string found = scanned(line.take());
  EXPECT_THAT(found, HasSubstr(R"("rule":"email")"));
  EXPECT_THAT(found, HasSubstr(R"("rule":"datadog-api-key")"));
}

TEST(GuardScan, a_bad_line_is_told_by_its_column_and_its_encoding) {
  std::vector<std::string> notes;
  auto scanner = GuardScanner::make({.detectors = "pii"}, notes);
  ASSERT_TRUE(scanner);
  EXPECT_EQ(scanner->scan_line(R"({"id":1,)").error().detail, "not valid JSON at column 8");
  EXPECT_EQ(scanner->scan_line("{\"id\":\"\xff\"}").error().detail, "not UTF-8");
}

}  // namespace
}  // namespace sluice::agent
