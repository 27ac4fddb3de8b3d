#include "store/database.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>

namespace sluice::store {

// Readers are opened as they are needed and kept: their number is bounded by the threads that ask at once.
struct Database::State {
  std::string target;
  std::mutex writer_turn;
  std::unique_ptr<Session> writer;
  std::mutex idle_guard;
  std::vector<std::unique_ptr<Session>> idle_readers;

  std::unique_ptr<Session> take_reader() {
    {
      std::lock_guard lock(idle_guard);
      if (!idle_readers.empty()) {
        std::unique_ptr<Session> reader = std::move(idle_readers.back());
        idle_readers.pop_back();
        return reader;
      }
    }
    return std::make_unique<Session>(target);
  }
  void give_back(std::unique_ptr<Session> reader) {
    std::lock_guard lock(idle_guard);
    idle_readers.push_back(std::move(reader));
  }
};

namespace {

// BEGIN … COMMIT; a failure on the way rolls back and is returned.
Result<void> in_transaction(Session& session, std::string_view begin,
                            const std::function<Result<void>(Session&)>& function) {
  session.run(begin);
  try {
    Result<void> outcome = function(session);
    session.run(outcome ? "COMMIT" : "ROLLBACK");
    return outcome;
  } catch (...) {
    try {
      session.run("ROLLBACK");
    } catch (const StoreFailure&) {  // SQLite has rolled back by itself (disk full, I/O error)
    }
    throw;
  }
}

}  // namespace

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return fail(ErrorCode::io_failed, "cannot open " + file.string() + ": " + std::strerror(errno));
  ::close(descriptor);
  try {
    auto state = std::make_unique<State>();
    state->target = file.string();
    state->writer = std::make_unique<Session>(state->target);
    state->writer->rows("PRAGMA journal_mode = WAL");
    return std::unique_ptr<Database>(new Database(std::move(state)));
  } catch (const StoreFailure& failure) {
    return fail(failure.error().during("opening " + file.string()));
  }
}

Result<void> Database::transact(Mode mode, const std::function<Result<void>(Session&)>& function) {
  try {
    if (mode == Mode::write) {
      std::lock_guard turn(state_->writer_turn);
      // IMMEDIATE: the lock is taken while the busy timeout still applies, not in the middle.
      return in_transaction(*state_->writer, "BEGIN IMMEDIATE", function);
    }
    std::unique_ptr<Session> reader = state_->take_reader();
    Result<void> outcome = in_transaction(*reader, "BEGIN", function);
    state_->give_back(std::move(reader));
    return outcome;
  } catch (const StoreFailure& failure) {
    return fail(failure.error());
  }
}

}  // namespace sluice::store
