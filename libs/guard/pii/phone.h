// Telephone numbers: calling codes, national patterns and usual groupings, from generated tables. Immutable; threads:
// any.
#pragma once
#include <memory>
#include <string_view>

namespace sluice::guard::pii {

class PhonePlans {
 public:
  PhonePlans();
  ~PhonePlans();
  PhonePlans(PhonePlans&&) noexcept;
  PhonePlans& operator=(PhonePlans&&) noexcept;

  enum class International { no, code_only, valid };
  // `digits` with the calling code first. code_only: the code exists and the length is possible (ITU-T E.164).
  [[nodiscard]] International international(std::string_view digits) const;
  // Some region's national numbers look like this, with or without its national prefix.
  [[nodiscard]] bool national(std::string_view digits) const;
  // Some region writes numbers in groups of these sizes ("3 3 4").
  [[nodiscard]] bool usual_groups(std::string_view sizes) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::guard::pii
