#include "guard/pii/pii.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>

#include "guard/pii/characters.h"
#include "guard/pii/introductions.h"
#include "guard/pii/open.h"
#include "guard/pii/sweep.h"

namespace sluice::guard {
namespace {

using namespace pii;

constexpr float threshold = 0.5F;
constexpr std::size_t longest_mail = 254;  // RFC 5321 §4.5.3.1, less the angle brackets
constexpr std::size_t longest_url = 2048;

bool is_alpha(char c) noexcept {
  return is_upper(c) || is_lower(c);
}
bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}
bool is_wide(char c) noexcept {
  return static_cast<std::uint8_t>(c) >= 0x80;
}
bool is_label(char c) noexcept {
  return is_digit(c) || is_alpha(c) || c == '-' || is_wide(c);
}

enum Pattern : std::uint32_t { email, url, www, mac, ipv6, introduction, unit, box, uk_postcode };

// Behind the rows below come those of introductions.h.
constexpr std::uint32_t first_introduction = 32;

struct Row {
  Pattern id;
  const char* regex;
  bool caseless;
};
constexpr Row rows[] = {
    {email, R"([0-9A-Za-z_%+'\-\x80-\xff]@[0-9A-Za-z\x80-\xff])", false},
    {url, R"((?:https?|wss?|ftps?)://[^\s])", true},
    {www, R"(\bwww\.[a-z0-9])", true},
    {mac, R"(\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b|\b(?:[0-9a-f]{2}-){5}[0-9a-f]{2}\b)", true},
    {ipv6, R"([0-9a-f]:[0-9a-f]{1,4}:[0-9a-f]|[0-9a-f]::[0-9a-f]|[^0-9a-z:]::[0-9a-f])", true},
    {introduction,
     R"(\b(?:my (?:full )?name is|name's|name on (?:the|my) (?:account|card) is|i am called|call me|this is mr\.?|ich hei(?:ss|\xc3\x9f)e|mein name ist|je m'appelle|mon nom est|me llamo|mi nombre es|mi chiamo|il mio nome \xc3\xa8|meu nome \xc3\xa9|me chamo|ik heet|mijn naam is|nazywam si\xc4\x99|jag heter|mitt namn \xc3\xa4r|jeg hedder|jeg heter|minun nimeni on|(?:full |first |last |sur)?name:) )",
     true},
    {unit, R"(\b(?:apt|apartment|suite|ste|unit)\.? #?\d)", true},
    {box,
     R"(\bp\.? ?o\.? ?box \d|\b(?:postfach|apartado|bo\xc3\xaete postale|casella postale|postbus) \d|\bpsc \d{3,4}, box \d|\bunit \d{4} box \d)",
     true},
    {uk_postcode, R"(\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b)", false},
};

class PiiRules final : public Ruleset {
 public:
  [[nodiscard]] Detector detector() const noexcept override { return Detector::pii; }

  void add_patterns(std::vector<guard::Pattern>& patterns) const override {
    for (const Row& row : rows) patterns.push_back({row.regex, row.caseless, row.id});
    for (const IntroductionRow& row : introduction_rows())
      patterns.push_back({row.regex, row.caseless, first_introduction + static_cast<std::uint32_t>(row.kind)});
  }

  Judged confirm(std::uint32_t pattern, std::string_view text, std::size_t from, std::size_t end,
                 std::vector<Finding>& findings) const override {
    if (pattern >= first_introduction)
      return confirm_introduction(static_cast<Introduction>(pattern - first_introduction), tables_.lexicon, text, end,
                                  findings);
    switch (static_cast<enum Pattern>(pattern)) {
      case email:
        return confirm_email(text, from, end, findings);
      case url:
        return confirm_url(text, from, end, findings);
      case www:
        return confirm_www(text, end, findings);
      case mac:
        add(findings, "mac", "mac", end - 17, end, 0.85F);
        return end;
      case ipv6:
        return confirm_ipv6(text, from, end, findings);
      case introduction:
        return confirm_name(text, end, findings);
      case unit:
        return confirm_numbered(unit_, text, from, end, 0.55F, findings);
      case box:
        return confirm_numbered(box_, text, from, end, 0.75F, findings);
      case uk_postcode: {
        std::size_t start = end - 4;
        while (start > from && end - start < 8 && (is_digit(text[start - 1]) || is_alpha(text[start - 1]))) --start;
        add(findings, "uk_postcode", "address", start, end, 0.55F);
        return end;
      }
    }
    return end;
  }

