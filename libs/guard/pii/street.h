// Private to libs/guard/pii: what stands before and behind the capitals of a street's name. The sweep and the rule for
// texts that go on (open.cpp) read the same, so that neither sees what the other does not.
#pragma once
#include <cstddef>
#include <string_view>

#include "guard/pii/lexicon.h"

namespace sluice::guard::pii {

constexpr std::size_t region_reach = 30;   // bytes of ", United Arab Emirates" behind a town
constexpr std::size_t address_reach = 24;  // bytes between a house's number and the capitals: "8 bis, avenue de la"

constexpr std::size_t number_reach = 24;  // bytes behind the capitals in which a house's number stands
constexpr std::size_t code_reach = 14;    // bytes of a town's code behind a house's number

struct BeforeStreet {
  std::size_t start = 0;  // of the number, of "rue", or of the capitals
  bool way = false;       // "rue", "ul.", "calle de la" stand there
  bool numbered = false;
};
// In front of capitals that begin at `start`.
BeforeStreet before_street(const Lexicon& lexicon, std::string_view text, std::size_t start);
// Where a street may begin whose capitals are still to come behind the end of the text.
std::size_t before_open_street(const Lexicon& lexicon, std::string_view text);

struct BehindStreet {
  std::size_t end = 0;  // of the number, or the end of the capitals
  bool street = false;  // "utca" stands there
  bool numbered = false;
  bool undecided = false;  // the text ends too early to tell
};
BehindStreet behind_street(const Lexicon& lexicon, std::string_view text, std::size_t end);

}  // namespace sluice::guard::pii
