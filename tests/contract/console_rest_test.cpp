#include "tests/contract/console_fixture.h"

namespace sluice::console {
namespace {

std::string field_of(const fetch::Response& answer) {
  return at(parsed(answer.body), "error.field");
}
std::string code_of(const fetch::Response& answer) {
  return at(parsed(answer.body), "error.code");
}

// A browser that signed in.
struct Browser {
  RunningConsole& console = running();
  std::string cookie;
  fetch::Headers own_page{{"x-sluice-csrf", "1"}, {"origin", console.web}};

  fetch::Response sign_in(const std::string& password) {
    const std::string body = JsonWriter()
                                 .begin_object()
                                 .field("email", RunningConsole::email)
                                 .field("password", password)
                                 .end_object()
                                 .take();
    fetch::Response answer = console.anonymous("POST", "/api/session", body, own_page);
    const std::string set(answer.header("set-cookie").value_or(""));
    cookie = set.substr(0, set.find(';'));
    return answer;
  }
  fetch::Response call(const std::string& method, const std::string& path, const std::string& body,
                       fetch::Headers headers) const {
    headers.emplace_back("cookie", cookie);
    return console.anonymous(method, path, body, std::move(headers));
  }
};

TEST(ConsoleSession, the_cookie_is_kept_from_scripts_and_other_sites) {
  Browser browser;
  const fetch::Response answer = browser.sign_in(RunningConsole::password);
  EXPECT_EQ(answer.status, 204);
  const std::string set(*answer.header("set-cookie"));
  for (const char* rule : {"HttpOnly", "Secure", "SameSite=Strict", "Path=/"}) {
    EXPECT_THAT(set, testing::HasSubstr(rule));
  }
  EXPECT_EQ(at(parsed(browser.call("GET", "/api/session", "", {}).body), "administrator.email"), RunningConsole::email);
}

TEST(ConsoleSession, signing_out_ends_it) {
  Browser browser;
  browser.sign_in(RunningConsole::password);
  EXPECT_EQ(browser.call("DELETE", "/api/session", "", browser.own_page).status, 204);
  EXPECT_EQ(browser.call("GET", "/api/session", "", {}).status, 401);
}

TEST(ConsoleSession, a_change_by_cookie_needs_the_header_and_the_own_origin) {
  Browser browser;
  browser.sign_in(RunningConsole::password);
  const std::string body = R"({"name":"from a browser"})";
  const auto create = [&](fetch::Headers headers) {
    return browser.call("POST", "/api/api-tokens", body, std::move(headers)).status;
  };
  EXPECT_EQ(create({}), 403);
  EXPECT_EQ(create({{"x-sluice-csrf", "1"}}), 403);
  EXPECT_EQ(create({{"origin", running().web}}), 403);
  EXPECT_EQ(create({{"x-sluice-csrf", "1"}, {"origin", "https://evil.example"}}), 403);
  EXPECT_EQ(create({{"x-sluice-csrf", "1"}, {"origin", "null"}}), 403);
  EXPECT_EQ(create(browser.own_page), 201);
}

TEST(ConsoleSession, a_wrong_password_is_401_and_noted) {
  Browser browser;
  EXPECT_EQ(browser.sign_in("wrong").status, 401);
  EXPECT_THAT(running().call("GET", "/api/audit").body, testing::HasSubstr("session.refused"));
}

TEST(ConsoleSession, too_many_wrong_passwords_say_when_it_may_be_tried_again) {
  const auto try_in = [] {
    return running().anonymous("POST", "/api/session", R"({"email":"locked@example.com","password":"wrong"})",
                               {{"x-sluice-csrf", "1"}});
  };
  for (int i = 0; i < 5; ++i) EXPECT_EQ(try_in().status, 401);
  const fetch::Response refused = try_in();
  EXPECT_EQ(refused.status, 429);
  const int seconds = std::stoi(std::string(refused.header("retry-after").value_or("0")));
  EXPECT_GT(seconds, 450);
  EXPECT_LE(seconds, 900);
}

TEST(ConsoleRest, a_path_that_the_api_does_not_have_is_404_and_no_page) {
  for (const char* path : {"/api/nope", "/api/logs/x/y", "/api"}) {
    const fetch::Response answer = running().call("GET", path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(code_of(answer), "not_found") << path;
  }
}

TEST(ConsoleRest, bodies_are_strict_and_the_field_is_named) {
  struct Case {
    const char *method, *path, *body, *field;
  };
  const Case cases[] = {
      {"PUT", "/api/catalog/apps/codex/decision", R"({"decision":"denied","surprise":1})", "surprise"},
      {"PUT", "/api/catalog/apps/codex/decision", R"({"decision":"maybe"})", "decision"},
      {"PUT", "/api/catalog/apps/codex/decision", R"({"decision":"denied","scope":"device"})", "device_id"},
      {"POST", "/api/catalog/apps/decisions", R"({"apps":["a b"],"decision":"denied"})", "apps[0]"},
      {"PUT", "/api/governance/virtual-keys/k", R"({"provider_configs":[{"provider":"openai","x":[]}]})",
       "provider_configs[0].x"},
      {"PUT", "/api/governance/virtual-keys/k",
       R"({"provider_configs":[{"provider":"openai","allowed_models":[],"x":1}]})", "provider_configs[0].x"},
      {"PUT", "/api/providers/own", R"({"base_url":"http://example.com","dialect":"openai"})", "base_url"},
      {"PUT", "/api/providers/own", R"({"dialect":"openai"})", "base_url"},
      {"POST", "/api/enrolment-tokens", R"({"for":"toaster"})", "for"},
      {"POST", "/api/enrolment-tokens", R"({"for":"device","expires_in":"31d"})", "expires_in"},
      {"POST", "/api/enrolment-tokens", R"({"for":"device","uses":0})", "uses"},
      {"POST", "/api/api-tokens", R"({"name":""})", "name"},
      {"POST", "/api/api-tokens", R"({"name":"a","name":"b"})", "name"},
  };
  for (const Case& one : cases) {
    const fetch::Response answer = running().call(one.method, one.path, one.body);
    EXPECT_EQ(answer.status, 400) << one.body << answer.body;
    EXPECT_EQ(field_of(answer), one.field) << one.body << answer.body;
    EXPECT_EQ(code_of(answer), "invalid_argument") << one.body << answer.body;
  }
}

TEST(ConsoleRest, what_cannot_be_enforced_yet_is_refused_by_name) {
  for (const char* field : {"budget", "rate_limit", "mcp_tool_filter"}) {
    const fetch::Response answer =
        running().call("PUT", "/api/governance/virtual-keys/k", std::string("{\"") + field + "\":{}}");
    EXPECT_EQ(answer.status, 501);
    EXPECT_EQ(code_of(answer), "unsupported");
    EXPECT_EQ(field_of(answer), field);
  }
  EXPECT_EQ(running().call("GET", "/api/governance/virtual-keys/k").status, 404);
}

TEST(ConsoleRest, input_that_is_no_json_or_too_large_is_refused) {
  EXPECT_EQ(running().call("POST", "/api/api-tokens", "{").status, 400);
  EXPECT_EQ(running().call("POST", "/api/api-tokens", "[]").status, 400);
  EXPECT_EQ(running().call("POST", "/api/api-tokens", "{\"name\":\"" + std::string(1100 * 1024, 'x') + "\"}").status,
            413);
}

TEST(ConsoleRest, a_wrong_method_is_405_and_an_unknown_path_404) {
  EXPECT_EQ(running().call("DELETE", "/api/devices").status, 405);
  EXPECT_EQ(running().call("GET", "/api/no-such-thing").status, 404);
}

TEST(ConsoleRest, a_cursor_that_nobody_gave_is_refused) {
  for (const char* path : {"/api/devices", "/api/logs", "/api/audit"}) {
    const fetch::Response answer = running().call("GET", std::string(path) + "?cursor=made-up!");
    EXPECT_EQ(answer.status, 400) << path;
    EXPECT_EQ(field_of(answer), "cursor");
  }
  EXPECT_EQ(field_of(running().call("GET", "/api/devices?limit=0")), "limit");
  EXPECT_EQ(field_of(running().call("GET", "/api/devices?limit=201")), "limit");
  EXPECT_EQ(field_of(running().call("GET", "/api/logs?from=yesterday")), "from");
}

TEST(ConsoleRest, a_virtual_key_is_shown_once_and_changed_in_parts) {
  const fetch::Response created =
      running().call("PUT", "/api/governance/virtual-keys/ci-1",
                     R"({"name":"CI","provider_configs":[{"provider":"openai","allowed_models":["gpt-5-*"]}]})");
  EXPECT_EQ(created.status, 201);
  EXPECT_THAT(at(parsed(created.body), "key"), testing::StartsWith("sk-slc-"));
  const fetch::Response changed = running().call("PUT", "/api/governance/virtual-keys/ci-1", R"({"enabled":false})");
  EXPECT_EQ(changed.status, 200);
  const JsonValue now = parsed(changed.body);
  EXPECT_EQ(at(now, "key"), "");
  EXPECT_EQ(at(now, "enabled"), "false");
  EXPECT_EQ(at(now, "name"), "CI");
  EXPECT_EQ(at(now, "provider_configs.0.allowed_models.0"), "gpt-5-*");
}

TEST(ConsoleRest, a_virtual_keys_providers_come_back_in_the_order_they_were_given) {
  const std::string path = "/api/governance/virtual-keys/ordered";
  const std::string body =
      R"({"provider_configs":[{"provider":"openai","allowed_models":["*"]},{"provider":"anthropic","allowed_models":["*"]}]})";
  EXPECT_EQ(at(parsed(running().call("PUT", path, body).body), "provider_configs.0.provider"), "openai");
  EXPECT_EQ(at(parsed(running().call("GET", path).body), "provider_configs.1.provider"), "anthropic");
}

TEST(ConsoleRest, a_virtual_key_that_names_an_unknown_provider_says_so) {
  const std::string path = "/api/governance/virtual-keys/mistyped";
  const std::string body =
      R"({"provider_configs":[{"provider":"openai","allowed_models":["*"]},{"provider":"nope","allowed_models":["*"]}]})";
  const fetch::Response created = running().call("PUT", path, body);
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(at(parsed(created.body), "warnings.0.path"), "provider_configs[1].provider");
  EXPECT_EQ(at(parsed(created.body), "warnings.0.message"), "There is no provider nope");
  EXPECT_EQ(at(parsed(running().call("GET", path).body), "warnings.0.path"), "provider_configs[1].provider");
  EXPECT_THAT(running().call("GET", "/api/governance/virtual-keys/fleet-default").body,
              testing::HasSubstr(R"("warnings":[])"));
  EXPECT_EQ(running().call("DELETE", path).status, 204);
}

policy::GatewaySnapshot published(Enrolled& gateway) {
  const std::string payload = must(wire::open_envelope(gateway.call("GET", "/snapshot").body, running().policy_key));
  return must(policy::parse_gateway_snapshot(payload));
}
std::ptrdiff_t published_keys(Enrolled& gateway, std::string_view id) {
  return std::ranges::count(published(gateway).virtual_keys, id, &policy::VirtualKey::id);
}
std::ptrdiff_t published_providers(Enrolled& gateway, std::string_view name) {
  return std::ranges::count(published(gateway).providers, name, &policy::ProviderSettings::provider);
}

TEST(ConsoleRest, a_removed_virtual_key_leaves_the_policy_at_once_and_stands_in_the_actions) {
  const std::string path = "/api/governance/virtual-keys/leaked";
  ASSERT_EQ(running().call("PUT", path, "{}").status, 201);
  Enrolled gateway(running(), wire::Party::gateway, "gw-removed-key");
  const auto keys_with_id = [&](std::string_view id) { return published_keys(gateway, id); };
  EXPECT_EQ(keys_with_id("leaked"), 1);
  EXPECT_EQ(running().call("DELETE", path).status, 204);
  EXPECT_EQ(keys_with_id("leaked"), 0);
  EXPECT_EQ(running().call("GET", path).status, 404);
  EXPECT_EQ(running().call("DELETE", path).status, 404);
  EXPECT_THAT(running().call("GET", "/api/audit").body,
              testing::HasSubstr(R"("virtual_key.delete","target":"leaked")"));
  EXPECT_EQ(running().call("DELETE", "/api/governance/virtual-keys/fleet-default").status, 409);
}

// ABS() of the least number fails when it is run, as a full disk would, and not as a broken constraint.
TEST(ConsoleRest, what_was_removed_leaves_the_policy_also_when_that_cannot_be_noted) {
  const std::string key = "/api/governance/virtual-keys/unnoted", provider = "/api/providers/unnoted";
  ASSERT_EQ(running().call("PUT", key, "{}").status, 201);
  ASSERT_EQ(running().call("PUT", provider, R"({"base_url":"https://x.example","dialect":"openai"})").status, 200);
  Enrolled gateway(running(), wire::Party::gateway, "gw-unnoted");
  ASSERT_EQ(published_keys(gateway, "unnoted"), 1);
  ASSERT_EQ(published_providers(gateway, "unnoted"), 1);
  running().audit(
      "CREATE TRIGGER unnoted BEFORE INSERT ON admin_actions WHEN NEW.target = 'unnoted' "
      "BEGIN SELECT ABS(-9223372036854775807 - 1); END");
  EXPECT_GE(running().call("DELETE", key).status, 500);
  EXPECT_GE(running().call("DELETE", provider).status, 500);
  running().audit("DROP TRIGGER unnoted");
  EXPECT_EQ(published_keys(gateway, "unnoted"), 0);
  EXPECT_EQ(published_providers(gateway, "unnoted"), 0);
}

TEST(ConsoleRest, a_removal_that_could_not_be_published_is_published_when_it_is_tried_again_and_was_noted) {
  const std::string key = "/api/governance/virtual-keys/untold", provider = "/api/providers/untold";
  ASSERT_EQ(running().call("PUT", key, "{}").status, 201);
  ASSERT_EQ(running().call("PUT", provider, R"({"base_url":"https://x.example","dialect":"openai"})").status, 200);
  Enrolled gateway(running(), wire::Party::gateway, "gw-untold-removal");
  const auto fails_to_publish = [&](const std::string& path) {
    running().config(
        "CREATE TRIGGER untold BEFORE UPDATE ON deployment WHEN NEW.name = 'version' "
        "BEGIN SELECT ABS(-9223372036854775807 - 1); END");
    EXPECT_GE(running().call("DELETE", path).status, 500);
    running().config("DROP TRIGGER untold");
  };
  fails_to_publish(key);
  EXPECT_EQ(published_keys(gateway, "untold"), 1);
  EXPECT_EQ(running().call("DELETE", key).status, 404);
  EXPECT_EQ(published_keys(gateway, "untold"), 0);
  fails_to_publish(provider);
  EXPECT_EQ(published_providers(gateway, "untold"), 1);
  EXPECT_EQ(running().call("DELETE", provider).status, 404);
  EXPECT_EQ(published_providers(gateway, "untold"), 0);
  const std::string actions = running().call("GET", "/api/audit").body;
  EXPECT_THAT(actions, testing::HasSubstr(R"("virtual_key.delete","target":"untold")"));
  EXPECT_THAT(actions, testing::HasSubstr(R"("provider.delete","target":"untold")"));
}

TEST(ConsoleRest, a_provider_that_a_key_lists_is_not_removed) {
  const std::string provider = "/api/providers/going", key = "/api/governance/virtual-keys/uses-going";
  ASSERT_EQ(running().call("PUT", provider, R"({"base_url":"https://x.example","dialect":"openai"})").status, 200);
  ASSERT_EQ(running().call("PUT", key, R"({"provider_configs":[{"provider":"going","allowed_models":["*"]}]})").status,
            201);
  const fetch::Response refused = running().call("DELETE", provider);
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, testing::HasSubstr("is used by the virtual keys uses-going"));
  EXPECT_EQ(running().call("DELETE", key).status, 204);
  EXPECT_EQ(running().call("DELETE", provider).status, 204);
  EXPECT_EQ(running().call("GET", provider).status, 404);
  EXPECT_EQ(running().call("DELETE", provider).status, 404);
  EXPECT_THAT(running().call("GET", "/api/audit").body, testing::HasSubstr(R"("provider.delete","target":"going")"));
}

TEST(ConsoleRest, a_virtual_key_joins_and_leaves_a_team) {
  const std::string path = "/api/governance/virtual-keys/teamed";
  EXPECT_EQ(at(parsed(running().call("PUT", path, R"({"team_id":"platform"})").body), "team_id"), "platform");
  EXPECT_EQ(at(parsed(running().call("PUT", path, R"({"name":"Teamed"})").body), "team_id"), "platform");
  EXPECT_EQ(at(parsed(running().call("PUT", path, R"({"team_id":null})").body), "team_id"), "null");
  EXPECT_EQ(field_of(running().call("PUT", path, R"({"team_id":7})")), "team_id");
}

TEST(ConsoleRest, a_providers_key_never_comes_back) {
  const fetch::Response put = running().call("PUT", "/api/providers/openai", R"({"api_key":"sk-very-secret"})");
  EXPECT_EQ(at(parsed(put.body), "has_key"), "true");
  for (const char* path : {"/api/providers", "/api/providers/openai", "/api/policy", "/api/audit"}) {
    EXPECT_THAT(running().call("GET", path).body, testing::Not(testing::HasSubstr("very-secret"))) << path;
  }
  EXPECT_EQ(at(parsed(running().call("PUT", "/api/providers/openai", R"({"api_key":null})").body), "has_key"), "false");
}

TEST(ConsoleRest, what_devices_do_without_a_gateway_is_an_administrators_choice) {
  const auto fleet = [] { return running().call("GET", "/api/policy").body; };
  const fetch::Response put = running().call("PUT", "/api/settings", R"({"gateway_down":"direct"})");
  EXPECT_EQ(put.status, 200);
  EXPECT_EQ(at(parsed(put.body), "gateway_down"), "direct");
  EXPECT_EQ(at(parsed(put.body), "pending_apps"), "allow") << "what is not named stays";
  EXPECT_THAT(fleet(), testing::HasSubstr(R"("gateway_down":"direct")"));
  EXPECT_THAT(running().call("GET", "/api/audit").body, testing::HasSubstr("settings.put"));
  EXPECT_EQ(field_of(running().call("PUT", "/api/settings", R"({"gateway_down":"maybe"})")), "gateway_down");
  EXPECT_EQ(field_of(running().call("PUT", "/api/settings", R"({"retention_days":1})")), "retention_days");
  EXPECT_EQ(running().call("PUT", "/api/settings", R"({"gateway_down":"block"})").status, 200);
}

TEST(ConsoleRest, a_removed_api_token_is_refused_from_the_next_call_on) {
  const JsonValue made = parsed(running().call("POST", "/api/api-tokens", R"({"name":"short lived"})").body);
  const fetch::Headers with{{"authorization", "Bearer " + at(made, "token")}};
  EXPECT_EQ(running().anonymous("GET", "/api/settings", "", with).status, 200);
  EXPECT_EQ(running().call("DELETE", "/api/api-tokens/" + at(made, "id")).status, 204);
  EXPECT_EQ(running().anonymous("GET", "/api/settings", "", with).status, 401);
  EXPECT_EQ(running().call("DELETE", "/api/api-tokens/" + at(made, "id")).status, 404);
}

TEST(ConsoleRest, what_administrators_do_is_noted_with_who_did_it) {
  running().call("PUT", "/api/catalog/apps/noted-app/decision", R"({"decision":"denied","note":"not now"})");
  const JsonValue newest = parsed(running().call("GET", "/api/audit?limit=1").body);
  EXPECT_EQ(at(newest, "items.0.actor"), "api-token:tests");
  EXPECT_EQ(at(newest, "items.0.action"), "app.decide");
  EXPECT_EQ(at(newest, "items.0.target"), "noted-app");
}

TEST(ConsoleRest, several_apps_are_decided_in_one_snapshot) {
  const JsonValue before = parsed(running().call("GET", "/api/policy").body);
  const fetch::Response answer = running().call("POST", "/api/catalog/apps/decisions",
                                                R"({"apps":["bulk-1","bulk-2"],"decision":"denied","note":"later"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(std::stoi(at(parsed(answer.body), "snapshot_version")), std::stoi(at(before, "version")) + 1);
  const std::string policy = running().call("GET", "/api/policy").body;
  EXPECT_THAT(policy, testing::AllOf(testing::HasSubstr("bulk-1"), testing::HasSubstr("bulk-2")));
}

TEST(ConsoleWeb, pages_of_the_application_are_its_index_and_files_have_their_types) {
  for (const char* path : {"/", "/devices", "/logs/req_1"}) {
    const fetch::Response page = running().anonymous("GET", path);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
    EXPECT_EQ(page.header("cache-control"), "no-cache");
  }
  const fetch::Response script = running().anonymous("GET", "/assets/app-1234.js");
  EXPECT_EQ(script.header("content-type"), "text/javascript; charset=utf-8");
  EXPECT_THAT(std::string(*script.header("cache-control")), testing::HasSubstr("immutable"));
  const std::string etag(*script.header("etag"));
  EXPECT_EQ(running().anonymous("GET", "/assets/app-1234.js", "", {{"if-none-match", etag}}).status, 304);
}

TEST(ConsoleWeb, there_is_no_way_out_of_the_folder) {
  for (const char* path : {"/../config.db", "/%2e%2e/config.db", "/assets/../../config.db", "/config.db", "/nope.js"}) {
    EXPECT_EQ(running().anonymous("GET", path).status, 404) << path;
  }
}

TEST(ConsoleWeb, every_answer_carries_the_fields_that_protect_browsers) {
  for (const char* path : {"/", "/api/devices", "/nope.js"}) {
    const fetch::Response answer = running().anonymous("GET", path);
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff") << path;
    EXPECT_THAT(std::string(answer.header("content-security-policy").value_or("")),
                testing::HasSubstr("frame-ancestors 'none'"))
        << path;
  }
}

TEST(ConsoleWeb, health_needs_no_credential_and_metrics_do) {
  EXPECT_EQ(running().anonymous("GET", "/healthz").status, 200);
  EXPECT_EQ(running().anonymous("GET", "/readyz").status, 200);
  EXPECT_EQ(running().anonymous("GET", "/metrics").status, 401);
  EXPECT_THAT(running().call("GET", "/metrics").body, testing::HasSubstr("sluice_snapshot_version"));
}

}  // namespace
}  // namespace sluice::console
