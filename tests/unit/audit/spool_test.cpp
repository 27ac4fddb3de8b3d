#include "audit/spool.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <thread>

#include "audit/verify.h"
#include "base/files.h"
#include "tests/unit/audit/samples.h"

namespace sluice::audit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

SpoolOptions options_for(const std::filesystem::path& folder) {
  SpoolOptions options;
  options.folder = folder;
  options.origin = "gw_1";
  options.fsync = Fsync::never;
  return options;
}

std::unique_ptr<Spool> open_spool(const SpoolOptions& options) {
  auto spool = Spool::open(options);
  EXPECT_TRUE(spool) << spool.error().message();
  return spool ? std::move(*spool) : nullptr;
}

void append_requests(Spool& spool, int first, int count) {
  for (int i = first; i < first + count; ++i) {
    ASSERT_TRUE(spool.append(sample_intent("req_" + std::to_string(i))));
    ASSERT_TRUE(spool.append(sample_completion("req_" + std::to_string(i))));
  }
}

VerifyReport verified(const std::filesystem::path& folder) {
  auto report = verify_path(folder);
  EXPECT_TRUE(report);
  return report ? *report : VerifyReport{};
}

std::string text_of(const std::filesystem::path& file) {
  auto text = read_file(file);
  EXPECT_TRUE(text) << file;
  return text.value_or("");
}

void put_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

std::filesystem::path only_segment(const std::filesystem::path& folder) {
  std::filesystem::path found;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".log") found = entry.path();
  return found;
}

TEST(spool, records_get_ascending_sequences_and_a_chain_that_verifies) {
  const TemporaryFolder folder;
  const auto spool = open_spool(options_for(folder.path()));
  EXPECT_EQ(*spool->append(sample_intent("a")), 1U);
  EXPECT_EQ(*spool->append(sample_completion("a")), 2U);
  EXPECT_EQ(*spool->append(sample_refusal("b")), 3U);
  const VerifyReport report = verified(folder.path());
  EXPECT_TRUE(report.intact()) << report.to_text();
  EXPECT_EQ(report.chains.at("gw_1").records, 3U);
  EXPECT_EQ(spool->state().last_hash, report.chains.at("gw_1").last_hash);
}

TEST(spool, the_chain_goes_on_over_restarts) {
  const TemporaryFolder folder;
  for (int i = 0; i < 4; ++i) {
    const auto spool = open_spool(options_for(folder.path()));
    EXPECT_EQ(spool->state().last_sequence, static_cast<std::uint64_t>(2 * i));
    append_requests(*spool, i, 1);
  }
  const VerifyReport report = verified(folder.path());
  EXPECT_TRUE(report.intact()) << report.to_text();
  EXPECT_EQ(report.chains.at("gw_1").last, 8U);
}

TEST(spool, many_threads_append_one_chain) {
  const TemporaryFolder folder;
  SpoolOptions options = options_for(folder.path());
  options.segment_size = 20'000;
  {
    const auto spool = open_spool(options);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) threads.emplace_back([&spool, t] { append_requests(*spool, t * 1000, 100); });
    threads.clear();
    EXPECT_EQ(spool->state().last_sequence, 800U);
    EXPECT_THAT(spool->open_requests(), IsEmpty());
  }
  const VerifyReport report = verified(folder.path());
  EXPECT_TRUE(report.intact()) << report.to_text();
  EXPECT_EQ(report.chains.at("gw_1").records, 800U);
}

