#include "tls/client_hello.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/files.h"

namespace sluice::tls {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::filesystem::path recordings = std::filesystem::path(SLUICE_SOURCE_DIR) / "tests/data/client_hello";

std::string recording(const std::string& name) {
  auto bytes = read_file(recordings / name);
  EXPECT_TRUE(bytes) << name;
  return bytes ? *bytes : std::string();
}

std::string u16(std::size_t value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value)};
}
std::string record(const std::string& body, char type = 22) {
  return std::string{type, 3, 1} + u16(body.size()) + body;
}
std::string extension(std::size_t type, const std::string& body) {
  return u16(type) + u16(body.size()) + body;
}
std::string server_name(const std::string& host) {
  const std::string entry = std::string(1, '\0') + u16(host.size()) + host;
  return extension(0, u16(entry.size()) + entry);
}
std::string hello(const std::string& extensions) {
  const std::string body = std::string{3, 3} + std::string(32, 'r') + std::string(1, '\0') + u16(2) + "\x13\x01" +
                           std::string{1, 0} + u16(extensions.size()) + extensions;
  return std::string{1, 0} + u16(body.size()) + body;
}

HelloProgress read(const std::string& bytes) {
  ClientHelloReader reader;
  return reader.feed(bytes);
}
std::string reason(const HelloProgress& progress) {
  const auto* refused = std::get_if<NotTls>(&progress);
  return refused != nullptr ? refused->reason : "accepted";
}

TEST(client_hello, recordings_of_real_clients_are_read_the_same_at_every_cut) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(recordings)) {
    const std::string bytes = recording(entry.path().filename());
    const HelloProgress whole_answer = read(bytes);
    const auto* whole = std::get_if<ClientHello>(&whole_answer);
    ASSERT_NE(whole, nullptr) << entry.path() << ": " << reason(whole_answer);
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
      ClientHelloReader reader;
      ASSERT_TRUE(std::holds_alternative<NeedMore>(reader.feed(bytes.substr(0, cut)))) << entry.path() << " at " << cut;
      const HelloProgress answer = reader.feed(bytes.substr(cut));
      const auto* parts = std::get_if<ClientHello>(&answer);
      ASSERT_NE(parts, nullptr) << entry.path() << " at " << cut;
      EXPECT_EQ(parts->sni, whole->sni);
      EXPECT_EQ(parts->alpn, whole->alpn);
      EXPECT_EQ(reader.bytes(), bytes);
    }
    ++files;
  }
  EXPECT_GE(files, 10U);
}

TEST(client_hello, says_what_each_client_offers) {
  const auto claude = std::get<ClientHello>(read(recording("claude-code.bin")));
  EXPECT_EQ(claude.sni, "api.anthropic.com");
  EXPECT_THAT(claude.alpn, ElementsAre("http/1.1"));
  EXPECT_THAT(claude.versions, Contains(0x0304));
  const auto codex = std::get<ClientHello>(read(recording("codex-no-alpn.bin")));
  EXPECT_EQ(codex.sni, "api.openai.com");
  EXPECT_THAT(codex.alpn, IsEmpty());
  const auto curl = std::get<ClientHello>(read(recording("curl.bin")));
  EXPECT_THAT(curl.alpn, ElementsAre("h2", "http/1.1"));
  EXPECT_FALSE(curl.has_ech);
}

TEST(client_hello, one_message_spread_over_records_of_one_byte_is_joined) {
  const std::string message = hello(server_name("API.OpenAI.com"));
  std::string bytes;
  for (const char byte : message) bytes += record(std::string(1, byte));
  ClientHelloReader reader;
  HelloProgress answer;
  for (const char byte : bytes) answer = reader.feed(std::string_view(&byte, 1));
  ASSERT_TRUE(std::holds_alternative<ClientHello>(answer)) << reason(answer);
  EXPECT_EQ(std::get<ClientHello>(answer).sni, "api.openai.com");
}