  void finish(std::string_view text, Phase, std::vector<Finding>& findings) const override {
    sweep(text, findings);
    join_addresses(text, findings);
    keep_the_best(findings);
  }

  std::size_t finish_open(std::string_view text, std::size_t from, Phase, std::span<const Part* const>,
                          std::vector<Finding>& findings) const override {
    sweep(text, findings);
    const std::size_t open = drop_open(findings, open_.open_from(tables_, text, from), from,
                                       [&](const Finding& finding) { return OpenEnd::reach(text, finding); });
    join_addresses(text, findings);
    keep_the_best(findings);
    return open;
  }

 private:
  void sweep(std::string_view text, std::vector<Finding>& findings) const {
    Sweep(tables_, text, findings).run();
    for (Finding& finding : findings) {
      finding.score = std::clamp(finding.score, 0.05F, 1.0F);
      finding.hit = finding.score >= threshold;
    }
  }

  static void add(std::vector<Finding>& findings, std::string_view rule, std::string_view type, std::size_t start,
                  std::size_t end, float score) {
    findings.push_back(
        {Detector::pii, rule, type, static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end), score, false});
  }

  // Local part of RFC 5322 §3.4.1 as people have it (no quotes), host of at least two labels, the last of letters.
  std::size_t confirm_email(std::string_view text, std::size_t from, std::size_t end,
                            std::vector<Finding>& findings) const {
    const std::size_t sign = end - 2;  // the match ends one byte after '@'
    std::size_t start = sign;
    while (start > from && sign - start < 64 &&
           (is_label(text[start - 1]) || std::string_view("._%+'&=~!#").contains(text[start - 1])))
      --start;
    while (start < sign && (text[start] == '.' || text[start] == '\'' || text[start] == '=')) ++start;
    std::size_t stop = sign + 1;
    while (stop < text.size() && stop < sign + longest_mail && (is_label(text[stop]) || text[stop] == '.')) ++stop;
    while (stop > sign + 1 && (text[stop - 1] == '.' || text[stop - 1] == '-')) --stop;
    const std::string_view host = text.substr(sign + 1, stop - sign - 1);
    const std::size_t dot = host.rfind('.');
    if (start == sign || dot == std::string_view::npos || host.contains("..")) return end;
    const std::string_view top = host.substr(dot + 1);
    if (top.size() < 2 || std::ranges::any_of(top, is_digit)) return end;
    add(findings, "email", "email", start, stop, 0.95F);
    if (start > 1 && text[start - 1] == '<') name_of_mailbox(tables_.lexicon, text, start - 1, findings);
    return stop;
  }

  static std::size_t url_end(std::string_view text, std::size_t at) {
    const std::size_t limit = std::min(text.size(), at + longest_url);
    while (at < limit && static_cast<std::uint8_t>(text[at]) > ' ' &&
           !std::string_view("\"<>\\^`{|}").contains(text[at]))
      ++at;
    while (at > 0 && std::string_view(".,;:!?)]'*").contains(text[at - 1])) --at;
    return at;
  }

  static std::size_t confirm_url(std::string_view text, std::size_t from, std::size_t end,
                                 std::vector<Finding>& findings) {
    std::size_t start = end - 4;  // "://" and one byte
    while (start > from && end - start < 9 && is_alpha(text[start - 1])) --start;
    const std::size_t stop = url_end(text, end);
    if (stop < end) return end;
    add(findings, "url", "url", start, stop, 0.9F);
    return stop;
  }

  static std::size_t confirm_www(std::string_view text, std::size_t end, std::vector<Finding>& findings) {
    const std::size_t stop = url_end(text, end);
    if (!text.substr(end, stop - end).contains('.')) return end;
    add(findings, "www", "url", end - 5, stop, 0.8F);
    return stop;
  }

