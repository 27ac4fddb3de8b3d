// Who this device is: made once by enrolment, renewed daily, kept in the state directory (files of mode 0600).
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace sluice::agent {

struct DeviceIdentity {
  std::string device_id;
  std::string org;
  std::string certificate;  // PEM
  std::string identity_ca;  // PEM: signed the certificates of devices, gateways and the console
  std::string policy_key;   // raw Ed25519 public key
  std::string root_ca;      // PEM: the interception root
  Secret key_pem;
  TimePoint not_before{}, not_after{};  // of the certificate

  [[nodiscard]] DeviceIdentity duplicate() const;
};

// device.key and identity.json. not_found before enrolment; malformed when a file was damaged.
Result<DeviceIdentity> load_identity(const std::filesystem::path& folder);
Result<void> save_identity(const std::filesystem::path& folder, const DeviceIdentity& identity);

// Takes the dates out of the certificate; malformed when it is none.
Result<void> read_dates(DeviceIdentity& identity);

// Renewed a day after it was made, and tried until thirty days after its end (the console takes it so long).
[[nodiscard]] bool renewal_due(const DeviceIdentity& identity, TimePoint now);

}  // namespace sluice::agent
