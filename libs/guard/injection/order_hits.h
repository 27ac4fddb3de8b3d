// Where the patterns of orders (patterns.h) match, noted on the segments of a view.
#pragma once
#include <string_view>
#include <vector>

#include "guard/injection/context.h"
#include "guard/pattern_database.h"

namespace sluice::guard {

class OrderHits {
 public:
  OrderHits();
  // Segments with their place only go in.
  void mark(std::string_view text, PatternDatabase::Scratch& scratch, std::vector<Scored>& segments) const;

 private:
  PatternDatabase database_;
};

}  // namespace sluice::guard
