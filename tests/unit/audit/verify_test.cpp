#include "audit/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/files.h"
#include "tests/unit/audit/samples.h"

namespace sluice::audit {
namespace {

using testing::HasSubstr;

std::vector<std::string> lines_of(const std::string& origin, std::size_t count) {
  std::vector<std::string> lines;
  Hash previous = chain_start(origin);
  for (std::size_t i = 1; i <= count; ++i) {
    const Record record = i % 2 == 1 ? Record(sample_intent("req_" + std::to_string(i)))
                                     : Record(sample_completion("req_" + std::to_string(i - 1)));
    ChainedLine line = chain(draft(record, std::string(16, 's')), '"' + origin + '"', i, previous);
    previous = line.hash;
    lines.push_back(std::move(line.text));
  }
  return lines;
}

VerifyReport verify(const std::vector<std::string>& lines, std::string_view key = {}) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return verify_text(text, key);
}

TEST(verify, an_intact_chain_is_summed_up) {
  const VerifyReport report = verify(lines_of("gw_1", 6));
  ASSERT_TRUE(report.intact()) << report.to_text();
  const ChainSummary& chain = report.chains.at("gw_1");
  EXPECT_EQ(chain.records, 6U);
  EXPECT_TRUE(chain.from_start);
  EXPECT_THAT(report.to_text(), HasSubstr("gw_1: 6 records, sequence 1 to 6, from the start of the chain\nIntact."));
  EXPECT_THAT(report.to_json(), HasSubstr(R"("intact":true)"));
}

TEST(verify, chains_of_several_origins_may_be_mixed) {
  const auto a = lines_of("gw_1", 3), b = lines_of("dev_2", 3);
  const VerifyReport report = verify({a[0], b[0], b[1], a[1], b[2], a[2]});
  EXPECT_TRUE(report.intact()) << report.to_text();
  EXPECT_EQ(report.chains.size(), 2U);
}

TEST(verify, a_chain_may_begin_later_and_the_report_says_so) {
  auto lines = lines_of("gw_1", 5);
  lines.erase(lines.begin(), lines.begin() + 2);
  const VerifyReport report = verify(lines);
  EXPECT_TRUE(report.intact());
  EXPECT_EQ(report.chains.at("gw_1").first, 3U);
  EXPECT_THAT(report.to_text(), HasSubstr("what came before is not part"));
}

TEST(verify, a_record_taken_out_is_named) {
  for (std::size_t gone = 1; gone + 1 < 6; ++gone) {
    auto lines = lines_of("gw_1", 6);
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(gone));
    const VerifyReport report = verify(lines);
    ASSERT_FALSE(report.intact());
    EXPECT_EQ(report.broken->sequence, gone + 2);
    EXPECT_EQ(report.broken->line, gone + 1);
    EXPECT_THAT(report.broken->reason, HasSubstr("a record is missing"));
  }
}

TEST(verify, a_record_that_was_changed_is_named_by_what_it_claims_to_be) {
  auto lines = lines_of("gw_1", 4);
  lines[2].replace(lines[2].find("claude-code"), 11, "claude-copy");
  const VerifyReport report = verify(lines);
  ASSERT_FALSE(report.intact());
  EXPECT_THAT(report.to_text(), HasSubstr("BROKEN at line 3, gw_1 sequence 3: the record does not fit its hash"));
}

TEST(verify, every_other_order_is_noticed) {
  const auto lines = lines_of("gw_1", 4);
  std::vector<std::size_t> order{0, 1, 2, 3};
  while (std::ranges::next_permutation(order).found) {
    std::vector<std::string> shuffled;
    for (const std::size_t i : order) shuffled.push_back(lines[i]);
    EXPECT_FALSE(verify(shuffled).intact());
  }
  EXPECT_THAT(verify({lines[0], lines[0]}).broken->reason, HasSubstr("repeated"));
}

TEST(verify, a_record_rewritten_with_a_hash_of_its_own_breaks_the_next_one) {
  auto lines = lines_of("gw_1", 4);
  const auto first = *check_line(lines[0]);
  Completion forged = sample_completion("req_1");
  forged.outcome.cost_nanodollars = 1;
  lines[1] = chain(draft(forged, std::string(16, 's')), "\"gw_1\"", 2, first.hash).text;
  const VerifyReport report = verify(lines);
  ASSERT_FALSE(report.intact());
  EXPECT_EQ(report.broken->sequence, 3U);
  EXPECT_THAT(report.broken->reason, HasSubstr("does not follow"));
}

TEST(verify, a_first_record_of_another_origin_does_not_begin_the_chain) {
  std::string line = chain(draft(sample_intent("r"), std::string(16, 's')), "\"gw_1\"", 1, chain_start("gw_2")).text;
  EXPECT_THAT(verify({line}).broken->reason, HasSubstr("does not begin the chain"));
}

