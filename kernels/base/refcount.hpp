// Intrusive reference counts: one word in the object, plain arithmetic until the process has a second thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif

namespace wengert {

/// False from before the second thread starts, so that what threads share can do without atomic operations until then.
/// (By glibc's __libc_single_threaded; elsewhere always false.)
inline bool single_threaded() {
#if __has_include(<sys/single_threaded.h>)
  return __libc_single_threaded;
#else
  return false;
#endif
}

/// A count that costs a plain add while the process is single-threaded, and is atomic from then on.
class RefCount {
 public:
  void increase() {
    if (single_threaded()) {
      count_.store(count_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    } else {
      count_.fetch_add(1, std::memory_order_relaxed);
    }
  }
  /// The same, unless the last reference is gone already; whether it was there.
  bool increase_if_used() {
    std::int32_t now = count_.load(std::memory_order_relaxed);
    while (now > 0) {
      if (count_.compare_exchange_weak(now, now + 1, std::memory_order_relaxed)) return true;
    }
    return false;
  }
  /// True when this was the last reference.
  bool decrease() {
    if (single_threaded()) {
      const std::int32_t left = count_.load(std::memory_order_relaxed) - 1;
      count_.store(left, std::memory_order_relaxed);
      return left == 0;
    }
    return count_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }
  bool unique() const { return count_.load(std::memory_order_acquire) == 1; }

 private:
  std::atomic<std::int32_t> count_{0};
};

/// A counted handle to a T that has a member `RefCount references` and a function `destroy(T*)` found by its namespace.
template <class T>
class Ref {
 public:
  Ref() = default;
  explicit Ref(T* object) : object_(object) {
    if (object_) object_->references.increase();
  }
  Ref(const Ref& other) : Ref(other.object_) {}
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Ref() { reset(); }

  void reset() {
    if (T* object = std::exchange(object_, nullptr); object && object->references.decrease()) destroy(object);
  }
  T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  bool operator==(const Ref&) const = default;

 private:
  T* object_ = nullptr;
};

}  // namespace wengert
