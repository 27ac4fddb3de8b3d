#include "log/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "base/json.h"

namespace sluice::log {
namespace {

std::atomic<Level> lowest{Level::info};
std::atomic<Sink> redirected{nullptr};

// The program's name, set once at start. Leaked on purpose: threads may log while the process ends.
std::string& program_name() {
  static auto* name = new std::string;
  return *name;
}

// spdlog's sink locks around the write, so lines never mix. The pattern is empty of everything: we format the line.
spdlog::logger& writer() {
  static auto* logger = [] {
    auto* made = new spdlog::logger("sluice", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->set_level(spdlog::level::trace);
    made->flush_on(spdlog::level::trace);
    return made;
  }();
  return *logger;
}

constexpr std::string_view level_names[] = {"debug", "info", "warning", "error"};

// A log line is read by people and shippers: one huge value must not fill a disk.
constexpr std::size_t longest_value = 8 * 1024;

struct Write {
  JsonWriter& line;
  void operator()(std::string_view text) const { line.text(text.substr(0, longest_value)); }
  void operator()(std::int64_t number) const { line.integer(number); }
  void operator()(double number) const { line.number(number); }
  void operator()(bool flag) const { line.boolean(flag); }
};

JsonWriter begin_line(Level level, std::string_view name) {
  JsonWriter line;
  line.begin_object().field("time", wall_now()).field("level", level_names[static_cast<std::size_t>(level)]);
  if (!program_name().empty()) line.field("program", program_name());
  line.field("event", name);
  return line;
}

void add(JsonWriter& line, Fields fields) {
  for (const auto& field : fields) std::visit(Write{line.key(field.name)}, field.value.data());
}

void end_line(JsonWriter& line) {
  line.end_object();
  if (const auto sink = redirected.load())
    sink(line.text());
  else
    writer().log(spdlog::level::info, line.text());
}

}  // namespace

void start(std::string_view program, Level level) {
  program_name() = program;
  set_level(level);
}

void set_level(Level level) noexcept {
  lowest = level;
}
bool enabled(Level level) noexcept {
  return level >= lowest.load(std::memory_order_relaxed);
}
void redirect(Sink sink) noexcept {
  redirected = sink;
}

void event(Level level, std::string_view name, Fields fields) {
  if (!enabled(level)) return;
  auto line = begin_line(level, name);
  add(line, fields);
  end_line(line);
}

void failure(Level level, std::string_view name, const Error& problem, Fields fields) {
  if (!enabled(level)) return;
  auto line = begin_line(level, name);
  add(line, {{"error", problem.name()}, {"detail", problem.message()}});
  add(line, fields);
  end_line(line);
}

void event(RateLimit& limit, Level level, std::string_view name, Fields fields) {
  std::uint64_t suppressed = 0;
  if (!enabled(level) || !limit.allow(steady_now(), suppressed)) return;
  auto line = begin_line(level, name);
  add(line, fields);
  if (suppressed > 0) add(line, {{"suppressed", suppressed}});
  end_line(line);
}

// Two threads at the turn of a second may let one event more through: a limit on noise, not on correctness.
bool RateLimit::allow(SteadyPoint now, std::uint64_t& suppressed) noexcept {
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  auto current = window_.load(std::memory_order_relaxed);
  if (current != second && window_.compare_exchange_strong(current, second)) used_.store(0);
  if (used_.fetch_add(1) >= burst_) {
    suppressed_.fetch_add(1);
    return false;
  }
  suppressed = suppressed_.exchange(0);
  return true;
}

}  // namespace sluice::log
