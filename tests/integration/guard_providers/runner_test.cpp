// What the runner does over several checks: breaker, budget, connections. Time is an argument, nothing waits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <mutex>

#include "log/log.h"
#include "stand_in.h"

namespace sluice::gateway {
namespace {

using namespace std::chrono_literals;
using policy::GuardProvider;
using policy::Surface;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view clean = "nothing here", attack = "an attack";

StandIn& stand_in() {
  static StandIn one;
  return one;
}

Moment after(Moment start, std::chrono::seconds span) {
  return {start.wall + span, start.steady + span};
}

TEST(Runner, AsksAProviderThatFailedAgainOnlyWhenTheBreakerLetsIt) {
  GuardProvider provider = stand_in().provider("webhook", "breaker");
  provider.breaker_failures = 2;
  provider.breaker_open_seconds = 30;
  on_a_loop(list(std::move(provider)), [](Bench bench) -> Task<void> {
    const Moment start = Moment::now();
    stand_in().behave("breaker", "status=500");
    std::vector<std::string> told;
    for (int i = 0; i < 3; ++i) told.push_back(co_await bench.check("breaker", {clean}, Surface::input, start));
    EXPECT_THAT(told, ::testing::ElementsAre("vendor_failed", "vendor_failed", "breaker_open"));
    EXPECT_EQ(stand_in().requests("breaker"), 2);
    // The try after its time fails too: open for as long again.
    told.clear();
    told.push_back(co_await bench.check("breaker", {clean}, Surface::input, after(start, 40s)));
    stand_in().behave("breaker", "ok");
    told.push_back(co_await bench.check("breaker", {clean}, Surface::input, after(start, 60s)));
    told.push_back(co_await bench.check("breaker", {clean}, Surface::input, after(start, 80s)));
    told.push_back(co_await bench.check("breaker", {attack}, Surface::input, after(start, 80s)));
    EXPECT_THAT(told, ::testing::ElementsAre("vendor_failed", "breaker_open", "", HasSubstr("breaker/attack")));
    EXPECT_EQ(stand_in().requests("breaker"), 5);
  });
}

TEST(Runner, KeepsTheBreakerOfAProviderThatDidNotChange) {
  const auto settings = [](std::int64_t timeout_ms) {
    GuardProvider provider = stand_in().provider("webhook", "kept");
    provider.breaker_failures = 1;
    provider.timeout_ms = timeout_ms;
    return provider;
  };
  stand_in().behave("kept", "status=500");
  on_a_loop(list(settings(9000)), [&](Bench bench) -> Task<void> {
    const Moment start = Moment::now();
    std::string told = co_await bench.check("kept", {clean}, Surface::input, start);
    EXPECT_EQ(told, "vendor_failed");
    bench.runner.set_providers(list(settings(9000)));
    told = co_await bench.check("kept", {clean}, Surface::input, start);
    EXPECT_EQ(told, "breaker_open");
    bench.runner.set_providers(list(settings(9001)));
    told = co_await bench.check("kept", {clean}, Surface::input, start);
    EXPECT_EQ(told, "vendor_failed");
    std::vector<GuardProvider> renewed = list(settings(9001));
    renewed[0].credential = Secret("another");
    bench.runner.set_providers(renewed);
    told = co_await bench.check("kept", {clean}, Surface::input, start);
    EXPECT_EQ(told, "vendor_failed");
    bench.runner.set_providers({});
    told = co_await bench.check("kept", {clean}, Surface::input, start);
    EXPECT_EQ(told, "misconfigured");
  });
}

TEST(Runner, WaitsForAProviderOnlyForWhatIsLeftOfTheTimeSinceThen) {
  GuardProvider provider = stand_in().provider("webhook", "late");
  provider.timeout_ms = 60'000;
  provider.breaker_failures = 1;
  stand_in().behave("late", "hang");
  on_a_loop(list(std::move(provider)), [](Bench bench) -> Task<void> {
    const SteadyPoint began = steady_now();
    const auto ask = [&](std::chrono::milliseconds left) {
      return bench.runner.check("late", Surface::input, {clean}, Moment::now(), began - 60s + left);
    };
    Result<ExternalResult> hung = co_await ask(500ms);
    EXPECT_EQ(reason_of(hung.error()), "timed_out");
    EXPECT_LT(steady_now() - began, 30s);
    EXPECT_EQ(stand_in().requests("late"), 1);
    Result<ExternalResult> unasked = co_await ask(0ms);
    EXPECT_EQ(reason_of(unasked.error()), "timed_out");
    EXPECT_EQ(stand_in().requests("late"), 1) << "nothing of its time is left";
    stand_in().behave("late", "ok");
    const std::string told = co_await bench.check("late", {clean});
    EXPECT_EQ(told, "") << "that it had less than its time does not open the breaker";
  });
}

TEST(Runner, StopsAtTheBudgetOfTheMinute) {
  GuardProvider provider = stand_in().provider("webhook", "budget");
  provider.calls_per_minute = 2;
  on_a_loop(list(std::move(provider)), [](Bench bench) -> Task<void> {
    const Moment start = Moment::now();
    std::vector<std::string> told;
    for (int i = 0; i < 3; ++i) told.push_back(co_await bench.check("budget", {attack}, Surface::input, start));
    EXPECT_EQ(told[2], "budget");
    EXPECT_THAT(told[1], HasSubstr("budget/attack"));
    told.push_back(co_await bench.check("budget", {clean}, Surface::input, after(start, 30s)));
    EXPECT_EQ(told[3], "");
    EXPECT_EQ(stand_in().requests("budget"), 3);
  });
}

TEST(Runner, RepeatsACheckOnAConnectionThatTheProviderHadClosed) {
  stand_in().behave("stale", "stale");
  on_a_loop(list(stand_in().provider("webhook", "stale")), [](Bench bench) -> Task<void> {
    for (int i = 0; i < 5; ++i) {
      const std::string told = co_await bench.check("stale", {clean});
      EXPECT_EQ(told, "") << i;
    }
  });
}

TEST(Runner, SendsALongTextInPiecesAndNamesWhatStandsInTwoOnce) {
  // Azure takes 10,000 characters. The address stands in the overlap of the first two pieces.
  std::string text(9900, 'x');
  const std::size_t at = text.size() + 2;
  text += "é a@b.com " + std::string(5000, 'y');
  on_a_loop(list(stand_in().provider("azure_content_safety", "long")), [&](Bench bench) -> Task<void> {
    const std::string told = co_await bench.check("long", {text});
    EXPECT_EQ(told, "0:" + std::to_string(at + 1) + "-" + std::to_string(at + 8) + " word long/blocklist:mails");
  });
  EXPECT_EQ(stand_in().requests("long"), 4);
}

TEST(Runner, DoesNotLetAFailureHideWhatAnotherCallFound) {
  // Two calls; the second has nothing in it that the stand-in finds, and fails.
  GuardProvider provider = stand_in().provider("webhook", "half");
  const std::string long_text = " attack " + std::string(201'000, 'x');
  stand_in().behave("half", "half");
  on_a_loop(list(std::move(provider)), [&](Bench bench) -> Task<void> {
    const std::string told = co_await bench.check("half", {long_text});
    EXPECT_THAT(told, HasSubstr("half/attack"));
    EXPECT_THAT(told, HasSubstr("other half/incomplete"));
  });
}

TEST(Runner, BoundsTheConnectionsToOneHost) {
  // More checks at once than connections: those that wait share the others' connections, and all are answered.
  on_a_loop(list(stand_in().provider("webhook", "crowd")), [](Bench bench) -> Task<void> {
    async::TaskGroup group(*async::EventLoop::current());
    int answered = 0;
    struct One {
      static Task<void> ask(Bench to, int* count) {
        const std::string told = co_await to.check("crowd", {attack});
        if (told.contains("crowd/attack")) ++*count;
      }
    };
    for (std::size_t i = 0; i < 3 * ExternalRunner::connections_per_host; ++i) group.start(One::ask(bench, &answered));
    co_await group.join();
    EXPECT_EQ(answered, 3 * static_cast<int>(ExternalRunner::connections_per_host));
  });
}

TEST(Runner, CallsItATimeOutWhenAllConnectionsAreBusy) {
  std::vector<GuardProvider> providers = list(stand_in().provider("webhook", "busy"));
  providers[0].timeout_ms = 1000;
  providers.push_back(stand_in().provider("webhook", "waiting"));  // at the same host
  providers[1].timeout_ms = 100;
  stand_in().behave("busy", "hang");
  on_a_loop(providers, [](Bench bench) -> Task<void> {
    async::TaskGroup group(*async::EventLoop::current());
    struct One {
      static Task<void> ask(Bench to) {
        const std::string told = co_await to.check("busy", {attack});
        EXPECT_EQ(told, "timed_out");
      }
    };
    for (std::size_t i = 0; i < ExternalRunner::connections_per_host; ++i) group.start(One::ask(bench));
    const std::string told = co_await bench.check("waiting", {attack});
    EXPECT_EQ(told, "timed_out");
    co_await group.join();
  });
  EXPECT_EQ(stand_in().requests("waiting"), 0);
}

TEST(Runner, ReachesNoPrivateAddressUnlessTheSettingAllowsIt) {
  on_a_loop(
      list(stand_in().provider("webhook", "private")),
      [](Bench bench) -> Task<void> {
        const std::string told = co_await bench.check("private", {clean});
        EXPECT_EQ(told, "address_refused");
        EXPECT_EQ(bench.metrics.addresses_refused, 1U);
      },
      Loopback::refused);
  EXPECT_EQ(stand_in().requests("private"), 0);
}

TEST(Runner, SpeaksToNobodyWithoutATrustedCertificate) {
  StandIn secured(StandIn::Transport::tls);
  on_a_loop(list(secured.provider("webhook", "tls")), [](Bench bench) -> Task<void> {
    const std::string told = co_await bench.check("tls", {attack});
    EXPECT_EQ(told, "unreachable");
  });
  EXPECT_EQ(secured.requests("tls"), 0);
}

// What the log says meanwhile.
std::string log_of(const std::function<void()>& play) {
  static std::mutex guard;
  static std::string logged;
  logged.clear();
  log::start("test", log::Level::warning);
  log::redirect([](std::string_view line) {
    const std::lock_guard lock(guard);
    logged.append(line).append("\n");
  });
  play();
  log::redirect(nullptr);
  const std::lock_guard lock(guard);
  return logged;
}

TEST(Runner, TheLogNamesTheFieldOfAMalformedAnswerOnceAMinuteAndQuotesNothing) {
  stand_in().behave("liar", "lie");
  const std::string logged = log_of([] {
    on_a_loop(list(stand_in().provider("webhook", "liar")), [](Bench bench) -> Task<void> {
      for (int i = 0; i < 3; ++i) {
        const std::string told = co_await bench.check("liar", {attack});
        EXPECT_EQ(told, "malformed_answer");
      }
    });
  });
  EXPECT_THAT(logged, HasSubstr(R"("event":"guard.check_failed","provider":"liar")"));
  EXPECT_THAT(logged,
              HasSubstr(R"("reason":"malformed_answer","surface":"input","detail":"liar: the answer of webhook)"));
  EXPECT_THAT(logged, HasSubstr("findings[0].text is no id that was sent"));
  EXPECT_THAT(logged, Not(HasSubstr(attack)));
  EXPECT_EQ(logged.find("guard.check_failed"), logged.rfind("guard.check_failed"));
}

TEST(Runner, TheRunnersOfOneGatewayLogAFailureOnceAndThoseOfAnotherForThemselves) {
  stand_in().behave("twice", "status=500");
  const auto lines = [](const std::vector<std::shared_ptr<SharedByRunners>>& runners) {
    const std::string logged = log_of([&] {
      for (const auto& shared : runners)
        on_a_loop(
            list(stand_in().provider("webhook", "twice")),
            [](Bench bench) -> Task<void> {
              const std::string told = co_await bench.check("twice", {clean});
              EXPECT_EQ(told, "vendor_failed");
            },
            Loopback::allowed, shared);
    });
    return std::ranges::count(logged, '\n');
  };
  const auto one = std::make_shared<SharedByRunners>(), other = std::make_shared<SharedByRunners>();
  EXPECT_EQ(lines({one, one, other}), 2);
}

TEST(Runner, CountsEveryCheckByItsOutcome) {
  stand_in().behave("counted", "ok");
  on_a_loop(list(stand_in().provider("webhook", "counted")), [](Bench bench) -> Task<void> {
    std::string told = co_await bench.check("counted", {clean});
    told = co_await bench.check("counted", {attack});
    stand_in().behave("counted", "html");
    told = co_await bench.check("counted", {attack});
    std::string text;
    bench.metrics.print(text);
    for (const std::string outcome : {"clean", "found", "malformed_answer"})
      EXPECT_THAT(
          text, HasSubstr("sluice_guard_provider_checks_total{provider=\"counted\",outcome=\"" + outcome + "\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("sluice_guard_provider_seconds_count{provider=\"counted\"} 3\n"));
  });
}

}  // namespace
}  // namespace sluice::gateway
