// train CORPUS WEIGHTS.INC VERDICT.INC: see tools/train-injection.
//
// The heads are trained once for each fold left out, and once on everything. The network on top learns from texts whose
// fold its heads have not seen; heads that judge their own training text are always right, which teaches nothing.
#include <cstdio>
#include <thread>

#include "example.h"

int main(int, char** arguments) {
  using namespace trainer;
  const auto lines = read_lines(arguments[1]);
  std::array<Heads, folds> fold_heads;
  {
    const auto examples = examples_of(lines);
    std::fprintf(stderr, "%zu lines, %zu examples\n", lines.size(), examples.size());
    std::vector<std::jthread> workers;  // two at a time
    Heads all;
    for (const int first : {0, 1})
      workers.emplace_back([&, first] {
        for (int fold = first; fold <= folds; fold += 2)
          (fold == folds ? all : fold_heads[static_cast<std::size_t>(fold)]) =
              train_heads(examples, fold == folds ? -1 : fold);
      });
    workers.clear();
    for (int fold = 0; fold < folds; ++fold) {
      std::fprintf(stderr, "heads without fold %d, on it:\n", fold);
      report_heads(examples, fold_heads[static_cast<std::size_t>(fold)], fold);
    }
    write_heads(all, arguments[2]);
  }
  train_verdict(lines, fold_heads, arguments[3]);
}
