#include "audit/verify.h"
#include "base/encoding.h"
#include "console_backend/activity/intake.h"
#include "console_backend/api/routes.h"
#include "tests/unit/console/fixture.h"

namespace sluice::console {
namespace {

using testing::HasSubstr;
using testing::Not;

class ChainsTest : public ConsoleTest {
 protected:
  void SetUp() override {
    audit::Hash last = audit::chain_start("gw_1");
    std::vector<std::string> lines;
    for (std::uint64_t sequence = 1; sequence <= 5; ++sequence) {
      audit::Refusal refusal{clock.now(), {}, {}};
      refusal.request.request_id = "req_" + std::to_string(sequence);
      refusal.request.user = "ada\b\f\x7f\xe2\x80\xa8";
      const auto line = audit::chain(audit::draft(refusal, std::string(16, 's')), "\"gw_1\"", sequence, last);
      last = line.hash;
      lines.push_back(line.text);
    }
    must(take_events(*databases.audit, "gw_1", wire::Party::gateway, {"gw_1", std::move(lines)}, clock.now()));
  }
  Outcome get(const std::string& path, const std::string& query = "") {
    Call call{"GET", path, query, {}, "", "192.0.2.1", {}, std::nullopt};
    call.fields.add("authorization", "Bearer " + token_);
    return api_.answer(call);
  }

  SignIn sign_in_{*databases.config, clock};
  Presence presence_;
  GuardCheck guard_check_;
  LeafSigner leaves_{*databases.audit, *keys, clock};
  Services services_{*databases.config, *databases.audit, *keys,        master, sign_in_, *publisher,
                     presence_,         leaves_,          guard_check_, clock,  {},       {}};
  Api api_{services_};
  std::string token_ = std::string(config([this](store::Session& session) {
                                     return add_api_token(session, "auditor", "ada@example.com", clock.now());
                                   }).token.reveal());
};

TEST_F(ChainsTest, an_exported_chain_verifies_and_ends_with_a_checkpoint_of_the_named_key) {
  const Outcome list = get("/api/audit/chains");
  ASSERT_TRUE(list);
  const std::string key = to_base64(keys->checkpoint.public_key());
  EXPECT_THAT(list->body, HasSubstr(R"({"checkpoint_key":")" + key + "\""));
  EXPECT_THAT(list->body, HasSubstr(R"({"origin":"gw_1","kind":"gateway","last_sequence":5})"));
  const Outcome chain = get("/api/audit/chains/gw_1");
  ASSERT_TRUE(chain);
  EXPECT_EQ(chain->content_type, "application/x-ndjson");
  const audit::VerifyReport report = audit::verify_text(chain->body, keys->checkpoint.public_key());
  EXPECT_TRUE(report.intact()) << report.to_text();
  EXPECT_EQ(report.chains.at("gw_1").records, 5U);
  EXPECT_EQ(report.chains.at("gw_1").checkpoints, 1U);
}

TEST_F(ChainsTest, pages_follow_each_other_and_only_the_last_has_the_checkpoint) {
  std::string all;
  std::string after = "0";
  for (int page = 0; page < 3; ++page) {
    const Outcome part = get("/api/audit/chains/gw_1", "after=" + after + "&limit=2");
    ASSERT_TRUE(part);
    all += part->body;
    after = std::string(part->fields.get("sluice-next-after").value_or(""));
    EXPECT_EQ(after, page == 0 ? "2" : page == 1 ? "4" : "");
    if (page < 2) EXPECT_THAT(part->body, Not(HasSubstr("checkpoint")));
  }
  EXPECT_EQ(audit::verify_text(all, keys->checkpoint.public_key()).chains.at("gw_1").checkpoints, 1U);
}

TEST_F(ChainsTest, a_line_changed_in_the_database_is_found_by_whoever_reads_the_export) {
  audit([](store::Session& session) {
    session.run("UPDATE events SET line = replace(line, 'req_3', 'req_x') WHERE sequence = 3");
    return 0;
  });
  const Outcome chain = get("/api/audit/chains/gw_1");
  ASSERT_TRUE(chain);
  const audit::VerifyReport report = audit::verify_text(chain->body);
  ASSERT_FALSE(report.intact());
  EXPECT_EQ(report.broken->line, 3U);
}

TEST_F(ChainsTest, wrong_questions_are_refused) {
  EXPECT_EQ(get("/api/audit/chains/gw_2").error().error.code, ErrorCode::not_found);
  EXPECT_EQ(get("/api/audit/chains/gw_1", "after=-1").error().error.code, ErrorCode::invalid_argument);
  EXPECT_EQ(get("/api/audit/chains/gw_1", "limit=9999").error().error.code, ErrorCode::invalid_argument);
  EXPECT_EQ(get("/api/audit/chains/gw_1", "since=1").error().error.code, ErrorCode::invalid_argument);
  token_ = "slc_api_wrong";
  EXPECT_EQ(get("/api/audit/chains").error().error.code, ErrorCode::unauthenticated);
}

}  // namespace
}  // namespace sluice::console
