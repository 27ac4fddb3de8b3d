#include "guard/secrets/secret_places.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>

namespace sluice::guard {
namespace {

constexpr SecretWindow whole_expression{.before = 16 * 1024, .after = 0, .more = 4 * 1024};  // a private key's armour
constexpr std::size_t longest_tail = 4 * 1024;
constexpr std::size_t least_more = 256;

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
  return text;
}

}  // namespace

void SecretPlaces::add(std::uint32_t rule, std::string_view regex) {
  const auto first = static_cast<std::uint32_t>(places_.size());
  std::vector<LiteralAnchor> anchors;
  if (const Result<OpenNode> tree = parse_open({.regex = regex})) anchors = literal_anchors(*tree);
  if (anchors.empty()) {
    places_.push_back({.rule = rule, .first = first, .window = whole_expression, .texts = {std::string(regex)}});
    return;
  }
  // What is looked at for one alternative settles the others' reports, so it has the room that each of them needs.
  SecretWindow window;
  for (const LiteralAnchor& anchor : anchors) {
    const std::size_t more = anchor.longer ? longest_tail : std::max(least_more, anchor.before + anchor.after);
    window = {.before = std::max(window.before, anchor.before),
              .after = std::max(window.after, anchor.after),
              .more = std::max(window.more, more)};
  }
  for (LiteralAnchor& anchor : anchors) {
    std::map<std::size_t, std::vector<std::string>> by_length;
    for (std::string& text : anchor.literals)
      by_length[text.size()].push_back(anchor.caseless ? lower_case(std::move(text)) : std::move(text));
    anchor.literals.clear();
    for (auto& [length, texts] : by_length)
      places_.push_back({.rule = rule,
                         .first = first,
                         .anchored = static_cast<std::int32_t>(anchored_.size()),
                         .length = length,
                         .window = window,
                         .texts = std::move(texts)});
    std::string rest = anchor.rest;
    anchored_.push_back({std::move(anchor), LazyRegex(std::move(rest), RegexUnits::bytes)});
  }
}

// Literals first: patterns of one form make one shard.
void SecretPlaces::add_patterns(std::vector<Pattern>& patterns) const {
  for (const bool literal : {true, false})
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
      const Place& place = places_[i];
      if ((place.anchored >= 0) != literal) continue;
      const bool caseless = literal && anchored_[static_cast<std::size_t>(place.anchored)].anchor.caseless;
      for (const std::string& text : place.texts)
        patterns.push_back({text, caseless, i, literal ? Pattern::Form::literal : Pattern::Form::bytes});
    }
}

bool SecretPlaces::likely(std::uint32_t pattern, std::string_view text, std::size_t end) const {
  const Place& place = places_[pattern];
  if (place.anchored < 0) return true;
  const auto& [anchor, rest] = anchored_[static_cast<std::size_t>(place.anchored)];
  if (!fits(anchor, text, end - place.length, end)) return false;
  if (anchor.rest.empty()) return true;
  const re2::RE2* const behind = rest.get();
  return behind == nullptr || behind->Match(re2::StringPiece(text.data(), text.size()), end,
                                            std::min(text.size(), end + place.window.after + place.window.more),
                                            re2::RE2::ANCHOR_START, nullptr, 0);
}

}  // namespace sluice::guard
