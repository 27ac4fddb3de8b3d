// What `init` makes, apart from files and printing: keys, the first administrator, the providers, the fleet's key.
#pragma once
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "console_backend/ca/authority.h"
#include "console_backend/store/databases.h"

namespace sluice::console {

struct Beginning {
  Founding founding;
  std::string admin_email;
};
// All or nothing. conflict when the console is initialised already; invalid_argument for an e-mail, a password of less
// than 12 or a passphrase of less than 8 characters. Blocks.
Result<void> initialise(const Databases& databases, const MasterKey& master, const Beginning& beginning,
                        const Secret& passphrase, const Secret& password, TimePoint now);

}  // namespace sluice::console
