#include "gateway/metrics/metrics.h"

#include <charconv>
#include <cmath>

namespace sluice::gateway {
namespace {

constexpr char separator = '\x1f';

void append_number(std::string& out, double value) {
  std::array<char, 32> text{};
  const auto [end, error] =
      value == std::floor(value) && std::abs(value) < 1e15
          ? std::to_chars(text.data(), text.data() + text.size(), static_cast<std::int64_t>(value))
          : std::to_chars(text.data(), text.data() + text.size(), value);
  out.append(text.data(), end);
}

// Label values come from clients. Backslash and quote are escaped, control characters and overlong names are cut, and
// what is not ASCII becomes '?': one broken UTF-8 sequence would make a scraper refuse all metrics.
void append_label(std::string& out, std::string_view name, std::string_view value) {
  if (!out.empty()) out.push_back(',');
  out.append(name).append("=\"");
  for (const char c : value.substr(0, 128)) {
    if (c == '\\' || c == '"') out.push_back('\\');
    if (static_cast<unsigned char>(c) >= 0x80)
      out.push_back('?');
    else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
      out.push_back(c);
  }
  out.push_back('"');
}

void append_head(std::string& out, std::string_view name, std::string_view kind, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ");
  out.append(kind).append("\n");
}

std::string_view part(std::string_view key, std::size_t index) {
  for (; index > 0; --index) key.remove_prefix(std::min(key.find(separator), key.size() - 1) + 1);
  return key.substr(0, key.find(separator));
}

}  // namespace

void Histogram::observe(std::chrono::steady_clock::duration span) noexcept {
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(span).count();
  std::size_t bucket = 0;
  for (std::int64_t bound = 25; bucket < bounds && microseconds > bound; bound *= 2) ++bucket;
  ++counts_[bucket];
  ++count_;
  seconds_ += static_cast<double>(microseconds) / 1e6;
}

void Histogram::merge(const Histogram& other) noexcept {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  seconds_ += other.seconds_;
}

void Histogram::print(std::string& out, std::string_view name, std::string_view labels) const {
  const auto print_labels = [&] {
    if (!labels.empty()) out.append("{").append(labels).append("}");
  };
  const std::string before = labels.empty() ? std::string() : std::string(labels) + ",";
  std::uint64_t below = 0;
  double bound = 25e-6;
  for (std::size_t i = 0; i < bounds; ++i, bound *= 2) {
    below += counts_[i];
    out.append(name).append("_bucket{").append(before).append("le=\"");
    append_number(out, bound);
    out.append("\"} ").append(std::to_string(below)).append("\n");
  }
  out.append(name).append("_bucket{").append(before).append("le=\"+Inf\"} ");
  out.append(std::to_string(count_)).append("\n").append(name).append("_sum");
  print_labels();
  out.append(" ");
  append_number(out, seconds_);
  out.append("\n").append(name).append("_count");
  print_labels();
  out.append(" ").append(std::to_string(count_)).append("\n");
}

Metrics::Series& Metrics::series_of(policy::ByName<Series>& all, std::string_view key) {
  if (const auto found = all.find(key); found != all.end()) return found->second;
  return all.try_emplace(std::string(key)).first->second;
}

void Metrics::count_request(const RequestLabels& labels) {
  std::string_view model = labels.model, app = labels.app;
  const auto compose = [&] {
    key_.assign(labels.provider).push_back(separator);
    key_.append(model).push_back(separator);
    key_.append(app).push_back(separator);
    key_.append(labels.decision).push_back(separator);
    std::array<char, 12> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), labels.status).ptr;
    key_.append(digits.data(), end);
  };
  compose();
  if (requests_.size() >= series_limit && !requests_.contains(std::string_view(key_))) {
    model = "other";
    if (!app.empty()) app = "other";
    compose();
  }
  Series& series = series_of(requests_, key_);
  if (series.value++ > 0) return;
  append_label(series.labels, "provider", labels.provider);
  append_label(series.labels, "model", model);
  append_label(series.labels, "app", app);
  append_label(series.labels, "decision", labels.decision);
  append_label(series.labels, "status", std::to_string(labels.status));
}

void Metrics::count_guard_check(std::string_view provider, std::string_view outcome,
                                std::chrono::steady_clock::duration span) {
  if (guard_times_.size() >= series_limit && !guard_times_.contains(provider)) provider = "other";
  key_.assign(provider).push_back(separator);
  key_.append(outcome);
  Series& series = series_of(guard_checks_, key_);
  if (series.value++ == 0) {
    append_label(series.labels, "provider", provider);
    append_label(series.labels, "outcome", outcome);
  }
  auto timing = guard_times_.find(provider);
  if (timing == guard_times_.end()) {
    timing = guard_times_.try_emplace(std::string(provider)).first;
    append_label(timing->second.labels, "provider", provider);
  }
  timing->second.histogram.observe(span);
}

void Metrics::count_tokens(std::string_view provider, std::string_view model, const dialect::Usage& usage) {
  const auto count = [&](std::string_view type, std::int64_t tokens) {
    if (tokens <= 0) return;
    const auto compose = [&](std::string_view name) {
      key_.assign(provider).push_back(separator);
      key_.append(name).push_back(separator);
      key_.append(type);
    };
    compose(model);
    if (tokens_.size() >= series_limit && !tokens_.contains(std::string_view(key_))) compose("other");
    Series& series = series_of(tokens_, key_);
    if (series.value == 0) {
      append_label(series.labels, "provider", provider);
      append_label(series.labels, "model", part(key_, 1));
      append_label(series.labels, "type", type);
    }
    series.value += static_cast<std::uint64_t>(tokens);
  };
  count("input", usage.input);
  count("output", usage.output);
  count("cache_read", usage.cache_read);
  count("cache_write", usage.cache_write);
}

