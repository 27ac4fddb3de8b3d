// Tokens that let a device or a gateway enrol: hashed, expiring, with a limited number of uses.
#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "store/database.h"
#include "wire/device_api.h"

namespace sluice::console {

struct EnrolmentTokenRow {
  std::string id;
  wire::Party purpose = wire::Party::device;
  std::string created_by;
  TimePoint created_at, expires_at;
  std::int64_t uses = 0, uses_left = 0;
};
struct NewEnrolmentToken {
  std::string id;
  Secret token;
  TimePoint expires_at;
};

inline constexpr std::int64_t most_uses = 100'000;
inline constexpr std::chrono::hours longest_token_life{24 * 30};

std::string_view name_of(wire::Party party) noexcept;  // "device", "gateway"

NewEnrolmentToken add_enrolment_token(store::Session& session, wire::Party purpose, std::chrono::seconds life,
                                      std::int64_t uses, std::string_view created_by, TimePoint now);
// Newest first; what ended more than 30 days ago is gone.
std::vector<EnrolmentTokenRow> enrolment_tokens(store::Session& session, TimePoint now);
bool remove_enrolment_token(store::Session& session, std::string_view id);

// Takes one use. unauthenticated: unknown, or meant for the other party; expired; quota_exceeded: used up.
Result<void> use_enrolment_token(store::Session& session, wire::Party purpose, const Secret& token, TimePoint now);

}  // namespace sluice::console
