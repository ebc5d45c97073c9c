// What -fsanitize=thread makes of C++'s own atomics: a call that does the operation. CUDA's are in atomics.hpp, and tell
// the checker themselves; these are the host's, and those of a kernel that uses std::atomic_ref. All are as strict as
// there is, since the order that the code asked for would save nothing here.
#include <cstdint>

#include "kernels/simt/checker/checker.hpp"

namespace {

using namespace simt::detail::checker;  // NOLINT(google-build-using-namespace)

constexpr int strict = __ATOMIC_SEQ_CST;

template <class T>
void note(const volatile T* address, const void* pc) {
  if (!watching) return;
  const auto* const plain = const_cast<const T*>(address);
  check<Doing::atomic>(plain, sizeof(T), Where(pc));
  const auto number = reinterpret_cast<std::uintptr_t>(plain);
  checker.order.synchronise(number, checker.shared.holds(number));
}

}  // namespace

#define CALLER __builtin_return_address(0)
#define FETCH(bits, T, operation)                                                     \
  extern "C" T __tsan_atomic##bits##_fetch_##operation(volatile T* a, T value, int) { \
    note(a, CALLER);                                                                  \
    return __atomic_fetch_##operation(a, value, strict);                              \
  }
#define COMPARE_EXCHANGE(bits, T, strength, weak)                                                                   \
  extern "C" int __tsan_atomic##bits##_compare_exchange_##strength(volatile T* a, T* expected, T value, int, int) { \
    note(a, CALLER);                                                                                                \
    return __atomic_compare_exchange_n(a, expected, value, weak, strict, strict);                                   \
  }
#define ATOMICS(bits, T)                                                                                  \
  extern "C" T __tsan_atomic##bits##_load(const volatile T* a, int) {                                     \
    note(a, CALLER);                                                                                      \
    return __atomic_load_n(a, strict);                                                                    \
  }                                                                                                       \
  extern "C" void __tsan_atomic##bits##_store(volatile T* a, T value, int) {                              \
    note(a, CALLER);                                                                                      \
    __atomic_store_n(a, value, strict);                                                                   \
  }                                                                                                       \
  extern "C" T __tsan_atomic##bits##_exchange(volatile T* a, T value, int) {                              \
    note(a, CALLER);                                                                                      \
    return __atomic_exchange_n(a, value, strict);                                                         \
  }                                                                                                       \
  extern "C" T __tsan_atomic##bits##_compare_exchange_val(volatile T* a, T expected, T value, int, int) { \
    note(a, CALLER);                                                                                      \
    __atomic_compare_exchange_n(a, &expected, value, false, strict, strict);                              \
    return expected;                                                                                      \
  }                                                                                                       \
  COMPARE_EXCHANGE(bits, T, strong, false)                                                                \
  COMPARE_EXCHANGE(bits, T, weak, true)                                                                   \
  FETCH(bits, T, add)                                                                                     \
  FETCH(bits, T, sub)                                                                                     \
  FETCH(bits, T, and)                                                                                     \
  FETCH(bits, T, or)                                                                                      \
  FETCH(bits, T, xor)                                                                                     \
  FETCH(bits, T, nand)
ATOMICS(8, std::uint8_t)
ATOMICS(16, std::uint16_t)
ATOMICS(32, std::uint32_t)
ATOMICS(64, std::uint64_t)

extern "C" void __tsan_atomic_thread_fence(int) {
  if (watching) checker.order.fence(Scope::device);
  __atomic_thread_fence(strict);
}
extern "C" void __tsan_atomic_signal_fence(int) {}