TEST(client_hello, bytes_after_the_hello_are_kept_for_whoever_reads_next) {
  ClientHelloReader reader;
  const std::string bytes = record(hello(server_name("a.example"))) + "early data";
  EXPECT_TRUE(std::holds_alternative<ClientHello>(reader.feed(bytes)));
  EXPECT_TRUE(std::holds_alternative<ClientHello>(reader.feed("more")));
  EXPECT_EQ(reader.bytes(), bytes + "more");
}

TEST(client_hello, other_protocols_are_recognised_by_their_first_byte) {
  EXPECT_THAT(reason(read("GET / HTTP/1.1\r\n")), HasSubstr("0x47"));
  EXPECT_THAT(reason(read("SSH-2.0-OpenSSH")), HasSubstr("0x53"));
  EXPECT_THAT(reason(read(std::string("\x16\x02", 2))), HasSubstr("version"));
  EXPECT_THAT(reason(read(record("\x02server hello"))), HasSubstr("not a ClientHello"));
  EXPECT_THAT(reason(read(record(""))), HasSubstr("length"));
}

TEST(client_hello, a_server_name_that_is_no_host_name_counts_as_none) {
  for (const std::string& name : {std::string("10.0.0.1"), std::string("a b.example"), std::string("a..example"),
                                  std::string("-x.example"), std::string("x\0y.example", 11), std::string("[::1]"),
                                  std::string(64, 'a') + ".example", std::string("evil.example/path")}) {
    const auto answer = read(record(hello(server_name(name))));
    ASSERT_TRUE(std::holds_alternative<ClientHello>(answer)) << name;
    EXPECT_EQ(std::get<ClientHello>(answer).sni, "") << name;
  }
  EXPECT_EQ(std::get<ClientHello>(read(record(hello(server_name("api.x.ai."))))).sni, "api.x.ai");
}

TEST(client_hello, two_server_name_extensions_are_refused) {
  const std::string twice = server_name("api.openai.com") + server_name("other.example");
  EXPECT_THAT(reason(read(record(hello(twice)))), HasSubstr("repeats"));
}

TEST(client_hello, ech_and_versions_without_grease_are_reported) {
  const std::string versions = extension(43, std::string("\x06\x1a\x1a\x03\x04\x03\x03", 7));
  const auto answer = read(record(hello(versions + extension(0xfe0d, "x"))));
  ASSERT_TRUE(std::holds_alternative<ClientHello>(answer)) << reason(answer);
  EXPECT_TRUE(std::get<ClientHello>(answer).has_ech);
  EXPECT_THAT(std::get<ClientHello>(answer).versions, ElementsAre(0x0304, 0x0303));
}

TEST(client_hello, lengths_that_do_not_fit_are_refused_not_read_past) {
  EXPECT_THAT(reason(read(record(hello(u16(0) + u16(200) + "short")))), HasSubstr("cut short"));
  EXPECT_THAT(reason(read(record(hello(extension(16, u16(9) + "\x02h2"))))), HasSubstr("ALPN"));
  EXPECT_THAT(reason(read(record(std::string("\x01\x00\x00\x02\x03\x03", 6)))), HasSubstr("cut short"));
}

TEST(client_hello, more_than_64_kib_is_refused) {
  EXPECT_THAT(reason(read(record(std::string("\x01\x02\x00\x00xx", 6)))), HasSubstr("64 KiB"));
  ClientHelloReader reader;
  const std::string first = record(std::string("\x01\x00\xff\xff", 4));
  HelloProgress answer = reader.feed(first);
  for (int i = 0; i < 70000 && std::holds_alternative<NeedMore>(answer); ++i) answer = reader.feed(record("x"));
  EXPECT_THAT(reason(answer), HasSubstr("64 KiB"));
  EXPECT_LE(reader.bytes().size(), ClientHelloReader::limit + 16);
}

}  // namespace
}  // namespace sluice::tls
