// One database file with its one writer and its readers.
//
//   Result<Device> device = database.read([&](Session& session) { return find_device(session, id); });
//   Result<void> done = database.write([&](Session& session) -> Result<void> { … });
//
// A write is a transaction: it is durable when write() returns a value, and rolled back when the function returns
// an Error or throws. Writers take turns; readers see the last commit and wait for nobody (WAL).
// Threads: any but an event loop: every call may wait for the disk.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <type_traits>

#include "base/result.h"
#include "store/session.h"

namespace sluice::store {

namespace detail {
template <class T>
struct AnswerOf {
  using type = Result<T>;
};
template <class T>
struct AnswerOf<Result<T>> {
  using type = Result<T>;
};
template <class F>
using Answer = typename AnswerOf<std::invoke_result_t<F, Session&>>::type;
}  // namespace detail

class Database {
 public:
  // Opens or creates the file (mode 0600), with write-ahead log, foreign keys and a busy timeout of ten seconds.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file);
  ~Database();

  template <class F>
  detail::Answer<F> write(F&& function) {
    return run<detail::Answer<F>>(std::forward<F>(function), Mode::write);
  }
  template <class F>
  detail::Answer<F> read(F&& function) {
    return run<detail::Answer<F>>(std::forward<F>(function), Mode::read);
  }

 private:
  enum class Mode { read, write };
  struct State;
  explicit Database(std::unique_ptr<State> state);

  template <class R, class F>
  R run(F&& function, Mode mode) {
    R answer = fail(ErrorCode::internal);
    Result<void> outcome = transact(mode, [&](Session& session) -> Result<void> {
      if constexpr (std::is_void_v<std::invoke_result_t<F, Session&>>) {
        function(session);
        answer = R();
      } else {
        answer = function(session);
      }
      if (!answer) return fail(answer.error());
      return {};
    });
    if (!outcome) return fail(outcome.error());
    return answer;
  }
  Result<void> transact(Mode mode, const std::function<Result<void>(Session&)>& function);

  std::unique_ptr<State> state_;
};

}  // namespace sluice::store