TEST(spool, intents_left_open_by_a_stop_are_closed_as_interrupted_once) {
  const TemporaryFolder folder;
  {
    const auto spool = open_spool(options_for(folder.path()));
    ASSERT_TRUE(spool->append(sample_intent("first")));
    ASSERT_TRUE(spool->append(sample_intent("done")));
    ASSERT_TRUE(spool->append(sample_completion("done")));
    ASSERT_TRUE(spool->append(sample_intent("second")));
  }
  {
    const auto spool = open_spool(options_for(folder.path()));
    EXPECT_EQ(spool->recovery().open_intents, 2U);
    EXPECT_THAT(spool->open_requests(), ElementsAre("first", "second"));
    EXPECT_EQ(*spool->close_interrupted(sample_time()), 2U);
    EXPECT_EQ(*spool->close_interrupted(sample_time()), 0U);
    EXPECT_THAT(spool->open_requests(), IsEmpty());
    const Batch batch = *spool->read_from(5, 10);
    ASSERT_THAT(batch.lines, SizeIs(2));
    EXPECT_THAT(batch.lines[0], HasSubstr(R"("request_id":"first","decision":"interrupted")"));
  }
  EXPECT_EQ(open_spool(options_for(folder.path()))->recovery().open_intents, 0U);
}

TEST(spool, a_tail_cut_at_any_byte_loses_only_the_record_that_was_cut) {
  const TemporaryFolder folder;
  {
    append_requests(*open_spool(options_for(folder.path())), 0, 1);
  }
  const auto segment = only_segment(folder.path());
  const std::string whole = text_of(segment);
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < whole.size(); ++i)
    if (whole[i] == '\n') ends.push_back(i + 1);
  ASSERT_THAT(ends, SizeIs(3));  // the header and two records
  for (std::size_t cut = ends[0]; cut <= whole.size(); ++cut) {
    const TemporaryFolder copy;
    put_text(copy.path() / segment.filename(), whole.substr(0, cut));
    const auto good =
        static_cast<std::uint64_t>(std::ranges::count_if(ends, [cut](std::size_t e) { return e <= cut; })) - 1;
    const auto spool = open_spool(options_for(copy.path()));
    ASSERT_EQ(spool->state().last_sequence, good) << cut;
    EXPECT_EQ(spool->recovery().torn_bytes, cut - ends[good]) << cut;
    EXPECT_EQ(spool->recovery().damaged_bytes, 0U);
    ASSERT_EQ(*spool->append(sample_intent("next")), good + 1);
    ASSERT_TRUE(verified(copy.path()).intact()) << cut;
  }
}

TEST(spool, a_header_cut_at_any_byte_is_written_again) {
  const TemporaryFolder folder;
  SpoolOptions options = options_for(folder.path());
  options.segment_size = 100;  // every record in a segment of its own
  {
    append_requests(*open_spool(options), 0, 2);
  }
  const auto last = folder.path() / "00000000000000000004.log";
  const std::string whole = text_of(last);
  const std::size_t header = whole.find('\n') + 1;
  for (std::size_t cut = 0; cut < header; ++cut) {
    put_text(last, whole.substr(0, cut));
    const auto spool = open_spool(options);
    ASSERT_EQ(spool->state().last_sequence, 3U) << cut;
    ASSERT_EQ(*spool->append(sample_completion("req_1")), 4U);
    ASSERT_TRUE(verified(folder.path()).intact()) << cut;
  }
}

TEST(spool, damage_within_a_segment_is_set_aside_and_the_chain_goes_on_before_it) {
  const TemporaryFolder folder;
  {
    append_requests(*open_spool(options_for(folder.path())), 0, 3);
  }
  const auto segment = only_segment(folder.path());
  std::string text = text_of(segment);
  const std::size_t third = text.find(R"("sequence":3)");
  text[third + 30] = '#';
  put_text(segment, text);
  const auto spool = open_spool(options_for(folder.path()));
  EXPECT_EQ(spool->state().last_sequence, 2U);
  EXPECT_GT(spool->recovery().damaged_bytes, 1000U);
  EXPECT_TRUE(std::ranges::any_of(std::filesystem::directory_iterator(folder.path()),
                                  [](const auto& entry) { return entry.path().extension() == ".damaged"; }));
  EXPECT_TRUE(verified(folder.path()).intact());
}

