#include "console_backend/app/initialise.h"

#include "console_backend/audit/admin_actions.h"
#include "console_backend/identity/sign_in.h"
#include "console_backend/keys/virtual_keys.h"
#include "console_backend/policies/providers.h"

namespace sluice::console {

Result<void> initialise(const Databases& databases, const MasterKey& master, const Beginning& beginning,
                        const Secret& passphrase, const Secret& password, TimePoint now) {
  Result<void> made = databases.config->write([&](store::Session& session) -> Result<void> {
    Result<void> founded = found_authority(session, master, beginning.founding, passphrase, now);
    if (!founded) return founded;
    Result<void> added = add_administrator(session, beginning.admin_email, "Administrator", password, now);
    if (!added) return added;
    add_default_providers(session, master, now);
    const VirtualKeyChange fleet_default{"Fleet default", true, true,
                                         AllowedModels{{"anthropic", {"*"}}, {"google", {"*"}}, {"openai", {"*"}}}};
    Result<VirtualKeyPut> key = put_virtual_key(session, fleet_default_id, fleet_default, now);
    if (!key) return fail(key.error());
    return {};
  });
  if (!made) return made;
  return databases.audit->write([&](store::Session& session) {
    add_admin_action(session, "console", "console.init", beginning.founding.org, "", now);
  });
}

}  // namespace sluice::console