TEST(verify, personal_fields_removed_from_every_record_leave_the_chain_intact) {
  auto lines = lines_of("gw_1", 6);
  for (std::string& line : lines) line = *remove_personal(line);
  EXPECT_TRUE(verify(lines).intact());
}

TEST(verify, a_signed_checkpoint_stops_a_chain_rewritten_to_its_end) {
  const auto key = tls::SigningKey::generate();
  auto lines = lines_of("gw_1", 4);
  lines.push_back(sign_checkpoint({"gw_1", 4, check_line(lines[3])->hash, sample_time()}, key));
  const VerifyReport honest = verify(lines, key.public_key());
  EXPECT_TRUE(honest.intact()) << honest.to_text();
  EXPECT_EQ(honest.chains.at("gw_1").checkpoints, 1U);
  Refusal forged = sample_refusal("req_3");
  lines[3] = chain(draft(forged, std::string(16, 's')), "\"gw_1\"", 4, check_line(lines[2])->hash).text;
  EXPECT_THAT(verify(lines, key.public_key()).broken->reason, HasSubstr("differs from its signed checkpoint"));
  lines.erase(lines.begin() + 3);
  EXPECT_THAT(verify(lines, key.public_key()).broken->reason, HasSubstr("the chain stands at 3"));
  lines.back() = sign_checkpoint({"gw_1", 3, check_line(lines[2])->hash, sample_time()}, tls::SigningKey::generate());
  EXPECT_THAT(verify(lines, key.public_key()).broken->reason, HasSubstr("not signed with the given key"));
}

TEST(verify, a_verifier_goes_on_where_an_earlier_one_ended) {
  const auto lines = lines_of("gw_1", 4);
  const auto second = *check_line(lines[1]);
  ChainVerifier verifier;
  verifier.resume("gw_1", 2, second.hash);
  EXPECT_TRUE(verifier.add(lines[2]));
  EXPECT_TRUE(verifier.add(lines[3]));
  ChainVerifier gap;
  gap.resume("gw_1", 2, second.hash);
  EXPECT_FALSE(gap.add(lines[3]));
  EXPECT_FALSE(gap.add(lines[2])) << "nothing is accepted after a break";
}

TEST(verify, an_exported_json_array_is_read_too_and_noise_is_refused) {
  const auto lines = lines_of("gw_1", 3);
  EXPECT_TRUE(verify_text("[" + lines[0] + "," + lines[1] + ",\n" + lines[2] + "]").intact());
  EXPECT_FALSE(verify_text("<html>").intact());
  EXPECT_TRUE(verify_text("").intact());
}

TEST(verify, a_file_whose_last_line_is_cut_is_intact_but_incomplete) {
  const TemporaryFolder folder;
  const auto lines = lines_of("gw_1", 2);
  const auto file = folder.path() / "export.jsonl";
  ASSERT_TRUE(write_file_atomically(file, lines[0] + "\n" + lines[1].substr(0, 100)));
  const auto report = verify_path(file);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->intact());
  EXPECT_TRUE(report->incomplete_tail);
  EXPECT_EQ(verify_path(folder.path() / "absent").error().code, ErrorCode::not_found);
}

TEST(verify, a_folder_without_segments_is_an_error_that_says_where_they_are) {
  const TemporaryFolder folder;
  auto report = verify_path(folder.path());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::not_found);
  EXPECT_THAT(report.error().detail, HasSubstr("in state_dir/spool"));
  std::filesystem::create_directory(folder.path() / "spool");
  const auto lines = lines_of("gw_1", 1);
  ASSERT_TRUE(write_file_atomically(folder.path() / "spool" / "00000000000000000001.log", lines[0] + "\n"));
  report = verify_path(folder.path());
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().detail, HasSubstr((folder.path() / "spool").string() + " does"));
  EXPECT_TRUE(verify_path(folder.path() / "spool"));
}

TEST(verify, a_file_that_never_was_of_an_audit_is_no_broken_one) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "file";
  ASSERT_TRUE(write_file_atomically(file, "# A document\n\nwith {\"record\": text}\n"));
  const auto report = verify_path(file);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().detail, HasSubstr("neither a segment"));
  ASSERT_TRUE(write_file_atomically(file, "\n"));
  EXPECT_TRUE(verify_path(file)->intact()) << "an export of nothing";
  ASSERT_TRUE(write_file_atomically(file, "overwritten\n" + lines_of("gw_1", 2)[1] + "\n"));
  ASSERT_TRUE(verify_path(file));
  EXPECT_EQ(verify_path(file)->broken->line, 1U) << "one line of ours makes it one of ours";
}

}  // namespace
}  // namespace sluice::audit
