// Reading a vendor's answer: strict about what decides (its presence, its type, its range), tolerant of everything
// else. The first thing that is wrong is kept; a reader reads straight down and is refused at its end.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "guard/external/check.h"

namespace sluice::guard::external {

inline constexpr std::size_t most_findings = 1000;  // of one answer
inline constexpr std::size_t most_searches = 200;   // for words whose place the vendor does not name
inline constexpr std::size_t longest_rule = 64;     // of a vendor's word; what it holds beyond letters becomes '_'

// A value of the answer with its path. Absent and null members are empty nodes, and so are their members.
class Node {
 public:
  Node(const JsonValue* value, std::string path, std::optional<Error>& problem)
      : value_(value), path_(std::move(path)), problem_(&problem) {}

  [[nodiscard]] bool present() const noexcept { return value_ != nullptr; }
  [[nodiscard]] bool is_object() const noexcept {
    return value_ != nullptr && std::holds_alternative<JsonObject>(value_->data);
  }
  [[nodiscard]] Node at(std::string_view key) const;    // may be absent
  [[nodiscard]] Node need(std::string_view key) const;  // must be there
  [[nodiscard]] std::vector<Node> items() const;        // none when absent
  [[nodiscard]] std::vector<std::pair<std::string_view, Node>> members() const;

  // Of the given kind; a problem and an empty value when it is another (or absent).
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] double number(double smallest, double largest) const;
  [[nodiscard]] std::int64_t integer() const;  // also in quotes, as proto3 writes 64-bit numbers

  void refuse(std::string_view what) const;

 private:
  const JsonValue* value_;
  std::string path_;
  std::optional<Error>* problem_;
};

enum class Verdict : std::uint8_t { noted, hit };  // noted: the vendor reports it and would let it pass

// The findings of one answer, in places of the texts.
class Report {
 public:
  explicit Report(const Content& content) : content_(content) {}

  // What is said of everything that was sent, or of one part of it.
  void whole(std::string_view rule, std::string_view type, double score, Verdict verdict);
  void part(std::size_t index, std::string_view rule, std::string_view type, double score, Verdict verdict);
  // Bytes of the content's text; parts that it touches only. False when they are no place in it.
  bool span(std::size_t start, std::size_t end, std::string_view rule, std::string_view type, double score,
            Verdict verdict);
  // Bytes of one part.
  bool span_in(std::size_t index, std::size_t start, std::size_t end, std::string_view rule, std::string_view type,
               double score, Verdict verdict);
  // Wherever the words stand (ASCII letters of any case); all that was sent when they stand nowhere, since a vendor may
  // have normalised them, and when the answer has more words than `most_searches`.
  void wherever(std::string_view words, std::string_view rule, std::string_view type, double score, Verdict verdict);

  [[nodiscard]] bool has_hit() const noexcept { return hit_; }
  [[nodiscard]] bool too_many() const noexcept { return findings_.size() > most_findings; }
  [[nodiscard]] std::vector<Found> take() { return std::move(findings_); }

 private:
  void add(const Part& part, std::size_t start, std::size_t end, std::string_view rule, std::string_view type,
           double score, Verdict verdict);
  const Content& content_;
  std::vector<Found> findings_;
  std::size_t searches_ = 0;
  bool hit_ = false;
};

}  // namespace sluice::guard::external
