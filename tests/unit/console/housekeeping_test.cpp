#include "console_backend/app/housekeeping.h"

#include "console_backend/activity/requests.h"
#include "console_backend/devices/devices.h"
#include "tests/unit/console/fixture.h"
#include "tls/certificate.h"

namespace sluice::console {
namespace {

using std::chrono::hours;

class HousekeepingTest : public ConsoleTest {
 protected:
  HousekeepingTest() { must(publisher->publish()); }
  void add_request(const char* id) {
    audit([&](store::Session& s) {
      audit::Intent one{clock.now(), {}};
      one.request.request_id = id;
      EXPECT_TRUE(join_request(s, {"gw_1", 1, one}));
      s.run("INSERT INTO events (origin, sequence, line, received_at) VALUES (:origin, 1, '{}', :now)",
            {{"origin", id}, {"now", clock.now()}});
    });
  }
  std::int64_t count(const char* table) {
    return audit([&](store::Session& s) { return s.number(std::string("SELECT COUNT(*) AS n FROM ") + table); });
  }
  SignIn sign_in{*databases.config, clock};
  Presence presence;
  GuardCheck guard_check;
  LeafSigner leaves{*databases.audit, *keys, clock};
  Services services{*databases.config, *databases.audit, *keys,       master, sign_in, *publisher,
                    presence,          leaves,           guard_check, clock,  {},      [](Topics) {}};
  Housekeeping housekeeping{services, {"localhost"}, 30};
};

TEST_F(HousekeepingTest, check_ins_are_written_together_and_keep_the_version_that_was_confirmed) {
  config([&](store::Session& s) {
    add_device(s, "dev_1", {Secret(), "", "host", "linux", "", ""}, clock.now());
    add_gateway(s, "gw_1", "gw", clock.now());
  });
  clock.advance(hours(1));
  presence.heard("dev_1", "1.7", clock.now());
  presence.heard("dev_1", "", clock.now());
  presence.heard("gw_1", "1.6", clock.now());
  housekeeping.flush_check_ins();
  const DeviceRow device = *config([](store::Session& s) { return find_device(s, "dev_1"); });
  EXPECT_EQ(device.last_check_in, clock.now());
  EXPECT_EQ(device.snapshot_version, "1.7");
  EXPECT_EQ(config([](store::Session& s) { return gateways(s); })[0].snapshot_version, "1.6");
  EXPECT_TRUE(presence.take_new().empty());
}

TEST_F(HousekeepingTest, audit_rows_are_dropped_when_their_time_is_over_and_no_earlier) {
  add_request("req_old");
  clock.advance(hours(24 * 20));
  add_request("req_new");
  must(housekeeping.turn());
  EXPECT_EQ(count("requests"), 2);
  clock.advance(hours(24 * 11));
  must(housekeeping.turn());
  EXPECT_EQ(count("requests"), 1);
  EXPECT_EQ(count("events"), 1);
}

TEST_F(HousekeepingTest, the_policy_is_signed_again_daily_so_that_it_never_runs_out) {
  const wire::SnapshotVersion first = publisher->current()->version;
  clock.advance(hours(23));
  must(housekeeping.turn());
  EXPECT_EQ(publisher->current()->version, first);
  clock.advance(hours(2));
  must(housekeeping.turn());
  EXPECT_LT(first, publisher->current()->version);
  EXPECT_GT(publisher->current()->not_after, clock.now() + hours(24 * 7));
}

TEST_F(HousekeepingTest, the_certificate_in_force_is_kept_until_it_has_to_be_renewed) {
  const std::string first = must(housekeeping.turn());
  EXPECT_EQ(must(housekeeping.turn()), first);
  clock.advance(hours(24 * 61));
  const std::string renewed = must(housekeeping.turn());
  EXPECT_NE(renewed, first);
  EXPECT_EQ(must(housekeeping.turn()), renewed);
}

}  // namespace
}  // namespace sluice::console
