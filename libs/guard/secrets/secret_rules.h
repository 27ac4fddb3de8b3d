// Credentials in text: rules that name where a secret stands, and the checks that tell one from a look-alike.
//
// A literal of a rule's regex, or the regex itself, finds a candidate in the engine's one pass; RE2 captures it in a
// window around the report; then
// keywords, entropy, allow-lists and the format's own check decide. Rules come from the built-in table (builtin.h) and
// from files in gitleaks' format (gitleaks.h). Pure and immutable; threads: any.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "guard/ruleset.h"

namespace sluice::guard {

// What the vendor's format lets one verify beyond its shape.
enum class SecretCheck : std::uint8_t {
  none,
  github_crc,   // the last six characters are the CRC-32 of the rest in base 62 (GitHub, npm)
  jwt,          // three base64url parts, the first two JSON objects, the first with "alg"
  digits,       // at least two: names of functions and fields have fewer
  mixed,        // generic assignments: letters and digits, no words, no paths, no placeholders
  url_password  // a password in a URL that is neither empty nor a placeholder
};

struct SecretRule {
  struct Allow {
    enum class Target : std::uint8_t { secret, match, line } target = Target::secret;
    bool all = false;  // every regex must match; else one is enough
    std::vector<std::string> regexes{};
    std::vector<std::string> stopwords{};  // lower case; the secret holds one
  };
  std::string id{};
  std::string regex{};
  std::vector<std::string> keywords{};  // lower case; the match or the KiB before it must hold one; none: always
  int group = 0;                        // the capture that is the secret; 0: the first that took part, or the match
  double min_entropy = 0;               // the secret's must be above it; 0: not looked at
  SecretCheck check = SecretCheck::none;
  float score = 0.9F;
  std::vector<Allow> allow{};
  bool generic = false;  // gives way to a specific rule on the same bytes
  // Refuse documentation placeholders ("EXAMPLE", "xxxx", "your-key-here"). Off for files in gitleaks' format, which
  // bring allow-lists of their own.
  bool refuse_placeholders = true;
  // RE2 compiles the regex when a text first needs it: rows of this program, which its tests compile.
  bool known_to_compile = false;
};

struct SecretRefusal {
  std::string rule{};
  std::string reason{};
};

inline constexpr float secret_threshold = 0.5F;

class SecretRules final : public Ruleset {
 public:
  // Rules whose regexes RE2 cannot compile are named in `refused` and left out; the engine names what Hyperscan
  // refuses.
  static Result<std::shared_ptr<const SecretRules>> make(std::vector<SecretRule> rules,
                                                         std::vector<SecretRefusal>& refused);
  ~SecretRules() override;

  [[nodiscard]] Detector detector() const noexcept override { return Detector::secrets; }
  void add_patterns(std::vector<Pattern>& patterns) const override;
  [[nodiscard]] std::uint32_t judged_as(std::uint32_t pattern) const noexcept override;
  Judged confirm(std::uint32_t pattern, std::string_view text, std::size_t from, std::size_t end,
                 std::vector<Finding>& findings) const override;
  void finish(std::string_view text, Phase phase, std::vector<Finding>& findings) const override;
  std::size_t finish_open(std::string_view text, std::size_t from, Phase phase, std::span<const Part* const> parts,
                          std::vector<Finding>& findings) const override;
  // The named rules alone; `names` are sorted, at least one, and outlive the part.
  [[nodiscard]] Part part(std::vector<std::string_view> names) const;
  [[nodiscard]] std::string_view rule_id(std::uint32_t pattern) const noexcept;
  [[nodiscard]] std::size_t size() const noexcept;
  // A rule whose matches have no greatest width, among the named ones (none: all).
  [[nodiscard]] std::optional<std::string_view> without_end(const std::vector<std::string>& names) const;

 private:
  struct State;
  explicit SecretRules(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sluice::guard
