// NoGrad: a scope in which nothing is recorded.
#pragma once

namespace wengert {

/// While one lives, ops on this thread give Vars without history. Detach cuts one use of a value; this records nothing.
class NoGrad {
 public:
  [[nodiscard("it acts while it lives: give it a name")]] NoGrad() : before_(active_) { active_ = true; }
  ~NoGrad() { active_ = before_; }
  NoGrad(const NoGrad&) = delete;
  NoGrad& operator=(const NoGrad&) = delete;
  static bool active() { return active_; }

 private:
  static inline thread_local bool active_ = false;
  bool before_;
};

}  // namespace wengert
