#include "console_backend/api/change_hub.h"

#include <gtest/gtest.h>

#include <thread>

#include "async/task_group.h"

namespace sluice::console {
namespace {

Task<void> wait_and_count(ChangeHub* hub, int* woken) {
  co_await hub->wait_for_policy(in(std::chrono::seconds(30)));
  ++*woken;
}

struct Loop {
  async::EventLoop loop;
  ChangeHub hub{loop};
  async::TaskGroup group{loop};
};

Task<void> end(Loop* all) {
  co_await all->group.join();
  all->loop.stop();
}

TEST(ChangeHubTest, one_change_wakes_ten_thousand_waits_well_within_a_second) {
  Loop all;
  async::TaskGroup ending(all.loop);
  int woken = 0;
  SteadyPoint told;
  all.loop.post([&] {
    for (int i = 0; i < 10'000; ++i) all.group.start(wait_and_count(&all.hub, &woken));
    ending.start(end(&all));
    told = steady_now();
    all.hub.policy_changed();
  });
  all.loop.run();
  EXPECT_EQ(woken, 10'000);
  EXPECT_LT(steady_now() - told, std::chrono::seconds(1));
}

TEST(ChangeHubTest, closing_ends_waits_and_later_ones_at_once) {
  Loop all;
  async::TaskGroup ending(all.loop);
  int woken = 0;
  all.loop.post([&] {
    all.group.start(wait_and_count(&all.hub, &woken));
    all.hub.close();
    all.group.start(wait_and_count(&all.hub, &woken));
    ending.start(end(&all));
  });
  all.loop.run();
  EXPECT_EQ(woken, 2);
}

bool has(const Topics& topics, Topic topic) {
  return topics.has(static_cast<std::size_t>(topic));
}

Task<void> watch_until_both(ChangeHub* hub, Topics* seen) {
  ChangeHub::Watch watch(*hub);
  while (!has(*seen, Topic::devices) || !has(*seen, Topic::logs)) {
    co_await watch.wait(in(std::chrono::seconds(30)));
    seen->add(watch.take());
  }
}

TEST(ChangeHubTest, changes_from_another_thread_all_arrive) {
  Loop all;
  async::TaskGroup ending(all.loop);
  Topics seen;
  all.loop.post([&] {
    all.group.start(watch_until_both(&all.hub, &seen));
    ending.start(end(&all));
  });
  std::thread other([&] {
    all.hub.changed({Topic::devices});
    all.hub.changed({Topic::logs});
  });
  all.loop.run();
  other.join();
  EXPECT_TRUE(has(seen, Topic::devices) && has(seen, Topic::logs));
  EXPECT_FALSE(has(seen, Topic::keys));
}

}  // namespace
}  // namespace sluice::console