void Metrics::count_guardrail(std::string_view rule, std::string_view phase, std::string_view action,
                              std::int64_t times) {
  const auto compose = [&] {
    key_.assign(rule).push_back(separator);
    key_.append(phase).push_back(separator);
    key_.append(action);
  };
  compose();
  if (guardrails_.size() >= series_limit && !guardrails_.contains(std::string_view(key_))) {
    rule = "other";
    compose();
  }
  Series& series = series_of(guardrails_, key_);
  if (series.labels.empty()) {
    append_label(series.labels, "rule", rule);
    append_label(series.labels, "phase", phase);
    append_label(series.labels, "action", action);
  }
  series.value += static_cast<std::uint64_t>(times);
}

void Metrics::merge(const Metrics& other) {
  const auto add = [this](policy::ByName<Series>& into, const policy::ByName<Series>& from) {
    for (const auto& [key, series] : from) {
      Series& mine = series_of(into, key);
      mine.labels = series.labels;
      mine.value += series.value;
    }
  };
  add(requests_, other.requests_);
  add(tokens_, other.tokens_);
  add(guard_checks_, other.guard_checks_);
  for (const auto& [provider, timing] : other.guard_times_) {
    Timing& mine = guard_times_[provider];
    mine.labels = timing.labels;
    mine.histogram.merge(timing.histogram);
  }
  add(guardrails_, other.guardrails_);
  duration.merge(other.duration);
  overhead.merge(other.overhead);
  upstream.merge(other.upstream);
  first_token.merge(other.first_token);
  guard_scan.merge(other.guard_scan);
  stream_delay.merge(other.stream_delay);
  guarded_streams += other.guarded_streams;
  stream_bytes_held += other.stream_bytes_held;
  texts_remembered += other.texts_remembered;
  audit_lost += other.audit_lost;
  bad_requests += other.bad_requests;
  handshakes_failed += other.handshakes_failed;
  addresses_refused += other.addresses_refused;
}

void Metrics::print(std::string& out) const {
  const auto print_all = [&](std::string_view name, std::string_view help, const policy::ByName<Series>& all) {
    append_head(out, name, "counter", help);
    for (const auto& [key, series] : all)
      out.append(name).append("{").append(series.labels).append("} ").append(std::to_string(series.value)).append("\n");
  };
  print_all("sluice_requests_total", "Requests by what was decided and answered.", requests_);
  print_all("sluice_tokens_total", "Tokens that providers reported.", tokens_);
  print_all("sluice_guard_provider_checks_total", "Checks of external guardrail providers by their outcome.",
            guard_checks_);
  append_head(out, "sluice_guard_provider_seconds", "histogram",
              "What a check of an external guardrail provider took.");
  for (const auto& [provider, timing] : guard_times_)
    timing.histogram.print(out, "sluice_guard_provider_seconds", timing.labels);
  print_all("sluice_guardrail_outcomes_total", "What guardrails did; not_checked: they could not look.", guardrails_);
  const auto print_histogram = [&](std::string_view name, std::string_view help, const Histogram& histogram) {
    append_head(out, name, "histogram", help);
    histogram.print(out, name);
  };
  print_histogram("sluice_request_duration_seconds", "From the request's head to the end of its answer.", duration);
  print_histogram("sluice_overhead_seconds", "What the gateway itself added, as in x-sluice-overhead-us.", overhead);
  print_histogram("sluice_upstream_duration_seconds", "From the request being sent upstream to the end of the answer.",
                  upstream);
  print_histogram("sluice_time_to_first_token_seconds", "From the request being sent upstream to its first body bytes.",
                  first_token);
  print_histogram("sluice_guardrail_scan_seconds", "Looking at one request or one whole answer.", guard_scan);
  print_histogram("sluice_guardrail_stream_delay_seconds", "The longest that a guarded stream held an event back.",
                  stream_delay);
  const auto print_counter = [&](std::string_view name, std::string_view help, std::uint64_t value) {
    print_value(out, name, "counter", help, static_cast<double>(value));
  };
  print_counter("sluice_audit_lost_total", "Audit records that could not be written.", audit_lost);
  print_counter("sluice_guardrail_streams_total", "Streamed answers under guard.", guarded_streams);
  print_counter("sluice_guardrail_stream_held_bytes_total", "The most each of them held back at once, summed.",
                stream_bytes_held);
  print_counter("sluice_guardrail_texts_remembered_total", "Texts of the history that were not scanned again.",
                texts_remembered);
  print_counter("sluice_bad_requests_total", "Connections with input that is no HTTP or over a limit.", bad_requests);
  print_counter("sluice_device_handshakes_failed_total", "TLS handshakes of devices that failed.", handshakes_failed);
  print_counter("sluice_addresses_refused_total", "Upstream names that led to refused addresses.", addresses_refused);
}

void print_value(std::string& out, std::string_view name, std::string_view kind, std::string_view help, double value) {
  append_head(out, name, kind, help);
  out.append(name).append(" ");
  append_number(out, value);
  out.append("\n");
}

}  // namespace sluice::gateway