  // RFC 4291 §2.2: eight groups, or fewer with one "::".
  static std::size_t confirm_ipv6(std::string_view text, std::size_t from, std::size_t end,
                                  std::vector<Finding>& findings) {
    std::size_t start = end - 1;
    while (start > from && end - start < 40 && (is_hex(text[start - 1]) || text[start - 1] == ':')) --start;
    std::size_t stop = end;
    while (stop < text.size() && stop - start < 46 && (is_hex(text[stop]) || text[stop] == ':')) ++stop;
    std::size_t last = stop;
    while (last > start && text[last - 1] == ':') --last;
    const std::string_view all = text.substr(start, last - start);
    const auto word = [](char c) { return is_digit(c) || is_alpha(c) || c == '_'; };
    if ((start > 0 && word(text[start - 1])) || (stop < text.size() && word(text[stop]))) return stop;
    std::size_t groups = 0, size = 0;
    bool digit = false;
    for (std::size_t i = 0; i <= all.size(); ++i) {
      if (i < all.size() && all[i] != ':') {
        digit = digit || is_digit(all[i]);
        if (++size > 4) return stop;
        continue;
      }
      if (size > 0) ++groups;
      size = 0;
    }
    const std::size_t gap = all.find("::");
    const bool one_gap = gap != std::string_view::npos && all.find("::", gap + 1) == std::string_view::npos;
    if (!(groups == 8 && gap == std::string_view::npos) && !(one_gap && groups < 8)) return stop;
    add(findings, "ipv6", "ip", start, last, groups >= 3 && digit ? 0.85F : digit && groups == 2 ? 0.6F : 0.3F);
    return stop;
  }

  // One to three words after "my name is", as they come: small letters too.
  std::size_t confirm_name(std::string_view text, std::size_t end, std::vector<Finding>& findings) const {
    std::size_t at = end, stop = end;
    for (int words = 0; words < 3; ++words) {
      std::size_t to = at;
      while (to < text.size() && to - at < 40 &&
             (is_alpha(text[to]) || is_wide(text[to]) || text[to] == '-' || text[to] == '\''))
        ++to;
      if (to == at) break;
      const Flags flags = tables_.lexicon.find(text.substr(at, to - at));
      if ((flags & flag::common) != 0 && (flags & (flag::given | flag::title | flag::particle)) == 0) break;
      // A second small word is part of the name only where nothing else of the sentence can follow.
      const bool small = text[at] >= 'a' && text[at] <= 'z';
      if (words > 0 && small && (flags & flag::given) == 0 && to < text.size() && text[to] == ' ') break;
      stop = to;
      if (to < text.size() && text[to] == '.' && to - at <= 3) ++to;
      if (to >= text.size() || text[to] != ' ') break;
      at = to + 1;
    }
    if (stop > end + 1) add(findings, "introduced_name", "person", end, stop, 0.85F);
    return std::max(stop, end);
  }

  // "Suite #12", "P.O. Box 7": the pass says where the form's first digit ends, `form` where it begins.
  static std::size_t confirm_numbered(const re2::RE2& form, std::string_view text, std::size_t from, std::size_t end,
                                      float score, std::vector<Finding>& findings) {
    const std::size_t begin = std::max(from, end > 40 ? end - 40 : 0);
    re2::StringPiece match;
    if (!form.Match(re2::StringPiece(text.data(), end), begin, end, re2::RE2::UNANCHORED, &match, 1)) return end;
    const auto start = static_cast<std::size_t>(match.data() - text.data());
    std::size_t stop = end;
    while (stop < text.size() && stop < end + 8 && is_digit(text[stop])) ++stop;
    add(findings, "unit", "address", start, stop, score);
    return stop;
  }

  static void sort_once(std::vector<Finding>& findings) {
    const auto before = [](const Finding& a, const Finding& b) {
      if (a.start != b.start) return a.start < b.start;
      return std::tuple(a.end, -a.score, a.rule) < std::tuple(b.end, -b.score, b.rule);
    };
    if (!std::ranges::is_sorted(findings, before)) std::ranges::sort(findings, before);
  }

