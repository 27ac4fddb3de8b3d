#include "console_backend/activity/intake.h"

#include "audit/chain.h"
#include "base/encoding.h"
#include "console_backend/activity/requests.h"
#include "tests/unit/console/fixture.h"

namespace sluice::console {
namespace {

// A gateway's chain, as its spool would ship it.
class Origin {
 public:
  explicit Origin(std::string name) : name_(std::move(name)), last_(audit::chain_start(name_)) {}
  std::string next(const audit::Record& record) {
    const audit::ChainedLine line =
        audit::chain(audit::draft(record, std::string(16, 's')), "\"" + name_ + "\"", ++sequence_, last_);
    last_ = line.hash;
    return line.text;
  }

 private:
  std::string name_;
  audit::Hash last_;
  std::uint64_t sequence_ = 0;
};

class IntakeTest : public ConsoleTest {
 protected:
  audit::Record intent(const std::string& id, const std::string& app = "codex") {
    audit::Intent one{clock.now(), {}};
    one.request.request_id = id;
    one.request.app = app;
    one.request.user = "ada";
    one.request.device = "dev_1";
    one.request.provider = "openai";
    one.request.model = "gpt-5";
    return one;
  }
  audit::Record completion(const std::string& id) {
    audit::Completion one{clock.now() + std::chrono::seconds(1), id, {}};
    one.outcome.status = 200;
    one.outcome.tokens = audit::Tokens{10, 20, 3, 4};
    one.outcome.upstream_request_id = "up_" + id;
    one.outcome.attempts = 1;
    return one;
  }
  audit::Record refusal(const std::string& id) {
    audit::Refusal one{clock.now(), {}, {}};
    one.request.request_id = id;
    one.request.app = "codex";
    one.outcome.decision = audit::Decision::denied;
    one.outcome.reason = "not allowed";
    one.outcome.status = 400;
    return one;
  }
  Result<Taken> take(std::vector<std::string> lines) {
    return take_events(*databases.audit, "gw_1", wire::Party::gateway, {"gw_1", std::move(lines)}, clock.now());
  }
  std::optional<RequestRow> row(const std::string& id) {
    return audit([&](store::Session& s) { return find_request(s, id); });
  }
  std::int64_t count(const char* table) {
    return audit([&](store::Session& s) { return s.number(std::string("SELECT COUNT(*) AS n FROM ") + table); });
  }
  Origin gateway{"gw_1"};
};

TEST_F(IntakeTest, intent_and_completion_become_one_row) {
  const Taken taken = must(take({gateway.next(intent("req_1")), gateway.next(completion("req_1"))}));
  EXPECT_EQ(taken.accepted_through, 2);
  EXPECT_EQ(taken.findings, 0);
  EXPECT_THAT(taken.users, testing::ElementsAre(testing::Pair("dev_1", "ada")));
  const std::optional<RequestRow> joined = row("req_1");
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->decision, "allowed");
  EXPECT_EQ(joined->facts.app, "codex");
  EXPECT_EQ(joined->facts.user, "ada");
  EXPECT_EQ(joined->outcome.tokens->output, 20);
  EXPECT_EQ(joined->outcome.upstream_request_id, "up_req_1");
  EXPECT_EQ(joined->time, clock.now());
  EXPECT_EQ(count("requests"), 1);
}

TEST_F(IntakeTest, what_a_completion_does_not_know_is_not_known_afterwards) {
  audit::Completion untold{clock.now(), "req_1", {}};
  untold.outcome.attempts = 1;
  must(take({gateway.next(intent("req_1")), gateway.next(untold), gateway.next(intent("req_2")),
             gateway.next(completion("req_2"))}));
  EXPECT_FALSE(row("req_1")->outcome.tokens);
  EXPECT_FALSE(row("req_1")->outcome.cost_nanodollars);
  EXPECT_TRUE(row("req_2")->outcome.tokens);
}

TEST_F(IntakeTest, zeroes_of_gateways_that_knew_no_null_are_not_known_either) {
  audit::Completion old{clock.now(), "req_1", {}};
  old.outcome.tokens = audit::Tokens();
  old.outcome.cost_nanodollars = 0;
  audit::Completion counted{clock.now(), "req_2", {}};
  counted.outcome.tokens = audit::Tokens{.output = 1};
  counted.outcome.cost_nanodollars = 0;
  must(take({gateway.next(intent("req_1")), gateway.next(old), gateway.next(intent("req_2")), gateway.next(counted)}));
  EXPECT_FALSE(row("req_1")->outcome.tokens);
  EXPECT_FALSE(row("req_1")->outcome.cost_nanodollars);
  EXPECT_EQ(row("req_2")->outcome.tokens->input, 0);
  EXPECT_EQ(row("req_2")->outcome.tokens->output, 1);
  EXPECT_FALSE(row("req_2")->outcome.cost_nanodollars);
}

TEST_F(IntakeTest, rows_are_found_by_the_rule_that_did_something_by_key_and_by_team) {
  audit::Refusal blocked{clock.now(), {}, {}};
  blocked.request.request_id = "req_1";
  blocked.request.virtual_key = "ci";
  blocked.request.team = "platform";
  blocked.outcome.guardrails = {{"no-secrets", "block", "input", "github-pat", 1}};
  audit::Refusal other{clock.now(), {}, {}};
  other.request.request_id = "req_2";
  other.outcome.guardrails = {{"no-secrets-too", "flag", "input", "no-secrets", 1}};
  must(take({gateway.next(blocked), gateway.next(other)}));
  const auto found = [&](const RequestQuery& query) {
    std::vector<std::string> ids;
    const auto page = audit([&](store::Session& s) { return requests(s, PageRequest{10, std::nullopt}, query); });
    for (const RequestRow& one : page.items) ids.push_back(one.facts.request_id);
    return ids;
  };
  EXPECT_THAT(found({.guardrail = "no-secrets"}), testing::ElementsAre("req_1"));
  EXPECT_THAT(found({.guardrail = "No-Secrets"}), testing::IsEmpty());
  EXPECT_THAT(found({.guardrail = "github-pat"}), testing::IsEmpty());
  EXPECT_THAT(found({.virtual_key = "ci"}), testing::ElementsAre("req_1"));
  EXPECT_THAT(found({.team = "platform"}), testing::ElementsAre("req_1"));
  EXPECT_THAT(found({.virtual_key = "ci", .guardrail = "no-secrets-too"}), testing::IsEmpty());
}

TEST_F(IntakeTest, an_intent_alone_is_in_progress) {
  must(take({gateway.next(intent("req_1"))}));
  EXPECT_EQ(row("req_1")->decision, "in_progress");
}

TEST_F(IntakeTest, a_refusal_is_a_whole_row) {
  must(take({gateway.next(refusal("req_1"))}));
  EXPECT_EQ(row("req_1")->decision, "denied");
  EXPECT_EQ(row("req_1")->outcome.reason, "not allowed");
}

TEST_F(IntakeTest, records_that_are_sent_again_are_stored_once) {
  const std::vector<std::string> lines{gateway.next(intent("req_1")), gateway.next(completion("req_1"))};
  must(take({lines[0]}));
  const Taken again = must(take(lines));
  EXPECT_EQ(again.stored, 1);
  EXPECT_EQ(again.accepted_through, 2);
  const Taken third = must(take(lines));
  EXPECT_EQ(third.stored, 0);
  EXPECT_EQ(third.accepted_through, 2);
  EXPECT_EQ(third.findings, 0);
  EXPECT_EQ(count("events"), 2);
}

TEST_F(IntakeTest, a_changed_record_is_kept_and_found) {
  std::string line = gateway.next(intent("req_1"));
  const std::size_t place = line.find("gpt-5");
  line.replace(place, 5, "gpt-6");
  const Taken taken = must(take({line, gateway.next(completion("req_1"))}));
  EXPECT_EQ(taken.stored, 2);
  EXPECT_EQ(taken.findings, 1);
  EXPECT_EQ(row("req_1")->facts.model, "gpt-6");
  const std::vector<Finding> found = audit([](store::Session& s) { return findings(s, 10); });
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, "chain_broken");
  EXPECT_EQ(found[0].sequence, 1);
}

