#include "gateway/pipeline/stopped_usage.h"

namespace sluice::gateway {
namespace {

constexpr std::size_t bytes_of_token = 4;

std::int64_t tokens_of(std::size_t bytes) noexcept {
  return static_cast<std::int64_t>((bytes + bytes_of_token - 1) / bytes_of_token);
}

}  // namespace

StoppedUsage usage_when_stopped(dialect::Operation operation, const dialect::Usage& seen, std::size_t request_bytes,
                                std::size_t answer_bytes) noexcept {
  StoppedUsage stopped{.usage = seen};
  if (!seen.reported) {
    stopped.usage.input = tokens_of(request_bytes);
    stopped.usage.output = tokens_of(answer_bytes);
    stopped.estimated = true;
  } else if (operation == dialect::Operation::messages && tokens_of(answer_bytes) > seen.output) {
    stopped.usage.output = tokens_of(answer_bytes);
    stopped.estimated = true;
  }
  return stopped;
}

}  // namespace sluice::gateway
