// Wakes long polls and live streams. Whoever changes something calls policy_changed() or changed() from any thread; the
// waits are on the event loop, and waking all of them is one pass over a list.
// Threads: the two callers any; everything else the loop's. The hub outlives the loop's run.
#pragma once
#include <list>

#include "async/event_loop.h"
#include "async/leaf.h"
#include "async/task.h"
#include "console_backend/api/topics.h"

namespace sluice::console {

class ChangeHub {
 public:
  explicit ChangeHub(async::EventLoop& loop) : loop_(loop) {}
  ChangeHub(const ChangeHub&) = delete;
  ChangeHub& operator=(const ChangeHub&) = delete;

  void policy_changed();
  void changed(Topics topics);

  // Until the next policy_changed(), the deadline, a stop, or close().
  Task<void> wait_for_policy(Deadline deadline);

  // What changed since the last take(); made when a live stream opens.
  class Watch {
   public:
    explicit Watch(ChangeHub& hub);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    // Until something changed, the deadline, a stop, or close().
    Task<void> wait(Deadline deadline);
    Topics take() { return std::exchange(pending_, Topics()); }

   private:
    friend class ChangeHub;
    ChangeHub& hub_;
    Topics pending_;
    async::Signal signal_;
    std::list<Watch*>::iterator place_;
  };

  void close();  // every wait ends at once from now on: the console drains
  [[nodiscard]] bool closed() const noexcept { return closed_; }

 private:
  async::EventLoop& loop_;
  std::list<async::Signal*> policy_waits_;  // bound: the listener's connection limit
  std::list<Watch*> watches_;               // the same
  bool closed_ = false;
};

}  // namespace sluice::console
