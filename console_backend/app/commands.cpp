#include "console_backend/app/commands.h"

#include <cstdio>
#include <filesystem>

#include "base/encoding.h"
#include "base/files.h"
#include "base/random.h"
#include "console_backend/app/initialise.h"
#include "console_backend/app/settings.h"
#include "console_backend/devices/enrolment_tokens.h"
#include "console_backend/identity/sign_in.h"
#include "console_backend/store/databases.h"

namespace sluice::console {

namespace {

using config::CommandLine;
using config::Settings;

constexpr config::Option init_options[] = {
    {"--passphrase-file", "FILE", "seal the root key under the first line of FILE; without it one is made and shown"},
    {"--admin-email", "EMAIL", "sign-in of the first administrator (admin@localhost)"},
    {"--admin-password-file", "FILE", "take the first line of FILE as password; without it one is made and shown"},
};
constexpr config::Option token_options[] = {
    {"--for", "KIND", "device or gateway"},
    {"--expires", "DURATION", "how long it is good for (24h, at most 30d)"},
    {"--uses", "NUMBER", "how many enrolments it allows (1)"},
};
constexpr config::Option api_token_options[] = {{"--name", "NAME", "what the token is for"}};
constexpr config::Option reissue_options[] = {
    {"--passphrase-file", "FILE", "the passphrase that the root key is sealed under"},
};
constexpr config::Command commands[] = {
    {"init", "make keys, databases and the first administrator", init_options},
    {"token", "print a new enrolment token", token_options},
    {"api-token", "print a new token for the REST API", api_token_options},
    {"pin", "print the console_pin of agents and gateways", {}},
    {"ca-reissue", "make a new issuing CA for the domains of today", reissue_options},
};

Result<Secret> first_line(const std::string& file) {
  Result<std::string> text = read_file(file, 4096);
  if (!text) return fail(text.error().during(file));
  text->resize(std::min(text->find_first_of("\r\n"), text->size()));
  if (text->empty()) return fail(ErrorCode::invalid_argument, file + ": the first line is empty");
  return Secret(std::move(*text));
}

struct Opened {
  Databases databases;
  MasterKey master;
};
Result<Opened> open(const Settings& settings, WhenAbsent when_absent) {
  if (when_absent == WhenAbsent::refuse) {
    if (Result<void> there = need_console(settings); !there) return fail(there.error());
  }
  Result<MasterKey> master = master_key_of(settings, when_absent);
  if (!master) return fail(master.error());
  Result<Databases> databases = open_databases(settings.path("state_dir"));
  if (!databases) return fail(databases.error());
  return Opened{std::move(*databases), std::move(*master)};
}

struct InitSecrets {
  Secret passphrase, password;
  bool show_passphrase = false, show_password = false;
};
Result<InitSecrets> init_secrets(const CommandLine& line) {
  InitSecrets secrets;
  if (std::optional<std::string> file = line.option("--passphrase-file")) {
    Result<Secret> read = first_line(*file);
    if (!read) return fail(read.error());
    secrets.passphrase = std::move(*read);
  } else {
    secrets.passphrase = Secret(to_base64url(random_bytes(24)));
    secrets.show_passphrase = true;
  }
  if (std::optional<std::string> file = line.option("--admin-password-file")) {
    Result<Secret> read = first_line(*file);
    if (!read) return fail(read.error());
    secrets.password = std::move(*read);
  } else {
    secrets.password = Secret(to_base64url(random_bytes(15)));
    secrets.show_password = true;
  }
  return secrets;
}

void print_line(std::string_view name, std::string_view value) {
  std::printf("%-16s %.*s\n", std::string(name).c_str(), static_cast<int>(value.size()), value.data());
}

Result<void> init(const CommandLine& line) {
  const Settings& settings = line.settings;
  Result<InitSecrets> secrets = init_secrets(line);
  if (!secrets) return fail(secrets.error());
  std::error_code error;
  std::filesystem::create_directories(settings.path("state_dir"), error);
  if (error) return fail(ErrorCode::io_failed, "state_dir: " + error.message());
  std::filesystem::permissions(settings.path("state_dir"), std::filesystem::perms::owner_all, error);
  Result<Opened> opened = open(settings, WhenAbsent::create);
  if (!opened) return fail(opened.error());

  const std::string email = line.option("--admin-email").value_or("admin@localhost");
  const Beginning beginning{{settings.text("org.name"), settings.texts("ca.domains"), settings.texts("server_names")},
                            email};
  Result<void> begun =
      initialise(opened->databases, opened->master, beginning, secrets->passphrase, secrets->password, wall_now());
  if (!begun) return begun;
  Result<Keys> keys =
      opened->databases.config->read([&](store::Session& session) { return load_keys(session, opened->master); });
  if (!keys) return fail(keys.error());
  std::printf("%s is initialised in %s.\n", settings.text("org.name").c_str(), settings.path("state_dir").c_str());
  print_line("console_pin:", keys->server.pin());
  print_line("administrator:", email);
  if (secrets->show_password) print_line("password:", secrets->password.reveal());
  if (secrets->show_passphrase) {
    print_line("passphrase:", secrets->passphrase.reveal());
    std::printf("The passphrase opens the root key. Keep it offline: it is stored nowhere and shown only now.\n");
  }
  return {};
}

Result<void> token(const CommandLine& line) {
  const std::string purpose = line.option("--for").value_or("");
  if (purpose != "device" && purpose != "gateway") {
    return fail(ErrorCode::invalid_argument, "--for: must be device or gateway");
  }
  Result<std::chrono::milliseconds> life = config::parse_duration(line.option("--expires").value_or("24h"));
  if (!life || *life < std::chrono::seconds(1) || *life > longest_token_life) {
    return fail(ErrorCode::invalid_argument, "--expires: must be a duration like 24h, at most 30d");
  }
  const std::string uses_text = line.option("--uses").value_or("1");
  const std::int64_t uses = std::strtoll(uses_text.c_str(), nullptr, 10);
  if (uses < 1 || uses > most_uses || std::to_string(uses) != uses_text) {
    return fail(ErrorCode::invalid_argument, "--uses: must be a number from 1 to " + std::to_string(most_uses));
  }
  Result<Opened> opened = open(line.settings, WhenAbsent::refuse);
  if (!opened) return fail(opened.error());
  Result<NewEnrolmentToken> made =
      opened->databases.config->write([&](store::Session& session) -> Result<NewEnrolmentToken> {
        if (!is_founded(session)) return fail(ErrorCode::not_found, "run 'sluice-console init' first");
        return add_enrolment_token(session, purpose == "device" ? wire::Party::device : wire::Party::gateway,
                                   std::chrono::duration_cast<std::chrono::seconds>(*life), uses, "console",
                                   wall_now());
      });
  if (!made) return fail(made.error());
  std::printf("%s\n", std::string(made->token.reveal()).c_str());
  return {};
}

Result<void> api_token(const CommandLine& line) {
  const std::string name = line.option("--name").value_or("");
  if (name.empty() || name.size() > 128)
    return fail(ErrorCode::invalid_argument, "--name: must have 1 to 128 characters");
  Result<Opened> opened = open(line.settings, WhenAbsent::refuse);
  if (!opened) return fail(opened.error());
  Result<NewToken> made = opened->databases.config->write([&](store::Session& session) -> Result<NewToken> {
    if (!is_founded(session)) return fail(ErrorCode::not_found, "run 'sluice-console init' first");
    return add_api_token(session, name, "console", wall_now());
  });
  if (!made) return fail(made.error());
  std::printf("%s\n", std::string(made->token.reveal()).c_str());
  return {};
}

Result<void> pin(const CommandLine& line) {
  Result<Opened> opened = open(line.settings, WhenAbsent::refuse);
  if (!opened) return fail(opened.error());
  Result<Keys> keys =
      opened->databases.config->read([&](store::Session& session) { return load_keys(session, opened->master); });
  if (!keys) return fail(keys.error());
  std::printf("%s\n", keys->server.pin().c_str());
  return {};
}

Result<void> reissue(const CommandLine& line) {
  std::optional<std::string> file = line.option("--passphrase-file");
  if (!file) return fail(ErrorCode::invalid_argument, "--passphrase-file: is needed");
  Result<Secret> passphrase = first_line(*file);
  if (!passphrase) return fail(passphrase.error());
  Result<Opened> opened = open(line.settings, WhenAbsent::refuse);
  if (!opened) return fail(opened.error());
  Result<void> done = opened->databases.config->write([&](store::Session& session) {
    return reissue_issuing_ca(session, opened->master, line.settings.texts("ca.domains"), *passphrase, wall_now());
  });
  if (!done) return done;
  std::printf("The new issuing CA is in force when the console has been restarted.\n");
  return {};
}

}  // namespace

const config::Program& program() {
  static const config::Program all{.table = settings_table(), .version = SLUICE_VERSION, .commands = commands};
  return all;
}

Result<MasterKey> master_key_of(const Settings& settings, WhenAbsent when_absent) {
  if (!settings.secret("master_key").empty()) return master_key_from(settings.secret("master_key"));
  std::filesystem::path file = settings.path("master_key_file");
  if (file.empty()) file = settings.path("state_dir") / "master.key";
  return master_key_from_file(file, when_absent);
}

Result<void> need_console(const Settings& settings) {
  std::error_code unreadable;  // opening it says that better
  const std::filesystem::path folder = settings.path("state_dir");
  if (std::filesystem::exists(folder / "config.db", unreadable) || unreadable) return {};
  return fail(ErrorCode::not_found, "no console in " + folder.string() +
                                        " (state_dir): run 'sluice-console init' with the same configuration first");
}

int run_command(const CommandLine& line) {
  Result<void> done = line.command == "init"        ? init(line)
                      : line.command == "token"     ? token(line)
                      : line.command == "api-token" ? api_token(line)
                      : line.command == "pin"       ? pin(line)
                                                    : reissue(line);
  if (done) return 0;
  std::fprintf(stderr, "sluice-console %s: %s\n", line.command.c_str(), done.error().message().c_str());
  return done.error().code == ErrorCode::invalid_argument ? 2 : 1;
}

}  // namespace sluice::console
