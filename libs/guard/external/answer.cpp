#include "guard/external/answer.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace sluice::guard::external {
namespace {

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// A vendor's word goes into audit records and metrics: short, and without anything to break them with.
std::string rule_name(std::string_view word) {
  std::string out(word.substr(0, longest_rule));
  for (char& c : out)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == ':' ||
          c == '/' || c == '-'))
      c = '_';
  return out.empty() ? "unnamed" : out;
}

}  // namespace

Node Node::at(std::string_view key) const {
  const JsonValue* const found = value_ == nullptr ? nullptr : value_->find(key);
  if (value_ != nullptr && !std::holds_alternative<JsonObject>(value_->data)) refuse("must be an object");
  const bool absent = found == nullptr || std::holds_alternative<std::nullptr_t>(found->data);
  return {absent ? nullptr : found, path_ + (path_.empty() ? "" : ".") + std::string(key), *problem_};
}

Node Node::need(std::string_view key) const {
  Node node = at(key);
  if (!node.present()) node.refuse("is missing");
  return node;
}

std::vector<Node> Node::items() const {
  std::vector<Node> nodes;
  if (value_ == nullptr) return nodes;
  const auto* const array = std::get_if<JsonArray>(&value_->data);
  if (array == nullptr) {
    refuse("must be a list");
    return nodes;
  }
  nodes.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i)
    nodes.emplace_back(&(*array)[i], path_ + "[" + std::to_string(i) + "]", *problem_);
  return nodes;
}

std::vector<std::pair<std::string_view, Node>> Node::members() const {
  std::vector<std::pair<std::string_view, Node>> nodes;
  if (value_ == nullptr) return nodes;
  const auto* const object = std::get_if<JsonObject>(&value_->data);
  if (object == nullptr) {
    refuse("must be an object");
    return nodes;
  }
  // Keys are the vendor's and may quote the text: the path names their number.
  for (const auto& [key, value] : *object)
    nodes.emplace_back(key, Node(&value, path_ + "{" + std::to_string(nodes.size()) + "}", *problem_));
  return nodes;
}

std::string_view Node::text() const {
  const auto* const text = value_ == nullptr ? nullptr : std::get_if<std::string>(&value_->data);
  if (text == nullptr) refuse("must be a text");
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

bool Node::boolean() const {
  const auto* const value = value_ == nullptr ? nullptr : std::get_if<bool>(&value_->data);
  if (value == nullptr) refuse("must be true or false");
  return value != nullptr && *value;
}

double Node::number(double smallest, double largest) const {
  const auto* const whole = value_ == nullptr ? nullptr : std::get_if<std::int64_t>(&value_->data);
  const auto* const real = value_ == nullptr ? nullptr : std::get_if<double>(&value_->data);
  const double number = whole != nullptr ? static_cast<double>(*whole) : real != nullptr ? *real : std::nan("");
  if (number >= smallest && number <= largest) return number;
  refuse("must be a number within its range");
  return smallest;
}

std::int64_t Node::integer() const {
  if (const auto* const whole = value_ == nullptr ? nullptr : std::get_if<std::int64_t>(&value_->data)) return *whole;
  if (const auto* const text = value_ == nullptr ? nullptr : std::get_if<std::string>(&value_->data)) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error == std::errc() && end == text->data() + text->size()) return number;
  }
  refuse("must be a whole number");
  return 0;
}

void Node::refuse(std::string_view what) const {
  if (!*problem_) *problem_ = Error{ErrorCode::malformed, (path_.empty() ? "it" : path_) + " " + std::string(what)};
}

void Report::add(const Part& part, std::size_t start, std::size_t end, std::string_view rule, std::string_view type,
                 double score, Verdict verdict) {
  if (findings_.size() > most_findings) return;
  findings_.push_back({.text = part.text,
                       .start = part.start + static_cast<std::uint32_t>(start),
                       .end = part.start + static_cast<std::uint32_t>(end),
                       .rule = rule_name(rule),
                       .type = type,
                       .score = static_cast<float>(score),
                       .hit = verdict == Verdict::hit});
  hit_ = hit_ || verdict == Verdict::hit;
}

void Report::whole(std::string_view rule, std::string_view type, double score, Verdict verdict) {
  for (const Part& part : content_.parts) add(part, 0, part.size(), rule, type, score, verdict);
}

void Report::part(std::size_t index, std::string_view rule, std::string_view type, double score, Verdict verdict) {
  const Part& part = content_.parts[index];
  add(part, 0, part.size(), rule, type, score, verdict);
}

bool Report::span(std::size_t start, std::size_t end, std::string_view rule, std::string_view type, double score,
                  Verdict verdict) {
  if (start >= end || end > content_.text.size()) return false;
  bool touched = false;
  for (const Part& part : content_.parts) {
    const std::size_t from = std::max<std::size_t>(start, part.at);
    const std::size_t to = std::min<std::size_t>(end, part.at + part.size());
    if (from >= to) continue;
    add(part, from - part.at, to - part.at, rule, type, score, verdict);
    touched = true;
  }
  return touched;
}

bool Report::span_in(std::size_t index, std::size_t start, std::size_t end, std::string_view rule,
                     std::string_view type, double score, Verdict verdict) {
  if (index >= content_.parts.size() || start >= end || end > content_.parts[index].size()) return false;
  add(content_.parts[index], start, end, rule, type, score, verdict);
  return true;
}

void Report::wherever(std::string_view words, std::string_view rule, std::string_view type, double score,
                      Verdict verdict) {
  bool found = false;
  const std::string_view text = content_.text;
  if (++searches_ > most_searches) words = {};
  for (std::size_t at = 0; !words.empty() && at + words.size() <= text.size() && !too_many();) {
    const auto place = std::ranges::search(text.substr(at), words, {}, lower, lower);
    if (place.empty()) break;
    at += static_cast<std::size_t>(place.begin() - (text.begin() + static_cast<std::ptrdiff_t>(at)));
    found = span(at, at + words.size(), rule, type, score, verdict) || found;
    at += words.size();
  }
  if (!found) whole(rule, type, score, verdict);
}

}  // namespace sluice::guard::external
