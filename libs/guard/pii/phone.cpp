#include "guard/pii/phone.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <string>
#include <vector>

namespace sluice::guard::pii {
namespace {

struct Plan {
  std::string_view code;
  std::string_view prefix;
  std::string_view pattern;
};
#define PHONE_GROUPS(sizes)
#define PHONE_PLAN(code, prefix, pattern) {code, prefix, pattern},
constexpr Plan plans[] = {
#include "guard/pii/phone_table.inc"
};
#undef PHONE_PLAN
#undef PHONE_GROUPS
#define PHONE_PLAN(code, prefix, pattern)
#define PHONE_GROUPS(sizes) sizes,
constexpr std::string_view groups[] = {
#include "guard/pii/phone_table.inc"
};
#undef PHONE_PLAN
#undef PHONE_GROUPS

RE2::Options quiet() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_max_mem(32 << 20);
  return options;
}

}  // namespace

struct PhonePlans::State {
  RE2::Set national{quiet(), RE2::ANCHOR_BOTH};
  RE2::Set international{quiet(), RE2::ANCHOR_BOTH};
  std::vector<std::string_view> codes;  // sorted
  std::vector<std::string_view> sizes;  // sorted
};

PhonePlans::PhonePlans() : state_(std::make_unique<State>()) {
  for (const Plan& plan : plans) {
    const std::string pattern = "(?:" + std::string(plan.pattern) + ")";
    const std::string prefix = plan.prefix.empty() ? "" : "(?:" + std::string(plan.prefix) + ")?";
    state_->national.Add(prefix + pattern, nullptr);
    // People write "+44 (0)20 …" although the prefix is not dialled from abroad.
    state_->international.Add(std::string(plan.code) + "0?" + pattern, nullptr);
    state_->codes.push_back(plan.code);
  }
  state_->national.Compile();
  state_->international.Compile();
  std::ranges::sort(state_->codes);
  state_->sizes.assign(std::begin(groups), std::end(groups));
  std::ranges::sort(state_->sizes);
}
PhonePlans::~PhonePlans() = default;
PhonePlans::PhonePlans(PhonePlans&&) noexcept = default;
PhonePlans& PhonePlans::operator=(PhonePlans&&) noexcept = default;

PhonePlans::International PhonePlans::international(std::string_view digits) const {
  if (digits.size() < 7 || digits.size() > 16) return International::no;
  if (state_->international.Match(re2::StringPiece(digits.data(), digits.size()), nullptr)) return International::valid;
  for (std::size_t n = 1; n <= 3; ++n)
    if (std::ranges::binary_search(state_->codes, digits.substr(0, n))) return International::code_only;
  return International::no;
}

bool PhonePlans::national(std::string_view digits) const {
  if (digits.size() < 5 || digits.size() > 15) return false;
  return state_->national.Match(re2::StringPiece(digits.data(), digits.size()), nullptr);
}

bool PhonePlans::usual_groups(std::string_view sizes) const {
  return std::ranges::binary_search(state_->sizes, sizes);
}

}  // namespace sluice::guard::pii