TEST(spool, reading_gives_every_line_once_in_batches_of_any_size) {
  const TemporaryFolder folder;
  SpoolOptions options = options_for(folder.path());
  options.segment_size = 3000;
  const auto spool = open_spool(options);
  append_requests(*spool, 0, 20);
  for (const std::size_t size : {1UL, 3UL, 7UL, 40UL, 100UL}) {
    std::uint64_t next = 1;
    std::string all;
    for (;;) {
      const Batch batch = *spool->read_from(next, size);
      if (batch.lines.empty()) break;
      EXPECT_EQ(batch.first, next);
      EXPECT_EQ(batch.last, next + batch.lines.size() - 1);
      for (const std::string& line : batch.lines) all += line + "\n";
      next = batch.last + 1;
    }
    EXPECT_EQ(next, 41U) << size;
    EXPECT_TRUE(verify_text(all).intact()) << size;
  }
  const Batch small = *spool->read_from(1, 100, 10);
  EXPECT_THAT(small.lines, SizeIs(1));
  EXPECT_THAT(spool->read_from(41, 10)->lines, IsEmpty());
  EXPECT_EQ(spool->read_from(41, 10)->first, 0U);
}

TEST(spool, a_reader_at_the_end_sees_what_is_appended_next) {
  const TemporaryFolder folder;
  SpoolOptions options = options_for(folder.path());
  options.segment_size = 2000;
  const auto spool = open_spool(options);
  for (std::uint64_t next = 1; next < 30; ++next) {
    ASSERT_THAT(spool->read_from(next, 10)->lines, IsEmpty());
    ASSERT_TRUE(spool->append(sample_refusal("r")));
    const Batch batch = *spool->read_from(next, 10);
    ASSERT_THAT(batch.lines, SizeIs(1)) << next;
    ASSERT_EQ(check_line(batch.lines[0])->sequence, next);
  }
}

TEST(spool, acknowledged_segments_are_dropped_and_the_sequence_stays) {
  const TemporaryFolder folder;
  SpoolOptions options = options_for(folder.path());
  options.segment_size = 2000;
  {
    const auto spool = open_spool(options);
    append_requests(*spool, 0, 20);
    const SpoolState before = spool->state();
    ASSERT_TRUE(spool->acknowledge(20));
    EXPECT_LT(spool->state().segments, before.segments);
    EXPECT_LT(spool->state().bytes, before.bytes);
    EXPECT_EQ(spool->read_from(21, 1)->first, 21U);
    EXPECT_LE(spool->read_from(1, 1)->first, 21U);
    ASSERT_TRUE(spool->acknowledge(40));
    EXPECT_EQ(spool->state().segments, 1U);
    EXPECT_EQ(spool->acknowledge(41).error().code, ErrorCode::invalid_argument);
    EXPECT_TRUE(spool->acknowledge(3)) << "an older acknowledgement changes nothing";
    EXPECT_EQ(spool->state().acknowledged, 40U);
  }
  const auto spool = open_spool(options);
  EXPECT_EQ(spool->state().acknowledged, 40U);
  EXPECT_EQ(*spool->append(sample_intent("next")), 41U);
}

TEST(spool, a_segment_with_an_open_intent_is_kept_so_that_a_restart_can_close_it) {
  const TemporaryFolder folder;
  SpoolOptions options = options_for(folder.path());
  options.segment_size = 1000;
  {
    const auto spool = open_spool(options);
    ASSERT_TRUE(spool->append(sample_intent("long")));
    append_requests(*spool, 0, 10);
    ASSERT_TRUE(spool->acknowledge(21));
    EXPECT_GT(spool->state().segments, 5U);
  }
  const auto spool = open_spool(options);
  EXPECT_THAT(spool->open_requests(), ElementsAre("long"));
  ASSERT_TRUE(spool->close_interrupted(sample_time()));
  ASSERT_TRUE(spool->acknowledge(22));
  EXPECT_LE(spool->state().segments, 2U);
}

