#include "base/json.h"

#include <gtest/gtest.h>

namespace sluice {
namespace {

std::string detail_of(const Result<JsonValue>& result) {
  return result ? "parsed" : result.error().detail;
}

JsonValue parsed(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value.has_value()) << detail_of(value);
  return value.value_or(JsonValue{});
}

TEST(ParseJson, NamesTheLineOfASyntaxErrorAndDoesNotQuoteTheText) {
  const auto result = parse_json("{\n  \"key\": sk-secret }");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::malformed);
  EXPECT_NE(result.error().detail.find("line 2"), std::string::npos) << result.error().detail;
  EXPECT_EQ(result.error().detail.find("secret"), std::string::npos);
}

TEST(ParseJson, RefusesADuplicateKeyByItsPath) {
  EXPECT_EQ(detail_of(parse_json(R"({"a":1,"a":2})")), "a: stands twice");
  EXPECT_EQ(detail_of(parse_json(R"({"hosts":[{"x":1},{"host":{"b":1,"c":2,"b":3}}]})")),
            "hosts[1].host.b: stands twice");
  EXPECT_EQ(detail_of(parse_json(R"({"a":1,"\u0061":2})")), "a: stands twice");
}

TEST(ParseJson, RefusesWhatIsNotOneDocument) {
  for (const auto* text : {"", "{", "{} {}", "[1,]", "{\"a\":}", "nul", "\"\xff\"", "01", "{\"a\":1e999}"})
    EXPECT_FALSE(parse_json(text)) << text;
}

TEST(ParseJson, HoldsTheLimits) {
  EXPECT_EQ(parse_json("[1,2]", {.bytes = 4}).error().code, ErrorCode::too_large);
  EXPECT_TRUE(parse_json("[[[1]]]", {.depth = 3}));
  EXPECT_FALSE(parse_json("[[[[1]]]]", {.depth = 3}));
}

TEST(ParseJson, KeepsWholeNumbersWhole) {
  const auto value = parsed(R"({"big":9223372036854775807,"huge":9223372036854775808,"half":0.5})");
  EXPECT_EQ(std::get<std::int64_t>(value.find("big")->data), 9223372036854775807);
  EXPECT_TRUE(std::holds_alternative<double>(value.find("huge")->data));
  EXPECT_EQ(std::get<double>(value.find("half")->data), 0.5);
}

TEST(JsonFields, ReadsADocumentStraightDown) {
  const auto document = parsed(
      R"({"name":"x","size":3,"on":true,"at":"2026-01-31T10:20:30Z","list":["a","b"],"parts":[{"id":"1"},{"id":"2"}],
          "map":{"k":1},"nothing":null})");
  JsonFields fields(document);
  EXPECT_EQ(fields.text("name"), "x");
  EXPECT_EQ(fields.integer("size", 0, 3), 3);
  EXPECT_TRUE(fields.boolean("on"));
  EXPECT_EQ(to_rfc3339(fields.time("at")), "2026-01-31T10:20:30.000Z");
  EXPECT_EQ(fields.texts("list"), (std::vector<std::string>{"a", "b"}));
  std::string ids;
  for (auto& part : fields.objects("parts")) ids += part.text("id");
  EXPECT_EQ(ids, "12");
  auto map = fields.object("map");
  EXPECT_EQ(map.members().size(), 1U);
  EXPECT_EQ(fields.optional_text("nothing"), std::nullopt);
  EXPECT_EQ(fields.optional_integer("absent"), std::nullopt);
  EXPECT_EQ(fields.finish(), std::nullopt);
}

struct Wrong {
  const char* text;
  const char* detail;
  ErrorCode code;
};

TEST(JsonFields, NamesTheFirstWrongFieldByItsPath) {
  const Wrong cases[] = {
      {R"([])", "the document must be an object", ErrorCode::malformed},
      {R"({"parts":[]})", "size: is missing", ErrorCode::malformed},
      {R"({"size":"3","parts":[]})", "size: must be a whole number", ErrorCode::malformed},
      {R"({"size":1.5,"parts":[]})", "size: must be a whole number", ErrorCode::malformed},
      {R"({"size":11,"parts":[]})", "size: must be from 0 to 10", ErrorCode::invalid_argument},
      {R"({"size":1})", "parts: is missing", ErrorCode::malformed},
      {R"({"size":1,"parts":{}})", "parts: must be a list", ErrorCode::malformed},
      {R"({"size":1,"parts":[{"kind":"a"},7]})", "parts[1]: must be an object", ErrorCode::malformed},
      {R"({"size":1,"parts":[{"kind":"c"}]})", "parts[0].kind: must be one of: a, b", ErrorCode::invalid_argument},
      {R"({"size":1,"parts":[{"kind":"a"},{"kind":"b","x":1}]})", "parts[1].x: is not a known field",
       ErrorCode::malformed},
      {R"({"sise":1,"parts":[]})", "sise: is not a known field", ErrorCode::malformed},
      {R"({"size":1,"parts":[{"kind":"a"},{"kind":"a"},{"kind":"a"}]})", "parts: has more than 2 entries",
       ErrorCode::invalid_argument},
  };
  for (const auto& wrong : cases) {
    const auto document = parsed(wrong.text);
    JsonFields fields(document);
    (void)fields.integer("size", 0, 10);
    for (auto& part : fields.objects("parts", 2)) (void)part.choice("kind", {"a", "b"});
    const auto error = fields.finish();
    ASSERT_TRUE(error) << wrong.text;
    EXPECT_EQ(error->detail, wrong.detail);
    EXPECT_EQ(error->code, wrong.code) << wrong.detail;
  }
}

TEST(JsonWriter, WritesInTheOrderOfTheCalls) {
  JsonWriter out;
  out.begin_object().field("b", "x").field("a", 1).key("list").begin_array().integer(1).boolean(false).null();
  out.begin_object().end_object().end_array().field("half", 0.5).field("texts", std::vector<std::string>{"p", "q"});
  out.end_object();
  EXPECT_EQ(out.text(), R"({"b":"x","a":1,"list":[1,false,null,{}],"half":0.5,"texts":["p","q"]})");
}

TEST(JsonWriter, EscapesSoThatAParserReadsTheSameText) {
  std::string every;
  for (int byte = 0; byte < 128; ++byte) every += static_cast<char>(byte);
  every += "ä€😀";
  JsonWriter out;
  out.text(every);
  EXPECT_EQ(std::get<std::string>(parsed(out.text()).data), every);
  // The compact form that audit lines are hashed in: what is read and written again must be the same bytes.
  EXPECT_TRUE(out.text().starts_with(
      "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u"))
      << out.text();
}

TEST(JsonWriter, ReplacesInvalidUtf8) {
  for (const auto* bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    std::string out;
    append_json_string(out, bad);
    EXPECT_TRUE(parse_json(out)) << out;
  }
  std::string cut;
  append_json_string(cut, "a\xe2\x82");
  EXPECT_EQ(cut, "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(JsonWriter, PrintsAParsedValueAgain) {
  const std::string text = R"({"a":[1,-2.5,"x",null,true,{"b":{}}]})";
  JsonWriter out;
  out.value(parsed(text));
  EXPECT_EQ(out.text(), text);
}

}  // namespace
}  // namespace sluice