TEST_F(IntakeTest, a_missing_record_is_a_gap_and_the_rest_is_kept) {
  must(take({gateway.next(intent("req_1"))}));
  static_cast<void>(gateway.next(completion("req_1")));
  const Taken taken = must(take({gateway.next(intent("req_2"))}));
  EXPECT_EQ(taken.findings, 1);
  EXPECT_EQ(taken.accepted_through, 3);
  EXPECT_EQ(audit([](store::Session& s) { return findings(s, 10); })[0].kind, "gap");
  EXPECT_TRUE(row("req_2"));
}

TEST_F(IntakeTest, a_chain_that_begins_anew_is_found) {
  must(take({gateway.next(intent("req_1"))}));
  Origin forged("gw_1");
  static_cast<void>(forged.next(intent("req_0")));
  EXPECT_EQ(must(take({forged.next(intent("req_2"))})).findings, 1);
}

TEST_F(IntakeTest, nobody_speaks_for_another_origin) {
  Origin other("gw_2");
  EXPECT_EQ(take({other.next(intent("req_1"))}).error().code, ErrorCode::forbidden);
  const Result<Taken> batch =
      take_events(*databases.audit, "gw_1", wire::Party::gateway, {"gw_2", {other.next(intent("req_1"))}}, clock.now());
  EXPECT_EQ(batch.error().code, ErrorCode::forbidden);
  EXPECT_EQ(count("events"), 0);
}

