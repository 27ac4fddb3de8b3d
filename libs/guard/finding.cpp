#include "guard/finding.h"

namespace sluice::guard {

std::string_view name_of(Detector detector) noexcept {
  switch (detector) {
    case Detector::secrets:
      return "secrets";
    case Detector::pii:
      return "pii";
    case Detector::injection:
      return "injection";
    case Detector::custom:
      return "custom";
    case Detector::external:
      return "external";
    case Detector::limits:
      return "limits";
  }
  return "custom";
}

}  // namespace sluice::guard
