// Databases of earlier versions, with rows in them.
#include "store/migrations.h"
#include "console_backend/activity/requests.h"
#include "console_backend/keys/virtual_keys.h"
#include "tests/unit/console/fixture.h"

namespace sluice::console {
namespace {

class MigrationsTest : public testing::Test {
 protected:
  std::unique_ptr<store::Database> database_before(std::span<const store::Migration> migrations, int number) {
    auto database = must(store::Database::open(folder.path / "old.db"));
    must(store::migrate(*database, migrations, number - 1));
    return database;
  }
  Folder folder;
};

TEST_F(MigrationsTest, zero_tokens_and_costs_of_rows_that_were_there_become_unknown) {
  const auto database = database_before(audit_migrations(), 5);
  must(database->write([](store::Session& session) {
    for (const char* row : {"'untold', 0, 0, 0, 0", "'input', 7, 0, 0, 0", "'output', 0, 8, 0, 0", "'read', 0, 0, 9, 0",
                            "'written', 0, 0, 0, 10"})
      session.run(std::string("INSERT INTO requests (time, origin, completed_at, request_id, input_tokens, "
                              "output_tokens, cache_read_tokens, cache_write_tokens) VALUES (1, 'gw_1', 2, ") +
                  row + ")");
  }));
  must(store::migrate(*database, audit_migrations()));
  const auto outcome = [&](std::string_view id) {
    return must(database->read([&](store::Session& session) { return find_request(session, id); }))->outcome;
  };
  EXPECT_FALSE(outcome("untold").tokens);
  EXPECT_EQ(outcome("input").tokens->input, 7);
  EXPECT_EQ(outcome("output").tokens->output, 8);
  EXPECT_EQ(outcome("read").tokens->cache_read, 9);
  EXPECT_EQ(outcome("written").tokens->cache_write, 10);
  for (const char* id : {"untold", "input"}) EXPECT_FALSE(outcome(id).cost_nanodollars) << id;
}

TEST_F(MigrationsTest, keys_that_were_there_keep_the_order_of_their_providers) {
  const auto database = database_before(config_migrations(), 3);
  must(database->write([](store::Session& session) {
    session.run(
        "INSERT INTO virtual_keys (id, name, key_sha256, key_hint, enabled, fleet_default, created_at, updated_at) "
        "VALUES ('ci', 'CI', 'hash', 'hint', 1, 0, 1, 1)");
    for (const char* row :
         {"'openai', 0, 'gpt-*'", "'gemini', 0, '*'", "'anthropic', 0, 'claude-b*'", "'anthropic', 1, 'claude-a*'"})
      session.run(
          std::string("INSERT INTO virtual_key_models (virtual_key_id, provider, position, pattern) VALUES ('ci', ") +
          row + ")");
  }));
  must(store::migrate(*database, config_migrations()));
  const auto key = must(database->read([](store::Session& session) { return find_virtual_key(session, "ci"); }));
  ASSERT_TRUE(key);
  std::vector<std::string> order;
  for (const auto& [provider, patterns] : key->allowed_models)
    for (const std::string& pattern : patterns) order.push_back(provider + " " + pattern);
  EXPECT_THAT(order, testing::ElementsAre("anthropic claude-b*", "anthropic claude-a*", "gemini *", "openai gpt-*"));
}

TEST_F(MigrationsTest, an_index_serves_each_of_the_logs_filters_that_names_one_thing) {
  const auto database = must(store::Database::open(folder.path / "new.db"));
  must(store::migrate(*database, audit_migrations()));
  for (const std::string column : {"app", "device", "virtual_key", "team"}) {
    const std::string plan = must(database->read([&](store::Session& session) {
      return session
          .rows("EXPLAIN QUERY PLAN SELECT request_id FROM requests WHERE " + column + " = 'x' ORDER BY time DESC")
          .at(0)
          .text("detail");
    }));
    EXPECT_THAT(plan, testing::HasSubstr("requests_by_" + column)) << column;
  }
}

}  // namespace
}  // namespace sluice::console
