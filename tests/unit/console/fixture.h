// The databases of a console that was initialised, and a clock that stands still.
#pragma once
#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <stdexcept>

#include "console_backend/app/initialise.h"
#include "console_backend/policies/publisher.h"
#include "console_backend/store/databases.h"
#include "tls/keys.h"

namespace sluice::console {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class Folder {
 public:
  Folder() {
    std::string pattern = testing::TempDir() + "sluice_console_XXXXXX";
    path = ::mkdtemp(pattern.data());
  }
  ~Folder() {
    if (!path.empty()) std::filesystem::remove_all(path);
  }
  Folder(Folder&& other) noexcept : path(std::exchange(other.path, {})) {}
  std::filesystem::path path;
};

inline const TimePoint test_start = *from_rfc3339("2026-01-31T12:00:00.000Z");

class ConsoleTest : public testing::Test {
 protected:
  static constexpr const char* password = "correct horse battery";
  ConsoleTest() : databases(must(open_databases(copy_of_initialised(folder.path)))) {}

  // Sealing is slow on purpose: it is done once, and every test begins with a copy.
  static const std::filesystem::path& copy_of_initialised(const std::filesystem::path& into) {
    static const Folder initialised = [] {
      Folder made;
      const Databases fresh = must(open_databases(made.path));
      must(initialise(fresh, master_key(), {{"Example Corp", {}, {"localhost"}}, "ada@example.com"},
                      Secret("a passphrase"), Secret(password), test_start));
      return made;
    }();
    for (const char* name : {"config.db", "audit.db"}) std::filesystem::copy_file(initialised.path / name, into / name);
    return into;
  }
  static MasterKey master_key() { return master_key_from(Secret("a key of the tests")); }

  template <class F>
  auto config(F&& function) {
    return must(databases.config->write(std::forward<F>(function)));
  }
  template <class F>
  auto audit(F&& function) {
    return must(databases.audit->write(std::forward<F>(function)));
  }

  Folder folder;
  ManualClock clock{test_start};
  Databases databases;
  MasterKey master = master_key();
  std::unique_ptr<Keys> keys = std::make_unique<Keys>(
      must(databases.config->read([this](store::Session& session) { return load_keys(session, master); })));
  std::unique_ptr<Publisher> publisher = std::make_unique<Publisher>(
      *databases.config, *keys, master, PolicyFacts{"https://gateway.example.com:8444", "help@example.com"}, clock);
};

}  // namespace sluice::console
