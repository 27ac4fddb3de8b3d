#include "audit/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "tests/unit/audit/samples.h"
#include "wire/device_api.h"

namespace sluice::audit {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string salt(16, 's');

ChainedLine first_line(const Record& record) {
  return chain(draft(record, salt), "\"gw_1\"", 1, chain_start("gw_1"));
}

TEST(chain, the_hash_is_what_the_contract_says) {
  // Computed here a second time, from the words of chain.h alone.
  const ChainedLine line = first_line(sample_intent("req_1"));
  const std::string public_part =
      R"({"type":"intent","origin":"gw_1","sequence":1,"time":"2026-11-20T12:00:00.250Z","request_id":"req_1",)"
      R"("client_request_id":"c-1","app":"claude-code","app_version":"2.1.328",)"
      R"("virtual_key":"vk_fleet","provider":"anthropic","model":"claude-x","dialect":"anthropic",)"
      R"("operation":"messages","streamed":true,"host":"api.anthropic.com","path":"/v1/messages"})";
  const auto previous = tls::sha256("sluice.audit.v1\ngw_1");
  const auto personal = tls::sha256(salt + R"({"device":"dev_1","user":"ada"})");
  const auto expected = tls::sha256(std::string(tls::view(previous)) + public_part + std::string(tls::view(personal)));
  EXPECT_EQ(line.hash, expected);
  EXPECT_THAT(line.text, HasSubstr(R"(,"salt":")" + to_hex(salt) + R"(","personal":")" + to_hex(tls::view(personal)) +
                                   R"(","previous":")" + to_hex(tls::view(previous)) + R"(","hash":")" +
                                   to_hex(tls::view(expected)) + R"("})"));
}

TEST(chain, a_record_without_personal_fields_hashes_with_zeros_in_their_place) {
  const ChainedLine line = first_line(sample_completion("req_1"));
  const std::string record = to_json({"gw_1", 1, sample_completion("req_1")});
  const auto previous = chain_start("gw_1");
  EXPECT_EQ(line.hash, tls::sha256(std::string(tls::view(previous)) + record + std::string(32, '\0')));
  EXPECT_THAT(line.text, Not(HasSubstr("salt")));
}

TEST(chain, a_line_checks_against_itself_and_gives_its_record_back) {
  for (const Record& record :
       {Record(sample_intent("req_1")), Record(sample_completion("req_1")), Record(sample_refusal("req_1"))}) {
    const ChainedLine line = first_line(record);
    const auto checked = check_line(line.text);
    ASSERT_TRUE(checked) << checked.error().message();
    EXPECT_EQ(checked->origin, "gw_1");
    EXPECT_EQ(checked->sequence, 1U);
    EXPECT_EQ(checked->hash, line.hash);
    EXPECT_EQ(checked->previous, chain_start("gw_1"));
    EXPECT_EQ(checked->record_json, to_json({"gw_1", 1, record}));
    EXPECT_TRUE(record_from_json(checked->record_json));
  }
}

TEST(chain, every_changed_byte_of_a_line_is_noticed) {
  for (const Record& record : {Record(sample_completion("req_1")), Record(sample_refusal("req_1"))}) {
    const std::string line = first_line(record).text;
    for (std::size_t i = 0; i < line.size(); ++i)
      for (const int mask : {i % 2 == 0 ? 1 : 32}) {
        std::string changed = line;
        changed[i] = static_cast<char>(changed[i] ^ mask);
        EXPECT_FALSE(check_line(changed)) << changed.substr(0, i + 1);
      }
  }
}

TEST(chain, a_line_without_its_personal_fields_still_verifies) {
  const ChainedLine line = first_line(sample_intent("req_1"));
  const auto removed = remove_personal(line.text);
  ASSERT_TRUE(removed);
  EXPECT_THAT(*removed, Not(HasSubstr("ada")));
  EXPECT_THAT(*removed, Not(HasSubstr("dev_1")));
  EXPECT_THAT(*removed, Not(HasSubstr("salt")));
  const auto checked = check_line(*removed);
  ASSERT_TRUE(checked) << checked.error().message();
  EXPECT_EQ(checked->hash, line.hash);
  const auto record = record_from_json(checked->record_json);
  ASSERT_TRUE(record) << record.error().message();
  EXPECT_EQ(std::get<Intent>(record->record).request.user, "");
  EXPECT_EQ(*remove_personal(*removed), *removed);
}

TEST(chain, other_personal_fields_cannot_be_put_in_afterwards) {
  const std::string line = first_line(sample_intent("req_1")).text;
  const auto replaced = [](std::string text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  EXPECT_EQ(check_line(replaced(line, "\"ada\"", "\"bob\"")).error().code, ErrorCode::bad_signature);
  EXPECT_FALSE(check_line(replaced(line, "\"device\":\"dev_1\",", "")));
  const std::string removed = *remove_personal(line);
  EXPECT_FALSE(check_line(replaced(removed, "\"app\":", "\"user\":\"bob\",\"app\":")));
  const std::string completion = first_line(sample_completion("req_1")).text;
  EXPECT_FALSE(check_line(replaced(completion, "\"decision\":", "\"user\":\"bob\",\"decision\":")));
}

TEST(chain, a_field_given_twice_is_refused) {
  std::string line = first_line(sample_completion("req_1")).text;
  const std::string field = R"("status":200,)";
  line.insert(line.find(field), R"("status":500,)");
  EXPECT_EQ(check_line(line).error().code, ErrorCode::malformed);
}

TEST(chain, lines_pass_through_the_device_api_byte_for_byte) {
  // libs/wire reads and writes the events with another JSON writer; a byte of difference would break every chain.
  Intent intent = sample_intent("req_1");
  for (int byte = 1; byte < 256; ++byte) intent.request.user.push_back(static_cast<char>(byte));
  intent.request.model = "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xe2\x80\xa8/\x7f";
  Completion completion = sample_completion("req_1");
  completion.outcome.cost_nanodollars = INT64_MAX;
  const std::vector<std::string> lines{first_line(intent).text, first_line(completion).text,
                                       first_line(sample_refusal("req_2")).text};
  const auto parsed = wire::parse_events_request(wire::print(wire::EventsRequest{"gw_1", lines}));
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(parsed->records, lines);
}

TEST(chain, a_checkpoint_verifies_with_its_key_and_not_when_changed) {
  const auto key = tls::SigningKey::generate();
  const Checkpoint checkpoint{"gw_1", 42, chain_start("gw_1"), sample_time()};
  const std::string text = sign_checkpoint(checkpoint, key);
  const auto verified = verify_checkpoint(text, key.public_key());
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->sequence, 42U);
  EXPECT_EQ(verified->hash, checkpoint.hash);
  EXPECT_FALSE(verify_checkpoint(text, tls::SigningKey::generate().public_key()));
  std::string changed = text;
  changed.replace(changed.find(":42"), 3, ":43");
  EXPECT_EQ(verify_checkpoint(changed, key.public_key()).error().code, ErrorCode::bad_signature);
}

}  // namespace
}  // namespace sluice::audit
