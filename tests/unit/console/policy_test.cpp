#include <thread>

#include "console_backend/catalogue/apps.h"
#include "console_backend/devices/devices.h"
#include "console_backend/keys/virtual_keys.h"
#include "console_backend/policies/providers.h"
#include "tests/unit/console/fixture.h"

namespace sluice::console {
namespace {

class PolicyTest : public ConsoleTest {
 protected:
  policy::FleetSnapshot fleet(const Published& published) {
    return must(
        policy::parse_fleet_snapshot(must(wire::open_envelope(published.fleet_envelope, keys->policy.public_key()))));
  }
  policy::GatewaySnapshot gateway(const Published& published) {
    return must(policy::parse_gateway_snapshot(
        must(wire::open_envelope(published.gateway_envelope, keys->policy.public_key()))));
  }
  void add_device(const char* id) {
    config(
        [&](store::Session& s) { console::add_device(s, id, {Secret(), "", "host", "linux", "", ""}, clock.now()); });
  }
  void decide(const char* app, policy::Decision decision) {
    config([&](store::Session& s) { decide_app(s, {app, decision, "because", "SLC-1", "ada"}, clock.now()); });
  }
};

TEST_F(PolicyTest, what_is_published_is_signed_and_carries_the_decisions) {
  decide("codex", policy::Decision::denied);
  const policy::FleetSnapshot snapshot = fleet(*must(publisher->publish()));
  ASSERT_EQ(snapshot.apps.size(), 1U);
  EXPECT_EQ(snapshot.apps[0].app, "codex");
  EXPECT_EQ(snapshot.apps[0].decision, policy::Decision::denied);
  EXPECT_EQ(snapshot.apps[0].note, "because");
  EXPECT_EQ(snapshot.org, "Example Corp");
  EXPECT_EQ(snapshot.root_cas, std::vector{keys->root_pem});
  EXPECT_FALSE(snapshot.hosts.empty());
}

TEST_F(PolicyTest, every_publication_has_a_new_version_also_after_a_restart) {
  const auto first = must(publisher->publish());
  const auto second = must(publisher->publish());
  EXPECT_LT(first->version, second->version);
  Publisher restarted(*databases.config, *keys, master, {}, clock);
  EXPECT_LT(second->version, must(restarted.publish())->version);
}

TEST_F(PolicyTest, publications_from_many_threads_never_share_a_version) {
  std::vector<std::thread> threads;
  std::mutex guard;
  std::set<std::string> etags;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5; ++i) {
        const auto published = must(publisher->publish());
        std::lock_guard lock(guard);
        EXPECT_TRUE(etags.insert(published->etag).second);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(etags.contains(publisher->current()->etag));
}

TEST_F(PolicyTest, an_app_that_nobody_decided_does_not_enter_the_policy) {
  config([&](store::Session& s) { see_app(s, "opencode", "OpenCode", clock.now()); });
  EXPECT_TRUE(fleet(*must(publisher->publish())).apps.empty());
}

TEST_F(PolicyTest, the_fleets_document_holds_no_key_of_a_provider_and_the_gateways_does) {
  config([&](store::Session& s) {
    ProviderChange change;
    change.api_key = Secret("sk-very-secret");
    return put_provider(s, master, "openai", change, clock.now());
  });
  const auto published = must(publisher->publish());
  EXPECT_THAT(published->fleet_payload, testing::Not(testing::HasSubstr("sk-very-secret")));
  bool found_key = false;
  for (const policy::ProviderSettings& row : gateway(*published).providers) {
    if (row.provider == "openai") found_key = row.api_key.reveal() == "sk-very-secret";
  }
  EXPECT_TRUE(found_key);
  EXPECT_EQ(config([](store::Session& s) {
              return s.number("SELECT COUNT(*) AS n FROM providers WHERE api_key_sealed LIKE '%very-secret%'");
            }),
            0);
}

TEST_F(PolicyTest, init_leaves_one_enabled_key_for_the_fleet_with_all_models) {
  const policy::GatewaySnapshot snapshot = gateway(*must(publisher->publish()));
  ASSERT_EQ(snapshot.virtual_keys.size(), 1U);
  EXPECT_EQ(snapshot.virtual_keys[0].id, fleet_default_id);
  EXPECT_TRUE(snapshot.virtual_keys[0].fleet_default && snapshot.virtual_keys[0].enabled);
  EXPECT_EQ(policy::models_at(snapshot.virtual_keys[0], "openai")->globs, std::vector<std::string>{"*"});
}

TEST_F(PolicyTest, a_revoked_devices_serials_stand_without_leading_zeros) {
  config([&](store::Session& s) {
    s.run(
        "INSERT INTO issued_certificates (serial, subject_kind, subject_id, public_key_sha256, issued_at, not_after, "
        "revoked_at) VALUES ('00ab12', 'device', 'dev_1', '', 0, :not_after, 1)",
        {{"not_after", clock.now()}});
  });
  EXPECT_THAT(fleet(*must(publisher->publish())).revoked_serials, testing::ElementsAre("ab12"));
}

TEST_F(PolicyTest, a_decision_for_a_device_stands_beside_the_global_one_until_it_is_removed) {
  add_device("dev_1");
  decide("codex", policy::Decision::approved);
  const AppDecided denied{"codex", policy::Decision::denied, "not here", "SLC-2", "ada"};
  config([&](store::Session& s) { return decide_app_on_device(s, "dev_1", denied, clock.now()); });
  EXPECT_EQ(fleet(*must(publisher->publish())).device_decisions.size(), 1U);
  EXPECT_TRUE(config([](store::Session& s) { return remove_device_decision(s, "dev_1", "codex"); }));
  EXPECT_TRUE(fleet(*must(publisher->publish())).device_decisions.empty());
}

TEST_F(PolicyTest, a_decision_for_an_unknown_device_or_app_is_refused) {
  add_device("dev_1");
  const AppDecided denied{"codex", policy::Decision::denied, "", "", "ada"};
  const auto decide_on = [&](const char* device) {
    return databases.config->write(
        [&](store::Session& s) { return decide_app_on_device(s, device, denied, clock.now()); });
  };
  EXPECT_EQ(decide_on("dev_1").error().code, ErrorCode::not_found);
  decide("codex", policy::Decision::approved);
  EXPECT_EQ(decide_on("dev_2").error().code, ErrorCode::not_found);
}

TEST_F(PolicyTest, the_fleets_key_can_be_replaced_and_not_lost) {
  const auto put = [&](const char* id, const VirtualKeyChange& change) {
    return databases.config->write([&](store::Session& s) { return put_virtual_key(s, id, change, clock.now()); });
  };
  EXPECT_EQ(put("fleet-default", {.fleet_default = false}).error().code, ErrorCode::conflict);
  EXPECT_EQ(put("fleet-default", {.enabled = false}).error().code, ErrorCode::conflict);
  EXPECT_TRUE(must(put("other", {.fleet_default = true})).key.fleet_default);
  const std::vector<VirtualKeyRow> all = config([](store::Session& s) { return virtual_keys(s); });
  EXPECT_EQ(std::ranges::count(all, true, &VirtualKeyRow::fleet_default), 1);
}

TEST_F(PolicyTest, a_keys_providers_keep_their_order_in_the_database_and_in_the_snapshot) {
  const AllowedModels order{{"zeta", {"b", "a"}}, {"alpha", {"*"}}, {"mid", {"*"}}};
  const auto names = [](const AllowedModels& models) {
    std::vector<std::string> all;
    for (const policy::ProviderModels& one : models) all.push_back(one.provider);
    return all;
  };
  const auto put = [&](const AllowedModels& models) {
    return config([&](store::Session& s) { return put_virtual_key(s, "ci", {.allowed_models = models}, clock.now()); });
  };
  EXPECT_THAT(names(put(order).key.allowed_models), testing::ElementsAre("zeta", "alpha", "mid"));
  const policy::GatewaySnapshot published = gateway(*must(publisher->publish()));
  const auto key = std::ranges::find(published.virtual_keys, "ci", &policy::VirtualKey::id);
  EXPECT_THAT(names(key->allowed_models), testing::ElementsAre("zeta", "alpha", "mid"));
  EXPECT_THAT(key->allowed_models[0].globs, testing::ElementsAre("b", "a"));
  EXPECT_THAT(names(put({order[2], order[0]}).key.allowed_models), testing::ElementsAre("mid", "zeta"));
}

TEST_F(PolicyTest, a_virtual_keys_text_is_given_once_and_only_its_hash_is_kept) {
  const auto put = [&] {
    return config([&](store::Session& s) { return put_virtual_key(s, "ci", {.name = "CI"}, clock.now()); });
  };
  const VirtualKeyPut created = put();
  ASSERT_TRUE(created.created);
  EXPECT_TRUE(created.created->reveal().starts_with("sk-slc-"));
  EXPECT_TRUE(created.key.allowed_models.empty());
  EXPECT_FALSE(put().created);
}

TEST_F(PolicyTest, a_provider_is_reached_by_https_or_on_this_machine_only) {
  const auto put = [&](std::string url) {
    return databases.config->write([&](store::Session& s) {
      return put_provider(s, master, "own", {std::move(url), dialect::Dialect::openai, std::nullopt}, clock.now());
    });
  };
  EXPECT_TRUE(put("https://llm.example.com/v2/"));
  EXPECT_TRUE(put("http://127.0.0.1:9000"));
  for (const char* url : {"http://llm.example.com", "http://127.0.0.1.example.com", "ftp://x", "https://", "",
                          "https://user@host", "http://localhost.example.com"}) {
    EXPECT_FALSE(put(url)) << url;
  }
}

TEST_F(PolicyTest, an_inventory_replaces_what_is_installed) {
  add_device("dev_1");
  const auto take = [&](std::vector<wire::InstalledApp> installed) {
    clock.advance(std::chrono::seconds(1));
    config([&](store::Session& s) {
      for (const wire::InstalledApp& app : installed) see_app(s, app.app, app.name, clock.now());
      take_inventory(s, "dev_1", {"laptop", "os", "0.2", "capturing", "", std::move(installed), {}}, clock.now());
    });
  };
  take({{"codex", "Codex", "1", "/usr/bin/codex", "ada"}, {"opencode", "", "2", "/opt/opencode", "ada"}});
  take({{"codex", "Codex", "1.1", "/usr/bin/codex", "ada"}});
  const std::vector<DeviceAppRow> apps = config([](store::Session& s) { return apps_of_device(s, "dev_1"); });
  ASSERT_EQ(apps.size(), 1U);
  EXPECT_EQ(apps[0].version, "1.1");
  const DeviceRow device = *config([](store::Session& s) { return find_device(s, "dev_1"); });
  EXPECT_EQ(device.hostname, "laptop");
  EXPECT_EQ(device.user, "ada");
  EXPECT_EQ(config([](store::Session& s) { return find_app(s, "opencode"); })->devices, 0);
}

TEST_F(PolicyTest, pages_of_devices_hold_each_device_once_in_the_order_of_names) {
  for (const char* name : {"dev_3", "dev_1", "dev_2", "dev_5", "dev_4"}) {
    add_device(name);
    config([&](store::Session& s) {
      s.run("UPDATE devices SET hostname = :name WHERE id = :id",
            {{"name", std::string("host-") + name}, {"id", name}});
    });
  }
  std::vector<std::string> seen;
  PageRequest request{2, std::nullopt};
  for (int page = 0; page < 4; ++page) {
    const Page<DeviceRow> shown = config([&](store::Session& s) { return devices(s, request, {}, clock.now()); });
    for (const DeviceRow& device : shown.items) seen.push_back(device.id);
    if (!shown.next) break;
    request.after = must(parse_cursor(print_cursor(*shown.next)));
  }
  EXPECT_THAT(seen, testing::ElementsAre("dev_1", "dev_2", "dev_3", "dev_4", "dev_5"));
}

TEST(CursorTest, takes_only_what_it_printed) {
  EXPECT_EQ(must(parse_cursor(print_cursor({"host:1", "dev_1"}))).key, "host:1");
  for (const char* bad : {"", "!!!", "aGVsbG8", "AAAA"}) EXPECT_FALSE(parse_cursor(bad)) << bad;
}

}  // namespace
}  // namespace sluice::console
