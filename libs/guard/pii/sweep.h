// One walk over a text that looks at every number and every capitalised word, in time in proportion to its length:
// each byte belongs to at most one token, and a number is tried in a bounded count of groupings.
#pragma once
#include <array>
#include <string_view>
#include <vector>

#include "guard/finding.h"
#include "guard/pii/lexicon.h"
#include "guard/pii/phone.h"

namespace sluice::guard::pii {

struct Tables {
  Lexicon lexicon;
  PhonePlans phones;
};

// What words within reach of text[start, end) say: 72 bytes before it and 24 after it on the same line.
Flags near(const Lexicon& lexicon, std::string_view text, std::size_t start, std::size_t end);

class Sweep {
 public:
  Sweep(const Tables& tables, std::string_view text, std::vector<Finding>& findings)
      : tables_(tables), text_(text), findings_(findings) {}
  void run();

 private:
  struct Group {
    std::size_t start = 0, end = 0;
    char before = 0;  // the separator in front: one of " -./p", p for parentheses
  };
  struct Number;
  struct Word {
    std::size_t start = 0, end = 0;
    Flags flags = 0;
    bool shouted = false;  // all capitals
    bool mixed = false;    // capitals inside, as in JavaScript
    bool ascii = true;
    bool after_digit = false;  // one stands so near before it that it may be a house's
  };
  // A run of ASCII letters and digits.
  struct Span {
    std::size_t start = 0, end = 0, capitals = 0;
  };
  static constexpr std::size_t address_reach = 14;
  void add(std::string_view rule, std::string_view type, std::size_t start, std::size_t end, float score);
  std::size_t number(std::size_t start);
  [[nodiscard]] Flags context_of(const Number& number) const;
  bool number_between(const Number& number, std::size_t first, std::size_t last);
  bool address_of_host(const Number& number, std::size_t first, std::size_t last, float& score) const;
  std::size_t mixed_token(std::size_t start, std::size_t end);
  bool spaced_token(std::size_t start, std::size_t end);
  std::size_t word(const Span& span);
  enum class Cue { none, person, place, company };
  [[nodiscard]] Cue cue_before(std::size_t start) const;
  [[nodiscard]] std::string_view word_before(std::size_t start) const;
  [[nodiscard]] bool behind_postal_code(std::size_t start) const;
  bool announced(std::size_t first, std::size_t last, float& score);
  [[nodiscard]] bool joins(const Word& last, const Word& next) const;
  void flush();
  template <class Endings>
  bool ends_like(const Word& word, const Endings& endings) const;
  void names(std::size_t first, std::size_t last, bool titled);
  bool listed_at(std::size_t first, std::size_t& last);
  bool street_at(std::size_t first, std::size_t last);
  std::string_view slice(std::size_t start, std::size_t end) const { return text_.substr(start, end - start); }

  const Tables& tables_;
  std::string_view text_;
  std::vector<Finding>& findings_;
  std::array<Word, 8> words_{};
  std::size_t word_count_ = 0;
  std::size_t done_ = 0;
  std::size_t last_digit_ = 0;  // the end of the last token that holds one
};

}  // namespace sluice::guard::pii
