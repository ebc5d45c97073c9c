// Work that is done on a second thread, one item ahead of the caller, where a processor is free for it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace wengert::data {

/// Double buffering. `prepare(item)` is called on a thread of this object's own for item 0, 1, 2, ... in turn, and may
/// write into slot item % 2 of whatever the owner keeps: the caller reads the other slot meanwhile. What is prepared,
/// and in which order, does not depend on the threads' timing. In a child of fork() the next item is prepared anew, on a
/// thread of the child's. Where the system starts no thread, items are prepared by the caller.
class Prefetch {
 public:
  enum class On {
    own_thread,
    caller,  ///< each item is prepared when it is asked for
  };
  /// Error: `prepare` is empty.
  explicit Prefetch(std::function<void(std::int64_t item)> prepare, On = On::own_thread);
  /// Waits for the item in work, if any.
  ~Prefetch();
  Prefetch(const Prefetch&) = delete;
  Prefetch& operator=(const Prefetch&) = delete;

  /// Begins at item 0 of `count`; what was begun before is left. Error: a negative count.
  void start(std::int64_t count);
  /// Waits for the next item, whose slot is then the caller's until the next call, and gives its number. Rethrows what
  /// prepare() threw for it; after that only start() helps. At most `count` calls.
  std::int64_t next();

 private:
  struct Shared;
  Shared& shared();
  std::unique_ptr<Shared> shared_;
};

}  // namespace wengert::data
