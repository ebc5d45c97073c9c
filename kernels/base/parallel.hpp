// The one place where threads enter.
#pragma once

#include <cstdint>

namespace wengert {

/// How many threads kernels may use, 1 at the start. Results do not depend on it: where a sum is cut, the data's size alone
/// decides. Not to be called while kernels run. Errors, after which the number is what it was: fewer than 1 or more than 1024;
/// the system does not start as many.
///
/// A child of fork() has as many threads as its parent. They are started at its first use of them, or as many of them as the
/// system then starts.
void set_threads(int count);
int threads();

namespace kernels {

/// A reference to a callable, for the length of one call.
class RangeBody {
 public:
  template <class F>
  RangeBody(const F& f)  // NOLINT(google-explicit-constructor): a lambda is handed straight in
      : object_(&f), call_([](const void* object, std::int64_t begin, std::int64_t end) {
          (*static_cast<const F*>(object))(begin, end);
        }) {}
  void operator()(std::int64_t begin, std::int64_t end) const { call_(object_, begin, end); }

 private:
  const void* object_;
  void (*call_)(const void*, std::int64_t, std::int64_t);
};

/// Runs body(begin, end) over ranges that cover [0, count), on up to threads() threads. `grain` is the least number of
/// items worth a thread's while. If bodies throw, the other ranges are still run, and then the exception of the first range
/// that threw is rethrown. Error: the body forked, and this is the child, which lacks what other threads had begun.
void parallel_for(std::int64_t count, std::int64_t grain, RangeBody body);

/// How many times the process and its ancestors have forked since the first call of this. An object that owns threads keeps
/// the number from its start. If the number has changed, the object was copied into a child: its threads are not there, and
/// its locks may be held for ever.
int forks();

}  // namespace kernels
}  // namespace wengert
