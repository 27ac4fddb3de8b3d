#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <thread>

#include "store/migrations.h"

namespace sluice::store {
namespace {

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    std::string pattern = testing::TempDir() + "sluice_store_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    Result<std::unique_ptr<Database>> opened = Database::open(file());
    if (!opened) throw std::runtime_error(opened.error().message());
    database_ = std::move(*opened);
    EXPECT_TRUE(database_->write([](Session& session) {
      session.run("CREATE TABLE cats (name TEXT NOT NULL PRIMARY KEY, born BIGINT, note TEXT)");
    }));
  }
  ~StoreTest() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::filesystem::path file() const { return folder_ / "cats.db"; }
  std::int64_t count() {
    return *database_->read([](Session& session) { return session.number("SELECT COUNT(*) AS n FROM cats"); });
  }
  Result<void> add(std::string_view name) {
    return database_->write([&](Session& session) {
      session.run("INSERT INTO cats (name, born) VALUES (:name, :born)", {{"name", name}, {"born", 7}});
    });
  }

  std::filesystem::path folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(StoreTest, a_value_comes_back_as_it_went_in) {
  const std::int64_t large = 1'790'000'000'123'456;
  const std::string awkward = "O'Hara \"x\" :name é";
  ASSERT_TRUE(database_->write([&](Session& session) {
    session.run("INSERT INTO cats (name, born, note) VALUES (:name, :born, :note)",
                {{"name", awkward}, {"born", large}, {"note", std::nullopt}});
  }));
  Result<std::optional<Row>> row = database_->read([&](Session& session) {
    return session.row("SELECT name, born, note, born + 1 AS later FROM cats WHERE name = :name", {{"name", awkward}});
  });
  ASSERT_TRUE(row && *row);
  EXPECT_EQ((*row)->text("name"), awkward);
  EXPECT_EQ((*row)->number("born"), large);
  EXPECT_EQ((*row)->number("later"), large + 1);
  EXPECT_TRUE((*row)->null("note"));
}

TEST_F(StoreTest, a_write_that_returns_an_error_changes_nothing) {
  Result<void> outcome = database_->write([](Session& session) -> Result<void> {
    session.run("INSERT INTO cats (name) VALUES ('Tom')");
    return fail(ErrorCode::forbidden, "no cats");
  });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::forbidden);
  EXPECT_EQ(count(), 0);
}

TEST_F(StoreTest, a_broken_constraint_is_a_conflict_and_the_next_write_works) {
  ASSERT_TRUE(add("Tom"));
  Result<void> again = add("Tom");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
  EXPECT_TRUE(add("Ann"));
  EXPECT_EQ(count(), 2);
}

TEST_F(StoreTest, wrong_sql_is_an_error_and_not_an_exception) {
  Result<void> outcome = database_->write([](Session& session) { session.run("SELEKT"); });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::io_failed);
}

TEST_F(StoreTest, the_error_of_a_constraint_does_not_repeat_the_values) {
  ASSERT_TRUE(add("secret-value"));
  Result<void> again = add("secret-value");
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message(), testing::Not(testing::HasSubstr("secret-value")));
}

TEST_F(StoreTest, foreign_keys_are_enforced) {
  ASSERT_TRUE(database_->write(
      [](Session& session) { session.run("CREATE TABLE toys (owner TEXT NOT NULL REFERENCES cats (name))"); }));
  Result<void> orphan =
      database_->write([](Session& session) { session.run("INSERT INTO toys (owner) VALUES ('nobody')"); });
  ASSERT_FALSE(orphan);
  EXPECT_EQ(orphan.error().code, ErrorCode::conflict);
}

TEST_F(StoreTest, a_reader_sees_the_last_commit_while_a_write_is_open) {
  ASSERT_TRUE(add("Tom"));
  ASSERT_TRUE(database_->write([&](Session& session) {
    session.run("INSERT INTO cats (name) VALUES ('Ann')");
    EXPECT_EQ(count(), 1);
  }));
  EXPECT_EQ(count(), 2);
}

TEST_F(StoreTest, writers_on_many_threads_take_turns) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < 5; ++i) EXPECT_TRUE(add(std::to_string(t) + "-" + std::to_string(i)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count(), 20);
}

TEST_F(StoreTest, the_file_is_readable_by_its_owner_only) {
  struct stat facts{};
  ASSERT_EQ(::stat(file().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
}

TEST(StatementsOf, splits_at_semicolons_that_end_a_line_and_drops_comment_lines) {
  EXPECT_THAT(statements_of("-- why\nCREATE TABLE a (\n  x TEXT\n);\n\n  -- more\nINSERT INTO a VALUES ('p;q');\n"),
              testing::ElementsAre("CREATE TABLE a (\n  x TEXT\n)", "INSERT INTO a VALUES ('p;q')"));
}

constexpr Migration two_steps[] = {{1, "0001_a", "CREATE TABLE a (x TEXT);\nINSERT INTO a VALUES ('old');\n"},
                                   {2, "0002_b", "ALTER TABLE a ADD COLUMN y TEXT NOT NULL DEFAULT 'new';\n"}};

TEST_F(StoreTest, a_migration_runs_on_the_data_of_the_version_before_it_and_once) {
  EXPECT_EQ(*migrate(*database_, two_steps, 1), 1);
  EXPECT_EQ(*migrate(*database_, two_steps), 1);
  EXPECT_EQ(*migrate(*database_, two_steps), 0);
  Result<std::optional<Row>> row = database_->read([](Session& session) { return session.row("SELECT x, y FROM a"); });
  ASSERT_TRUE(row && *row);
  EXPECT_EQ((*row)->text("x"), "old");
  EXPECT_EQ((*row)->text("y"), "new");
}

TEST_F(StoreTest, a_migration_that_fails_leaves_the_version_before_it) {
  constexpr Migration broken[] = {{1, "0001_a", "CREATE TABLE a (x TEXT);\nSELEKT;\n"}};
  EXPECT_FALSE(migrate(*database_, broken));
  EXPECT_EQ(*migrate(*database_, two_steps), 2);
}

TEST_F(StoreTest, a_database_of_a_later_version_is_refused) {
  ASSERT_TRUE(migrate(*database_, two_steps));
  Result<int> older = migrate(*database_, std::span(two_steps).first(1));
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code, ErrorCode::conflict);
}

TEST_F(StoreTest, a_gap_in_the_numbers_is_refused) {
  constexpr Migration gap[] = {{2, "0002_b", "CREATE TABLE a (x TEXT);\n"}};
  EXPECT_FALSE(migrate(*database_, gap));
}

}  // namespace
}  // namespace sluice::store