  // Parts of one address stand side by side: street, unit, town, code. A neighbour within four bytes of blanks, commas
  // and line ends joins; a code of four or five digits beside it too.
  static void join_addresses(std::string_view text, std::vector<Finding>& findings) {
    sort_once(findings);
    Finding* open = nullptr;
    const auto blank = [](char c) { return c == ' ' || c == ',' || c == '\n' || c == '.'; };
    for (Finding& finding : findings) {
      const bool address = finding.type == "address" && finding.hit;
      bool grown = address;
      if (open != nullptr && (address || finding.type == "location") && finding.start >= open->end &&
          finding.start - open->end <= 4 &&
          std::ranges::all_of(text.substr(open->end, finding.start - open->end), blank)) {
        open->end = finding.end;
        open->score = std::min(0.95F, open->score + 0.1F);
        finding.score = 0;  // swallowed
        grown = true;
      } else if (address) {
        open = &finding;
      }
      if (grown) {
        std::size_t at = open->end, digits = 0;
        while (at < text.size() && at < open->end + 4U && blank(text[at])) ++at;
        while (at + digits < text.size() && digits < 6 && is_digit(text[at + digits])) ++digits;
        if (at > open->end && (digits == 4 || digits == 5)) open->end = static_cast<std::uint32_t>(at + digits);
      }
    }
    std::erase_if(findings, [](const Finding& finding) { return finding.score == 0; });
  }

  // Of findings that overlap the higher score stays, of equal ones the longer. One pass over them in order of start.
  static void keep_the_best(std::vector<Finding>& findings) {
    sort_once(findings);
    std::size_t kept = 0;
    for (const Finding& finding : findings) {
      bool add = true;
      while (kept > 0 && findings[kept - 1].end > finding.start) {
        const Finding& other = findings[kept - 1];
        const bool better =
            std::tuple(finding.score, finding.end - finding.start) > std::tuple(other.score, other.end - other.start);
        if (!better) {
          add = false;
          break;
        }
        --kept;
      }
      if (add) findings[kept++] = finding;
    }
    findings.resize(kept);
  }

  // The forms of the table with what is read behind them: up to three words of a name, the digits of a number.
  static OpenEnd open_end() {
    constexpr std::string_view words = R"((?:[a-z\x80-\xff'\-]{1,40}\.? ){0,2}(?:[a-z\x80-\xff'\-]{1,40}\.?)?)";
    const auto regex_of = [](Pattern pattern, std::string_view more) {
      std::string regex = "(?:";
      regex.append(rows[pattern].regex).append(")").append(more);
      return regex;
    };
    const std::string named = regex_of(introduction, words), flat = regex_of(unit, R"(\d{0,8})"),
                      postbox = regex_of(box, R"(\d{0,8})");
    std::vector<OpenSyntax> forms = {{rows[mac].regex, true, TextUnit::bytes},
                                     {named, true, TextUnit::bytes},
                                     {flat, true, TextUnit::bytes},
                                     {postbox, true, TextUnit::bytes},
                                     {rows[uk_postcode].regex, false, TextUnit::bytes}};
    std::vector<std::string> introductions;
    for (const IntroductionRow& row : introduction_rows()) introductions.push_back(open_expression(row));
    for (const std::string& regex : introductions)
      if (!regex.empty()) forms.push_back({regex, false, TextUnit::bytes});
    return OpenEnd(forms);
  }

  static re2::RE2::Options caseless_bytes() {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_case_sensitive(false);
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    return options;
  }

  Tables tables_;
  re2::RE2 unit_{"(?:" + std::string(rows[unit].regex) + ")$", caseless_bytes()};
  re2::RE2 box_{"(?:" + std::string(rows[box].regex) + ")$", caseless_bytes()};
  OpenEnd open_ = open_end();
};

}  // namespace

std::shared_ptr<const Ruleset> make_pii_rules() {
  return std::make_shared<const PiiRules>();
}

}  // namespace sluice::guard