TEST(spool, lost_segments_never_give_a_number_twice) {
  const TemporaryFolder folder;
  Hash hash{};
  {
    const auto spool = open_spool(options_for(folder.path()));
    append_requests(*spool, 0, 5);
    ASSERT_TRUE(spool->acknowledge(10));
    hash = spool->state().last_hash;
  }
  std::filesystem::remove(only_segment(folder.path()));
  const auto spool = open_spool(options_for(folder.path()));
  EXPECT_EQ(spool->state().last_hash, hash);
  EXPECT_EQ(*spool->append(sample_intent("next")), 11U);
}

TEST(spool, the_limit_refuses_new_requests_and_still_takes_the_ends_of_running_ones) {
  const TemporaryFolder folder;
  SpoolOptions options = options_for(folder.path());
  options.size_limit = 20'000;
  options.segment_size = 4000;
  const auto spool = open_spool(options);
  int taken = 0;
  while (spool->append(sample_intent("req_" + std::to_string(taken)))) ++taken;
  const auto refused = spool->append(sample_refusal("x"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::storage_full);
  EXPECT_THAT(refused.error().detail, HasSubstr("20000"));
  for (int i = 0; i < taken; ++i) EXPECT_TRUE(spool->append(sample_completion("req_" + std::to_string(i)))) << i;
  EXPECT_TRUE(verified(folder.path()).intact());
  ASSERT_TRUE(spool->acknowledge(spool->state().last_sequence));
  EXPECT_LE(spool->state().segments, 2U);
  EXPECT_TRUE(spool->append(sample_intent("room again")));
}

// While alive, no file of this process may grow past `bytes`: a full disk of an exact size.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST(spool, a_full_disk_refuses_the_record_leaves_nothing_of_it_and_recovers) {
  const TemporaryFolder folder;
  const auto spool = open_spool(options_for(folder.path()));
  append_requests(*spool, 0, 2);
  const auto segment = only_segment(folder.path());
  const auto size = std::filesystem::file_size(segment);
  for (const rlim_t room : {0UL, 1UL, 100UL, 500UL}) {
    Result<std::uint64_t> refused;
    {
      const FileSizeLimit full(size + room);
      refused = spool->append(sample_intent("no room"));
    }
    ASSERT_FALSE(refused) << room;
    EXPECT_EQ(refused.error().code, ErrorCode::storage_full);
    EXPECT_EQ(std::filesystem::file_size(segment), size) << room;
  }
  EXPECT_EQ(spool->state().last_sequence, 4U);
  EXPECT_EQ(*spool->append(sample_intent("room again")), 5U);
  EXPECT_TRUE(verified(folder.path()).intact());
}

TEST(spool, a_disk_too_full_for_a_new_segment_leaves_no_empty_one) {
  const TemporaryFolder folder;
  SpoolOptions options = options_for(folder.path());
  options.segment_size = 100;
  const auto spool = open_spool(options);
  append_requests(*spool, 0, 1);
  {
    const FileSizeLimit full(20);
    EXPECT_EQ(spool->append(sample_intent("no room")).error().code, ErrorCode::storage_full);
  }
  EXPECT_EQ(spool->state().segments, 2U);
  EXPECT_EQ(*spool->append(sample_intent("room again")), 3U);
  EXPECT_TRUE(verified(folder.path()).intact());
}

TEST(spool, a_completion_that_a_full_disk_refuses_is_written_when_there_is_room) {
  const TemporaryFolder folder;
  SpoolOptions options = options_for(folder.path());
  options.segment_size = 1000;
  const auto spool = open_spool(options);
  ASSERT_TRUE(spool->append(sample_intent("late")));
  {
    const FileSizeLimit full(20);
    EXPECT_EQ(spool->append(sample_completion("late")).error().code, ErrorCode::storage_full);
    EXPECT_FALSE(spool->append(sample_intent("no room")));
  }
  EXPECT_THAT(spool->open_requests(), ElementsAre("late"));
  append_requests(*spool, 0, 10);
  EXPECT_THAT(spool->open_requests(), IsEmpty());
  EXPECT_EQ(spool->state().last_sequence, 22U);
  ASSERT_TRUE(spool->acknowledge(22));
  EXPECT_LE(spool->state().segments, 2U);
}

