#include <gtest/gtest.h>

#include "net/address.h"

namespace sluice::net {
namespace {

TEST(Address, ReadsAndPrintsBothFamilies) {
  EXPECT_EQ(to_string(parse_address("127.0.0.1:80").value()), "127.0.0.1:80");
  EXPECT_EQ(to_string(parse_address("[2001:db8::1]:443").value()), "[2001:db8::1]:443");
  for (const auto* bad : {"", "1.2.3.4", "1.2.3.4:", "1.2.3.4:70000", "x:1", "1.2.3:80", "[::1:80", "1.2.3.4:8a"})
    EXPECT_FALSE(parse_address(bad)) << bad;
}

TEST(Address, SpecialPurposeAddressesAreKnownInEveryWriting) {
  for (const auto* text :
       {"127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "198.18.0.1",
        "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fd00::1]", "[fe80::1]", "[::ffff:127.0.0.1]",
        "[::ffff:169.254.169.254]", "[64:ff9b::10.0.0.1]", "[2001:db8::1]"})
    EXPECT_TRUE(is_special_purpose(parse_address(std::string(text) + ":1").value())) << text;
  for (const auto* text : {"8.8.8.8", "160.79.104.10", "172.32.0.1", "[2606:4700::6810]", "[::ffff:8.8.8.8]"})
    EXPECT_FALSE(is_special_purpose(parse_address(std::string(text) + ":1").value())) << text;
}

TEST(Network, ContainsWhatItsPrefixCovers) {
  const Network network = parse_network("198.18.0.0/15").value();
  EXPECT_TRUE(network.contains(parse_address("198.19.255.255:1").value()));
  EXPECT_FALSE(network.contains(parse_address("198.20.0.0:1").value()));
  EXPECT_FALSE(network.contains(parse_address("[::1]:1").value()));
  for (const auto* bad : {"1.2.3.4", "1.2.3.4/33", "::/129", "x/8", "1.2.3.4/"})
    EXPECT_FALSE(parse_network(bad)) << bad;
}

}  // namespace
}  // namespace sluice::net
