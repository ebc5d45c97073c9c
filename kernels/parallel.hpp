// The one place where threads enter.
#pragma once

#include <cstdint>

namespace wengert {

/// How many threads kernels may use, 1 at the start. Results do not depend on it: where a sum is cut, the data's size alone
/// decides. Not to be called while kernels run.
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
/// items worth a thread's while.
void parallel_for(std::int64_t count, std::int64_t grain, RangeBody body);

}  // namespace kernels
}  // namespace wengert
