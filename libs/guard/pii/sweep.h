// One walk over a text that looks at every number and every capitalised word, in time in proportion to its length:
// each byte belongs to at most one token, and a number is tried in a bounded count of groupings.
#pragma once
#include <array>
#include <string_view>
#include <vector>

#include "guard/finding.h"
#include "guard/pii/lexicon.h"
#include "guard/pii/phone.h"
#include "guard/pii/register.h"
#include "guard/pii/word_hash.h"

namespace sluice::guard::pii {

struct BeforeStreet;
struct BehindStreet;

struct Tables {
  Lexicon lexicon;
  Register names;
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
  static constexpr std::int16_t unmeasured = 1000;
  struct Word {
    std::size_t start = 0, end = 0;
    Flags flags = 0;
    Listed listed = 0;
    mutable std::int16_t like = unmeasured;  // likeness()
    bool shouted = false;                    // all capitals
    bool mixed = false;                      // capitals inside, as in JavaScript
    bool ascii = true;
    bool after_digit = false;  // one stands so near before it that it may be a house's
  };
  // A run of ASCII letters and digits.
  struct Span {
    std::size_t start = 0, end = 0, capitals = 0;
  };
  void add(std::string_view rule, std::string_view type, std::size_t start, std::size_t end, float score);
  std::size_t number(std::size_t start);
  [[nodiscard]] Flags context_of(const Number& number) const;
  bool number_between(const Number& number, std::size_t first, std::size_t last);
  bool address_of_host(const Number& number, std::size_t first, std::size_t last, float& score) const;
  std::size_t mixed_token(std::size_t start, std::size_t end);
  bool spaced_token(std::size_t start, std::size_t end);
  std::size_t word(const Span& span);
  enum class Cue { none, person, place, far_place, company, far_company };
  // What stands in front of a sequence, where nothing stronger is known of it.
  enum class Position { start, sentence, article, glued };
  struct Likeness;
  // The word in front of a sequence, looked up once.
  struct Neighbour {
    std::size_t start = 0, end = 0;
    Flags flags = 0;
    Listed listed = 0;
  };
  [[nodiscard]] Neighbour neighbour_of(std::size_t start) const;
  [[nodiscard]] Cue cue_before(const Neighbour& nearest, const Word& word) const;
  [[nodiscard]] Cue far_cue_before(std::size_t start) const;
  [[nodiscard]] Position position_of(std::size_t start, const Neighbour& nearest) const;
  [[nodiscard]] int likeness(const Word& word) const;
  [[nodiscard]] int measured(const Word& word) const;
  [[nodiscard]] Likeness likeness_of(std::size_t first, std::size_t last) const;
  [[nodiscard]] float person_score(std::size_t first, std::size_t last, const Neighbour& nearest) const;
  [[nodiscard]] bool digit_behind(std::size_t end);
  [[nodiscard]] float told_by_what_follows(std::size_t last) const;
  [[nodiscard]] std::string_view word_before(std::size_t start) const;
  [[nodiscard]] bool behind_postal_code(std::size_t start) const;
  bool announced(std::size_t first, std::size_t last, Cue cue, float& score);
  bool place(std::size_t first, std::size_t last, Cue cue, const Neighbour& nearest);
  [[nodiscard]] bool before_a_place(std::size_t end) const;
  bool company_at(std::size_t first, std::size_t last);
  [[nodiscard]] std::size_t company_end(std::size_t first, std::size_t last) const;
  [[nodiscard]] bool is_proper(const Word& word) const;
  [[nodiscard]] Listed listed_of(std::string_view word) const { return tables_.names.find(word_hash(word)); }
  [[nodiscard]] bool joins(const Word& last, const Word& next) const;
  void flush();
  void names(std::size_t first, std::size_t last, bool titled);
  bool listed_at(std::size_t first, std::size_t& last);
  bool street_at(std::size_t first, std::size_t last);
  bool house_at(std::size_t first, std::size_t last, const BeforeStreet& before, const BehindStreet& behind);
  [[nodiscard]] bool address_told(std::size_t start) const;
  [[nodiscard]] bool before_a_code(std::size_t end) const;
  [[nodiscard]] bool is_year(std::size_t start, std::size_t end) const;
  bool named_by_first_word(std::size_t first, std::size_t last);
  std::string_view slice(std::size_t start, std::size_t end) const { return text_.substr(start, end - start); }

  const Tables& tables_;
  std::string_view text_;
  std::vector<Finding>& findings_;
  std::array<Word, 8> words_{};
  std::size_t word_count_ = 0;
  std::size_t done_ = 0;
  std::size_t last_digit_ = 0;   // the end of the last token that holds one
  std::size_t next_digit_ = 0;   // no digit stands between the last capitals that were asked for and here
  std::size_t address_end_ = 0;  // of the last numbered street
};

}  // namespace sluice::guard::pii
