// Walks openapi.yaml: what is written there is served, and to nobody without a credential.
#include <algorithm>

#include "tests/contract/console_fixture.h"

namespace sluice::console {
namespace {

struct Operation {
  std::string method;
  std::string path;  // parameters filled in
};

// Paths stand at two blanks, methods at four: the form that ./dev lint keeps the file in.
std::vector<Operation> operations() {
  const std::string text = must(read_file(SLUICE_SOURCE_DIR "/console_backend/api/openapi.yaml"));
  std::vector<Operation> all;
  std::string path;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.starts_with("components:")) break;
    if (line.starts_with("  /") && line.ends_with(":")) path = line.substr(2, line.size() - 3);
    for (const char* method : {"get", "put", "post", "delete", "patch"}) {
      if (line != std::string("    ") + method + ":") continue;
      std::string filled = path;
      for (std::size_t open = filled.find('{'); open != std::string::npos; open = filled.find('{')) {
        filled.replace(open, filled.find('}') - open + 1, "unknown");
      }
      std::string upper = method;
      std::ranges::transform(upper, upper.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
      all.push_back({upper, filled});
    }
  }
  return all;
}

bool is_sign_in(const Operation& one) {
  return one.method == "POST" && one.path == "/api/session";
}

TEST(ConsoleOpenapi, the_file_lists_the_operations) {
  EXPECT_GT(operations().size(), 25U);
}

TEST(ConsoleOpenapi, every_operation_but_signing_in_asks_for_a_credential) {
  for (const Operation& one : operations()) {
    if (is_sign_in(one)) continue;
    const fetch::Response answer = running().anonymous(one.method, one.path, one.method == "GET" ? "" : "{}");
    EXPECT_EQ(answer.status, 401) << one.method << " " << one.path;
    EXPECT_EQ(at(parsed(answer.body), "error.code"), "unauthenticated") << one.method << " " << one.path;
  }
}

TEST(ConsoleOpenapi, made_up_credentials_open_nothing) {
  for (const Operation& one : operations()) {
    if (is_sign_in(one)) continue;
    for (const fetch::Headers& headers :
         {fetch::Headers{{"authorization", "Bearer slc_api_made_up"}}, fetch::Headers{{"authorization", "Basic eDp5"}},
          fetch::Headers{{"cookie", "sluice_session=slc_session_made_up"}, {"x-sluice-csrf", "1"}}}) {
      EXPECT_EQ(running().anonymous(one.method, one.path, "{}", headers).status, 401) << one.method << " " << one.path;
    }
  }
}

// A body that never comes: whoever waits for it does not answer.
TEST(ConsoleOpenapi, nothing_of_a_body_is_read_without_a_credential) {
  for (const char* path : {"/api/guardrails/document", "/api/guardrails/gitleaks/x", "/api/tokens", "/api/none"}) {
    const fetch::Headers promise{{"content-length", "1000000"}};
    EXPECT_EQ(running().anonymous("PUT", path, "{", promise).status, 401) << path;
    fetch::Headers made_up = promise;
    made_up.emplace_back("authorization", "Bearer slc_api_made_up");
    EXPECT_EQ(running().anonymous("PUT", path, "{", made_up).status, 401) << path;
  }
}

TEST(ConsoleOpenapi, what_anybody_may_ask_takes_small_bodies_only) {
  const std::string large(20'000, ' ');
  EXPECT_EQ(running().anonymous("POST", "/api/session", large).status, 413);
  EXPECT_EQ(running().anonymous("PUT", "/somewhere", large).status, 413);
  EXPECT_NE(running().call("PUT", "/api/guardrails/patterns/p", large).status, 413);
}

TEST(ConsoleOpenapi, every_operation_is_served) {
  for (const Operation& one : operations()) {
    if (is_sign_in(one) || one.path == "/api/live") continue;  // the stream has tests of its own
    const fetch::Response answer = running().call(one.method, one.path, one.method == "GET" ? "" : "{}");
    EXPECT_NE(answer.status, 405) << one.method << " " << one.path;
    EXPECT_LT(answer.status, 500) << one.method << " " << one.path << ": " << answer.body;
    EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr("no such path"))) << one.method << " " << one.path;
  }
}

TEST(ConsoleOpenapi, an_unknown_query_parameter_is_refused_by_name_on_every_get) {
  for (const Operation& one : operations()) {
    if (one.method != "GET" || one.path == "/api/live") continue;
    const fetch::Response answer = running().call("GET", one.path + "?no_such_parameter=1");
    EXPECT_EQ(answer.status, 400) << one.path;
    EXPECT_EQ(at(parsed(answer.body), "error.field"), "no_such_parameter") << one.path;
  }
}

}  // namespace
}  // namespace sluice::console
