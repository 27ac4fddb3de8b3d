// Names in a rule's scope that nothing has yet, or no longer: such a rule is allowed, since it may come before what it
// names, but whoever reads it should know that it holds for nobody.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "store/database.h"

namespace sluice::console {

struct GuardWarning {
  std::string path;  // "scope.keys[0]"
  std::string message;
};

class KnownNames {
 public:
  static KnownNames read(store::Session& session);

  // Of one rule as an object of the policy document.
  [[nodiscard]] std::vector<GuardWarning> warnings(const JsonValue& rule) const;
  // Those that tell of an external check which cannot be asked: such a rule would stop or pass everything unchecked.
  [[nodiscard]] std::vector<GuardWarning> check_warnings(const JsonValue& rule) const;

 private:
  std::optional<std::set<std::string, std::less<>>> users_, teams_, keys_, apps_;  // nullopt: too many to tell
  std::map<std::string, std::string> broken_checks_;                               // id → why
};

// [{"path","message"}]
void write_warnings(JsonWriter& json, const std::vector<GuardWarning>& warnings);

}  // namespace sluice::console
