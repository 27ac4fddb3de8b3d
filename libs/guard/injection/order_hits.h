// Where the patterns of orders (patterns.h) match, noted on the segments of a view: each segment in which a match ends.
//
// Hyperscan takes a second for these expressions and milliseconds for the words they begin with. So it looks for those,
// and RE2 for the expression at each place where one stands. Expressions that begin with no words of their own (the
// beginning of a line) are Hyperscan's as a whole.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "guard/injection/context.h"
#include "guard/pattern_database.h"

namespace sluice::guard {

class OrderHits {
 public:
  OrderHits();
  ~OrderHits();
  OrderHits(const OrderHits&) = delete;
  OrderHits& operator=(const OrderHits&) = delete;
  // Segments with their place only go in.
  void mark(std::string_view text, PatternDatabase::Scratch& scratch, std::vector<Scored>& segments) const;

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

}  // namespace sluice::guard
