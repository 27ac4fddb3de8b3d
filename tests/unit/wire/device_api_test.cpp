#include "wire/device_api.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/json.h"

namespace sluice::wire {
namespace {

template <class T>
std::string detail_of(const Result<T>& result) {
  return result ? "accepted" : result.error().detail;
}

TEST(DeviceApi, ReadsTheEnrolmentItPrints) {
  const auto text = print(EnrolRequest{.token = Secret("slc_enr_1"),
                                       .csr = "CSR",
                                       .hostname = "laptop",
                                       .platform = "linux",
                                       .os_version = "Debian 12",
                                       .agent_version = "0.1.0"});
  EXPECT_EQ(text, R"({"token":"slc_enr_1","csr":"CSR","hostname":"laptop","platform":"linux","os_version":"Debian 12",)"
                  R"("agent_version":"0.1.0"})");
  const auto request = parse_enrol_request(text);
  ASSERT_TRUE(request) << detail_of(request);
  EXPECT_EQ(request->token.reveal(), "slc_enr_1");
  EXPECT_EQ(print(*request), text);

  const auto gateway = print(GatewayEnrolRequest{.token = Secret("t"), .csr = "c", .name = "gw"});
  EXPECT_EQ(print(*parse_gateway_enrol_request(gateway)), gateway);
}

TEST(DeviceApi, NamesTheIdOfTheEnrolledByItsKind) {
  const EnrolResponse value{.id = "dev_1",
                            .org = "Example",
                            .certificate = "CERT",
                            .identity_ca = "CA",
                            .policy_key = std::string(32, '\xf0'),
                            .root_ca = "ROOT"};
  const auto device = print(value, Party::device);
  EXPECT_EQ(device.find(R"({"device_id":"dev_1","org":"Example","certificate":"CERT")"), 0U);
  EXPECT_EQ(print(value, Party::gateway).find(R"({"gateway_id":"dev_1")"), 0U);
  const auto again = parse_enrol_response(device, Party::device);
  ASSERT_TRUE(again) << detail_of(again);
  EXPECT_EQ(again->policy_key, value.policy_key);
  EXPECT_EQ(detail_of(parse_enrol_response(device, Party::gateway)), "device_id: is not a known field");
  auto short_key = value;
  short_key.policy_key = "short";
  EXPECT_EQ(detail_of(parse_enrol_response(print(short_key, Party::device), Party::device)),
            "policy_key: must be base64 of 32 bytes");
}

TEST(DeviceApi, ReadsTheInventoryItPrints) {
  Inventory inventory{.hostname = "laptop", .os_version = "12", .agent_version = "0.1.0"};
  inventory.capture_state = "capturing";
  inventory.apps.push_back(
      {.app = "codex", .name = "Codex", .version = "0.169.0", .path = "/usr/bin/codex", .user = "anna"});
  inventory.counters = {.intercepted = 1, .spliced = 2, .refused = 3, .broken = 4};
  const auto text = print(inventory);
  EXPECT_EQ(text, R"({"hostname":"laptop","os_version":"12","agent_version":"0.1.0","capture":{"state":"capturing",)"
                  R"("detail":""},"apps":[{"app":"codex","name":"Codex","version":"0.169.0","path":"/usr/bin/codex",)"
                  R"("user":"anna"}],"counters":{"intercepted":1,"spliced":2,"refused":3,"broken":4}})");
  EXPECT_EQ(print(*parse_inventory(text)), text);
  auto wrong = text;
  wrong.replace(wrong.find("capturing"), 9, "sleeping");
  EXPECT_EQ(detail_of(parse_inventory(wrong)), "capture.state: must be one of: capturing, bypassed, off");
  wrong = text;
  wrong.replace(wrong.find("\"user\""), 6, "\"usor\"");
  EXPECT_EQ(detail_of(parse_inventory(wrong)), "apps[0].usor: is not a known field");
}

TEST(DeviceApi, CarriesAuditRecordsAsTheyAre) {
  const EventsRequest events{.origin = "dev_1", .records = {R"({"record":{"a":1},"hash":"00"})", "{}"}};
  const auto text = print(events);
  EXPECT_EQ(text, R"({"origin":"dev_1","records":[{"record":{"a":1},"hash":"00"},{}]})");
  const auto again = parse_events_request(text);
  ASSERT_TRUE(again) << detail_of(again);
  EXPECT_EQ(again->records, events.records);
  EXPECT_EQ(detail_of(parse_events_request(R"({"origin":"o","records":[{},1]})")), "records[1]: must be an object");
  EXPECT_EQ(detail_of(parse_events_request(R"({"origin":"o"})")), "records: must be a list");
  EXPECT_EQ(parse_events_response(print(EventsResponse{.accepted_through = 9}))->accepted_through, 9);
}

TEST(DeviceApi, ReadsLeavesAndRenewals) {
  const auto leaf = print(LeafRequest{.host = "api.openai.com", .csr = "CSR"});
  EXPECT_EQ(parse_leaf_request(leaf)->host, "api.openai.com");
  const auto chain = print(LeafResponse{.chain = "PEM", .not_after = *from_rfc3339("2026-01-31T10:20:30Z")});
  EXPECT_EQ(chain, R"({"chain":"PEM","not_after":"2026-01-31T10:20:30.000Z"})");
  EXPECT_EQ(print(*parse_leaf_response(chain)), chain);
  EXPECT_EQ(parse_renew_request(print(RenewRequest{.csr = "CSR"}))->csr, "CSR");
  EXPECT_EQ(parse_renew_response(print(RenewResponse{.certificate = "C"}))->certificate, "C");
}

TEST(DeviceApi, RefusesWhatIsNoDocument) {
  for (const auto* text : {"", "{", "[]", "null", "{\"host\":\"h\",\"csr\":\"c\"}x"}) {
    const auto request = parse_leaf_request(text);
    ASSERT_FALSE(request) << text;
    EXPECT_EQ(request.error().code, ErrorCode::malformed) << text;
  }
}

TEST(DeviceApi, RefusesALongField) {
  EXPECT_EQ(detail_of(parse_leaf_request(print(LeafRequest{.host = std::string(254, 'a'), .csr = ""}))),
            "host: is longer than 253 bytes");
}

TEST(ErrorAnswer, NamesTheRowAndTheField) {
  const Error error{ErrorCode::malformed, "hosts[3].mode: must be one of: governed"};
  EXPECT_EQ(print_error(error), R"({"error":{"code":"malformed","message":"The input is not well-formed: )"
                                R"(hosts[3].mode: must be one of: governed","field":"hosts[3].mode"}})");
  EXPECT_EQ(print_error(Error{ErrorCode::not_governed, "host: x"}).find("field"), std::string::npos);
  const auto again = parse_error_response(print_error(Error{ErrorCode::revoked, "device dev_1"}), 403);
  EXPECT_EQ(again.code, ErrorCode::revoked);
  EXPECT_EQ(again.detail, "the console says: device dev_1");
}

TEST(ErrorAnswer, OfAnotherServerIsAFailureOfTheUpstream) {
  for (const auto* text : {"", "<html>", "{}", R"({"error":"no"})", R"({"error":{"code":"made_up","message":"x"}})"})
    EXPECT_EQ(parse_error_response(text, 502).code, ErrorCode::upstream_failed) << text;
}

}  // namespace
}  // namespace sluice::wire