TEST_F(IntakeTest, a_device_changes_no_row_of_a_gateway_and_speaks_for_no_other_device) {
  must(take({gateway.next(intent("req_1")), gateway.next(completion("req_1"))}));
  Origin device("dev_2");
  const auto claims = [&](const audit::Record& record) {
    const std::vector<std::string> lines{device.next(record)};
    return must(take_events(*databases.audit, "dev_2", wire::Party::device, {"dev_2", lines}, clock.now()));
  };
  EXPECT_EQ(claims(refusal("req_1")).findings, 1);
  EXPECT_EQ(claims(completion("req_1")).findings, 1);
  const Taken other = claims(intent("req_2"));  // says that it is of dev_1
  EXPECT_EQ(other.findings, 1);
  EXPECT_TRUE(other.users.empty());
  EXPECT_FALSE(row("req_2"));
  EXPECT_EQ(row("req_1")->decision, "allowed");
  EXPECT_EQ(row("req_1")->outcome.tokens->output, 20);
  EXPECT_EQ(audit([](store::Session& s) { return findings(s, 10); })[0].kind, "foreign");
}

TEST_F(IntakeTest, a_record_without_a_sequence_refuses_the_batch_and_names_it) {
  const Result<Taken> taken = take({gateway.next(intent("req_1")), R"({"record":{"origin":"gw_1"}})"});
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().detail, testing::StartsWith("records[1].record.sequence"));
  EXPECT_EQ(count("events"), 0);
}

TEST_F(IntakeTest, pages_of_requests_are_newest_first_and_filtered) {
  std::vector<std::string> lines;
  for (int i = 0; i < 5; ++i) {
    clock.advance(std::chrono::seconds(1));
    lines.push_back(gateway.next(intent("req_" + std::to_string(i), i % 2 == 0 ? "codex" : "claude-code")));
  }
  must(take(lines));
  const auto page = [&](const PageRequest& request, const RequestQuery& query) {
    return audit([&](store::Session& s) { return requests(s, request, query); });
  };
  const Page<RequestRow> first = page({2, std::nullopt}, {});
  ASSERT_EQ(first.items.size(), 2U);
  EXPECT_EQ(first.items[0].facts.request_id, "req_4");
  ASSERT_TRUE(first.next);
  EXPECT_EQ(page({2, first.next}, {}).items[0].facts.request_id, "req_2");
  EXPECT_EQ(page({10, std::nullopt}, {.app = "claude-code"}).items.size(), 2U);
  EXPECT_EQ(page({10, std::nullopt}, {.part = "REQ_3"}).items.size(), 1U);
  EXPECT_EQ(page({10, std::nullopt}, {.part = "%"}).items.size(), 0U);
  EXPECT_EQ(page({10, std::nullopt}, {.decision = "in_progress"}).items.size(), 5U);
  EXPECT_EQ(page({10, std::nullopt}, {.from = clock.now()}).items.size(), 1U);
  EXPECT_EQ(page({10, std::nullopt}, {.to = clock.now()}).items.size(), 4U);
}

}  // namespace
}  // namespace sluice::console
