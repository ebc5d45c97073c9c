// NoGrad: a scope in which nothing is recorded.
#pragma once

namespace wengert {

/// While one lives, ops on this thread give Vars without history. Detach cuts one use of a value; this records nothing.
class NoGrad {
 public:
  [[nodiscard("it acts while it lives: give it a name")]] NoGrad() { ++active_; }
  ~NoGrad() { --active_; }
  NoGrad(const NoGrad&) = delete;
  NoGrad& operator=(const NoGrad&) = delete;
  static bool active() { return active_ > 0; }

 private:
  static inline thread_local int active_ = 0;  // how many there are: they may end in any order
};

}  // namespace wengert
