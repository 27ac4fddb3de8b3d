#include "agent/intercept/leaf_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>

#include "tls/ca.h"

namespace sluice::agent {
namespace {

using namespace std::chrono_literals;

class LeafStoreTest : public testing::Test {
 protected:
  LeafStoreTest() {
    std::string name = (std::filesystem::temp_directory_path() / "leaf_test_XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~LeafStoreTest() override { std::filesystem::remove_all(folder); }

  LeafStore::Sign signer() {
    return [this](const std::string& host, const std::string& csr) -> Result<wire::LeafResponse> {
      ++signings;
      if (console_away) return fail(ErrorCode::connect_failed, "away");
      const auto request = tls::parse_signing_request(csr);
      if (!request) return fail(request.error());
      auto chain = tls::sign_leaf(issuing, *request, host, "dev_1", clock.now());
      if (!chain) return fail(chain.error());
      return wire::LeafResponse{.chain = *chain, .not_after = clock.now() + 48h};
    };
  }
  // Runs `body` with a store on a loop.
  void with_store(const std::function<Task<void>(LeafStore&)>& body) {
    async::EventLoop loop;
    async::WorkerPool workers(2);
    async::TaskGroup group(loop);
    LeafStore store(group, workers, clock, folder, signer());
    async::TaskGroup test(loop);
    loop.post([&] { test.start(run(&store, &body, &group, &loop)); });
    loop.run();
  }
  static Task<void> run(LeafStore* store, const std::function<Task<void>(LeafStore&)>* body, async::TaskGroup* group,
                        async::EventLoop* loop) {
    Task<void> task = (*body)(*store);
    co_await std::move(task);
    co_await group->join();
    loop->stop();
  }
  static Task<void> ask(LeafStore* store, std::string host, bool* good) {
    Result<tls::TlsContext> context = co_await store->context_for(std::move(host));
    *good = context.has_value();
  }
  static Task<void> ask_twice(LeafStore* store, std::string host, bool* first, bool* second) {
    co_await async::both(ask(store, host, first), ask(store, host, second));
  }

  std::filesystem::path folder;
  ManualClock clock{wall_now()};
  std::atomic<int> signings = 0;
  std::atomic<bool> console_away = false;
  const std::vector<std::string> domains{"openai.com"};
  const tls::Authority root = *tls::make_root("Example Corp", domains, clock.now());
  const tls::Authority issuing = *tls::make_issuing_ca(root, "Example Corp", domains, clock.now());
};

TEST_F(LeafStoreTest, AsksTheConsoleOnceForConnectionsThatComeTogether) {
  bool first = false;
  bool second = false;
  with_store([&](LeafStore& store) { return ask_twice(&store, "api.openai.com", &first, &second); });
  EXPECT_TRUE(first && second);
  EXPECT_EQ(signings, 1);
}

TEST_F(LeafStoreTest, KeepsLeavesOverARestart) {
  bool good = false;
  with_store([&](LeafStore& store) { return ask(&store, "api.openai.com", &good); });
  console_away = true;
  good = false;
  with_store([&](LeafStore& store) { return ask(&store, "api.openai.com", &good); });
  EXPECT_TRUE(good);
  EXPECT_EQ(signings, 1);
}

TEST_F(LeafStoreTest, RenewsAtHalfItsLifeWithoutMakingAnybodyWait) {
  bool good = false;
  with_store([&](LeafStore& store) { return ask(&store, "api.openai.com", &good); });
  clock.advance(25h);
  with_store([&](LeafStore& store) { return ask(&store, "api.openai.com", &good); });
  clock.advance(1h);
  EXPECT_TRUE(good);
}

TEST_F(LeafStoreTest, DoesNotUseALeafThatHasEnded) {
  bool good = false;
  with_store([&](LeafStore& store) { return ask(&store, "api.openai.com", &good); });
  clock.advance(49h);
  console_away = true;
  with_store([&](LeafStore& store) { return ask(&store, "api.openai.com", &good); });
  EXPECT_FALSE(good);
}

TEST_F(LeafStoreTest, RemembersAFailureForAWhile) {
  console_away = true;
  bool first = true;
  bool second = true;
  with_store([&](LeafStore& store) { return ask_twice(&store, "api.openai.com", &first, &second); });
  EXPECT_FALSE(first || second);
  EXPECT_EQ(signings, 1);
}

}  // namespace
}  // namespace sluice::agent
