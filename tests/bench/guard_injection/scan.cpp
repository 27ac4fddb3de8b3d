// Reads "<bytes>\n<text>\n" records on stdin; prints "<best score> <hit> <type> <rule>" for each, and the processor
// time per KB of all of them on stderr.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "guard/injection/injection.h"

int main() {
  using namespace sluice::guard;
  const auto rules = make_injection_rules();
  std::vector<Finding> findings;
  rules->finish("the first text makes room for the working memory", Phase::input, findings);
  double seconds = 0;
  std::size_t bytes = 0;
  for (std::size_t size = 0; std::scanf("%zu", &size) == 1;) {
    (void)std::getchar();
    std::string text(size, '\0');
    if (std::fread(text.data(), 1, size, stdin) != size) return 2;
    findings.clear();
    const std::clock_t begin = std::clock();
    rules->finish(text, Phase::input, findings);
    seconds += static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    bytes += size;
    const auto best = std::ranges::max_element(findings, {}, &Finding::score);
    if (best == findings.end())
      std::printf("0 0 - - 0 0\n");
    else
      std::printf("%.6f %d %s %s %u %u\n", static_cast<double>(best->score), best->hit ? 1 : 0,
                  std::string(best->type).c_str(), std::string(best->rule).c_str(), best->start, best->end);
  }
  std::fprintf(stderr, "%.1f us/KB over %zu KB\n", seconds * 1e6 / (static_cast<double>(bytes) / 1024), bytes / 1024);
}
