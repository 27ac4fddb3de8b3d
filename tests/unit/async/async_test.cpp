#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "async/event_loop.h"
#include "async/leaf.h"
#include "async/task_group.h"
#include "async/worker_pool.h"

namespace sluice::async {
namespace {

using namespace std::chrono_literals;

Task<int> number(int value) {
  co_return value;
}

Task<int> add(int left, int right) {
  const int a = co_await number(left);
  const int b = co_await number(right);
  co_return a + b;
}

Task<int> throws() {
  throw std::runtime_error("broken");
  co_return 1;
}

TEST(Task, DeliversValuesThroughAChain) {
  int sum = 0;
  struct Steps {
    static Task<void> run(int* out) { *out = co_await add(40, 2); }
  };
  run_to_end(Steps::run(&sum));
  EXPECT_EQ(sum, 42);
}

TEST(Task, CarriesAnExceptionToItsAwaiter) {
  struct Steps {
    static Task<void> run() {
      const int value = co_await throws();
      static_cast<void>(value);
    }
  };
  EXPECT_THROW(run_to_end(Steps::run()), std::runtime_error);
}

TEST(Task, ADeepChainNeedsNoStack) {
  struct Steps {
    static Task<int> deep(int level) {
      if (level == 0) co_return 0;
      const int below = co_await deep(level - 1);
      co_return below + 1;
    }
    static Task<void> run(int* out) { *out = co_await deep(20'000); }
  };
  int depth = 0;
  run_to_end(Steps::run(&depth));
  EXPECT_EQ(depth, 20'000);
}

TEST(Signal, AWaitEndsWithTimedOutWhenNobodyNotifies) {
  struct Steps {
    static Task<void> run(Result<void>* out) {
      Signal signal;
      *out = co_await signal.wait(in(20ms));
    }
  };
  Result<void> outcome;
  run_to_end(Steps::run(&outcome));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::timed_out);
}

TEST(Signal, ANotificationBeforeTheWaitIsNotLost) {
  struct Steps {
    static Task<void> run(Result<void>* out) {
      Signal signal;
      signal.notify();
      *out = co_await signal.wait(in(10s));
    }
  };
  Result<void> outcome = fail(ErrorCode::internal);
  run_to_end(Steps::run(&outcome));
  EXPECT_TRUE(outcome);
}

TEST(Deadlines, NeverFireEarly) {
  struct Steps {
    static Task<void> run(std::chrono::steady_clock::duration* late) {
      for (const auto span : {1ms, 49ms, 51ms, 120ms}) {
        Signal signal;
        const Deadline due = in(span);
        Result<void> outcome = co_await signal.wait(due);
        EXPECT_EQ(outcome.error().code, ErrorCode::timed_out);
        *late = std::min(*late, steady_now() - due);
      }
    }
  };
  std::chrono::steady_clock::duration late = 1h;
  run_to_end(Steps::run(&late));
  EXPECT_GE(late.count(), 0);
}

TEST(TaskGroup, StopEndsEveryWaitWithCancelledAndWaitsForTheTasks) {
  struct Steps {
    static Task<void> wait_for_ever(int* cancelled) {
      Signal signal;
      Result<void> outcome = co_await signal.wait(no_deadline);
      if (!outcome && outcome.error().code == ErrorCode::cancelled) ++*cancelled;
    }
    static Task<void> sleep_long(int* cancelled) {
      Result<void> outcome = co_await sleep_for(1h);
      if (!outcome && outcome.error().code == ErrorCode::cancelled) ++*cancelled;
    }
    static Task<void> run(int* cancelled) {
      TaskGroup group(*EventLoop::current());
      for (int i = 0; i < 10; ++i) {
        group.start(wait_for_ever(cancelled));
        group.start(sleep_long(cancelled));
      }
      EXPECT_EQ(group.size(), 20u);
      co_await group.stop();
      EXPECT_EQ(group.size(), 0u);
      EXPECT_EQ(*cancelled, 20);
    }
  };
  int cancelled = 0;
  run_to_end(Steps::run(&cancelled));
  EXPECT_EQ(cancelled, 20);
}

TEST(TaskGroup, AWaitThatBeginsAfterTheStopEndsAtOnce) {
  struct Steps {
    static Task<void> two_waits(std::vector<ErrorCode>* seen) {
      for (int i = 0; i < 2; ++i) {
        Result<void> outcome = co_await sleep_for(1h);
        seen->push_back(outcome.error().code);
      }
    }
    static Task<void> run(std::vector<ErrorCode>* seen) {
      TaskGroup group(*EventLoop::current());
      group.start(two_waits(seen));
      co_await group.stop();
    }
  };
  std::vector<ErrorCode> seen;
  run_to_end(Steps::run(&seen));
  EXPECT_THAT(seen, testing::ElementsAre(ErrorCode::cancelled, ErrorCode::cancelled));
}

TEST(Both, WaitsForTheSlowerOne) {
  struct Steps {
    static Task<void> quick(std::string* order) {
      order->push_back('q');
      co_return;
    }
    static Task<void> slow(std::string* order) {
      Result<void> outcome = co_await sleep_for(5ms);
      EXPECT_TRUE(outcome);
      order->push_back('s');
    }
    static Task<void> run(std::string* order) {
      co_await both(slow(order), quick(order));
      order->push_back('e');
    }
  };
  std::string order;
  run_to_end(Steps::run(&order));
  EXPECT_EQ(order, "qse");
}

TEST(WorkerPool, RunsOnAnotherThreadAndResumesOnTheLoop) {
  struct Steps {
    static Task<void> run(WorkerPool* pool) {
      const std::thread::id here = std::this_thread::get_id();
      const std::thread::id there = co_await pool->run([] { return std::this_thread::get_id(); });
      EXPECT_NE(there, here);
      EXPECT_EQ(std::this_thread::get_id(), here);
    }
  };
  WorkerPool pool(1);
  run_to_end(Steps::run(&pool));
}

TEST(WorkerPool, CarriesAnExceptionBack) {
  struct Steps {
    static Task<void> run(WorkerPool* pool) {
      co_await pool->run([] { throw std::runtime_error("broken"); });
    }
  };
  WorkerPool pool(1);
  EXPECT_THROW(run_to_end(Steps::run(&pool)), std::runtime_error);
}

TEST(EventLoop, PostWakesItFromAnotherThread) {
  EventLoop loop;
  std::atomic<bool> ran = false;
  std::thread other([&] {
    loop.post([&] {
      ran = true;
      loop.stop();
    });
  });
  loop.run();
  other.join();
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace sluice::async
