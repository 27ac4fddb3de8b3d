// Private to libs/guard/pii: what the words of a sequence say together.
#pragma once
#include <cstddef>

#include "guard/pii/sweep.h"

namespace sluice::guard::pii {

struct Sweep::Likeness {
  std::size_t known = 0;         // given names of the lexicon
  std::size_t listed_given = 0;  // given names of the register that are no ordinary words
  std::size_t surname_like = 0;  // by their endings
  std::size_t initials = 0;
  bool listed_surname = false;  // the last word is a surname of the register
  int least = 64;               // of the likenesses of the words
  int total = 0;
};

}  // namespace sluice::guard::pii
