// train CORPUS WEIGHTS.INC VERDICT.INC: see tools/train-injection.
//
// The heads are trained once for each fold left out, and once on everything. The network on top learns from texts whose
// fold its heads have not seen; heads that judge their own training text are always right, which teaches nothing.
#include <cstdio>

#include "example.h"

int main(int, char** arguments) {
  using namespace trainer;
  const auto lines = read_lines(arguments[1]);
  std::array<HeadWeights, folds> fold_heads;
  {
    const auto examples = examples_of(lines);
    std::fprintf(stderr, "%zu lines, %zu examples\n", lines.size(), examples.size());
    for (int fold = 0; fold < folds; ++fold) {
      fold_heads[static_cast<std::size_t>(fold)] = train_heads(examples, fold);
      std::fprintf(stderr, "heads without fold %d, on it:\n", fold);
      report_heads(examples, fold_heads[static_cast<std::size_t>(fold)], fold);
    }
    write_heads(train_heads(examples, -1), arguments[2]);
  }
  train_verdict(lines, fold_heads, arguments[3]);
}
