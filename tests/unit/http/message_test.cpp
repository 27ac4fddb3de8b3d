#include <gtest/gtest.h>

#include "http/message.h"

namespace sluice::http {
namespace {

std::string names(const Fields& fields) {
  std::string out;
  for (const Field field : fields) out.append(field.name).append("=").append(field.value).append(";");
  return out;
}

TEST(Fields, SetReplacesTheFirstInPlaceAndDropsTheOthers) {
  Fields fields{{"A", "1"}, {"b", "2"}, {"a", "3"}};
  fields.set("a", "9");
  EXPECT_EQ(names(fields), "A=9;b=2;");
  fields.set("c", "4");
  EXPECT_EQ(names(fields), "A=9;b=2;c=4;");
}

TEST(Fields, RemovesByNameAndByPrefixWhateverTheCase) {
  Fields fields{{"Sluice-App", "1"}, {"host", "2"}, {"sluice-user", "3"}, {"X", "4"}};
  fields.remove_prefix("sluice-");
  fields.remove("x");
  EXPECT_EQ(names(fields), "host=2;");
}

TEST(Fields, FindsATokenInListsOfSeveralFields) {
  const Fields fields{{"Connection", "keep-alive , X-Foo"}, {"connection", "Upgrade"}};
  EXPECT_TRUE(fields.has_token("connection", "x-foo"));
  EXPECT_TRUE(fields.has_token("connection", "upgrade"));
  EXPECT_FALSE(fields.has_token("connection", "foo"));
}

TEST(HopByHop, FieldsThatConnectionNamesGoAndFramingStays) {
  Fields fields{{"Connection", "close, X-Private, Content-Length, Host"},
                {"X-Private", "1"},
                {"Content-Length", "3"},
                {"Host", "a"},
                {"Keep-Alive", "timeout=5"},
                {"Upgrade", "h2c"},
                {"Accept", "*/*"}};
  remove_hop_by_hop(fields);
  EXPECT_EQ(names(fields), "Content-Length=3;Host=a;Accept=*/*;");
}

TEST(Serialise, WritesWhatWasRead) {
  const RequestHead head{"POST", "/v1/messages?beta=true", 1, {{"Host", "a"}, {"X-Empty", ""}}};
  EXPECT_EQ(serialise(head), "POST /v1/messages?beta=true HTTP/1.1\r\nHost: a\r\nX-Empty: \r\n\r\n");
}

TEST(Serialise, RefusesWhatWouldBreakTheHead) {
  EXPECT_FALSE(serialise(RequestHead{"GET", "/", 1, {{"a", "b\r\nc: d"}}}));
  EXPECT_FALSE(serialise(RequestHead{"GET", "/", 1, {{"a b", "c"}}}));
  EXPECT_FALSE(serialise(RequestHead{"GET", "/ HTTP/1.1\r\nx: y", 1, {}}));
  EXPECT_FALSE(serialise(RequestHead{"G T", "/", 1, {}}));
  EXPECT_FALSE(serialise(ResponseHead{200, "a\r\nb", 1, {}}));
  EXPECT_FALSE(serialise(ResponseHead{20, "", 1, {}}));
}

TEST(RequestHead, KeepAliveFollowsTheVersion) {
  EXPECT_TRUE((RequestHead{"GET", "/", 1, {}}.keep_alive()));
  EXPECT_FALSE((RequestHead{"GET", "/", 1, {{"connection", "Close"}}}.keep_alive()));
  EXPECT_FALSE((RequestHead{"GET", "/", 0, {}}.keep_alive()));
  EXPECT_TRUE((RequestHead{"GET", "/", 0, {{"connection", "keep-alive"}}}.keep_alive()));
}

TEST(Query, DecodesTheParameterThatIsAskedFor) {
  EXPECT_EQ(query_parameter("a=1&q=two+words%21&b", "q").value(), "two words!");
  EXPECT_EQ(query_parameter("a=1&b", "b").value(), "");
  EXPECT_EQ(query_parameter("a=1", "c").value(), std::nullopt);
  EXPECT_FALSE(query_parameter("q=%2", "q"));
  EXPECT_FALSE(query_parameter("q=%zz", "q"));
}

}  // namespace
}  // namespace sluice::http