TEST(spool, a_second_process_or_another_origin_is_refused) {
  const TemporaryFolder folder;
  {
    const auto spool = open_spool(options_for(folder.path()));
    ASSERT_TRUE(spool->append(sample_intent("a")));
    EXPECT_EQ(Spool::open(options_for(folder.path())).error().code, ErrorCode::conflict);
  }
  SpoolOptions other = options_for(folder.path());
  other.origin = "gw_2";
  const auto refused = Spool::open(other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::conflict);
  EXPECT_THAT(refused.error().detail, HasSubstr("gw_1"));
}

TEST(spool, every_fsync_policy_keeps_the_chain) {
  for (const Fsync policy : {Fsync::never, Fsync::batch, Fsync::each}) {
    const TemporaryFolder folder;
    SpoolOptions options = options_for(folder.path());
    options.fsync = policy;
    options.segment_size = 3000;
    {
      const auto spool = open_spool(options);
      std::vector<std::jthread> threads;
      for (int t = 0; t < 3; ++t) threads.emplace_back([&spool, t] { append_requests(*spool, t * 100, 10); });
    }
    EXPECT_EQ(verified(folder.path()).chains.at("gw_1").records, 60U);
  }
  EXPECT_EQ(*fsync_from_name("each"), Fsync::each);
  EXPECT_FALSE(fsync_from_name("sometimes"));
}

// Appends from three threads and reports each sequence through the pipe once append() has returned; never returns.
[[noreturn]] void append_until_killed(const std::filesystem::path& folder, int report) {
  SpoolOptions options = options_for(folder);
  options.segment_size = 50'000;
  auto spool = Spool::open(options);
  if (!spool) ::_exit(1);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&spool, report, t] {
      for (std::uint64_t i = 0;; ++i) {
        const auto sequence = (*spool)->append(sample_intent("req_" + std::to_string(t) + "_" + std::to_string(i)));
        if (!sequence || ::write(report, &*sequence, sizeof *sequence) != sizeof *sequence) ::_exit(2);
      }
    });
  for (;;) ::pause();
}

TEST(spool, kill_9_loses_no_record_that_append_returned_for) {
  const TemporaryFolder folder;
  std::uint64_t highest = 0;
  for (int round = 0; round < 5; ++round) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    ASSERT_GE(::fcntl(ends[1], F_SETPIPE_SZ, 4096), 0);  // the child runs 512 records ahead at most
    const pid_t child = ::fork();
    if (child == 0) append_until_killed(folder.path(), ends[1]);
    ::close(ends[1]);
    std::uint64_t sequence = 0;
    for (int i = 0; i < 100 + 97 * round; ++i) {
      ASSERT_EQ(::read(ends[0], &sequence, sizeof sequence), static_cast<ssize_t>(sizeof sequence));
      highest = std::max(highest, sequence);
    }
    ::kill(child, SIGKILL);
    while (::read(ends[0], &sequence, sizeof sequence) == static_cast<ssize_t>(sizeof sequence))
      highest = std::max(highest, sequence);
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    const auto spool = open_spool(options_for(folder.path()));
    ASSERT_GE(spool->state().last_sequence, highest);
    highest = spool->state().last_sequence;
    const VerifyReport report = verified(folder.path());
    ASSERT_TRUE(report.intact()) << report.to_text();
    EXPECT_EQ(report.chains.at("gw_1").records, highest);
  }
}

}  // namespace
}  // namespace sluice::audit
