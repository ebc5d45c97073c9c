// What -fsanitize=thread makes a kernel call before it reads or writes. The compiler's own library, which would take these
// calls, is not linked.
#include <cstddef>

#include "kernels/simt/checker/checker.hpp"

namespace {

using simt::detail::checker::check;
using simt::detail::checker::Doing;
using simt::detail::checker::watching;
using simt::detail::checker::Where;

}  // namespace

// A hook's caller is the access itself, so the checks are in the hook and in no function of their own.
#define HOOK(name, doing, size)                                                    \
  extern "C" void __tsan_##name##size(const void* address) {                       \
    if (watching) check<doing>(address, size, Where(__builtin_return_address(0))); \
  }
#define HOOKS(size)                                \
  HOOK(read, Doing::read, size)                    \
  HOOK(write, Doing::write, size)                  \
  HOOK(volatile_read, Doing::read, size)           \
  HOOK(volatile_write, Doing::write, size)         \
  HOOK(unaligned_read, Doing::read, size)          \
  HOOK(unaligned_write, Doing::write, size)        \
  HOOK(unaligned_volatile_read, Doing::read, size) \
  HOOK(unaligned_volatile_write, Doing::write, size)
HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

extern "C" {

void __tsan_read_range(const void* address, std::size_t size) {
  if (watching) check<Doing::read>(address, size, Where(__builtin_return_address(0)));
}
void __tsan_write_range(const void* address, std::size_t size) {
  if (watching) check<Doing::write>(address, size, Where(__builtin_return_address(0)));
}
void __tsan_vptr_read(const void* address) {
  if (watching) check<Doing::read>(address, sizeof(void*), Where(__builtin_return_address(0)));
}
void __tsan_vptr_update(const void* address, const void*) {
  if (watching) check<Doing::write>(address, sizeof(void*), Where(__builtin_return_address(0)));
}

void __tsan_init() {}
void __tsan_func_entry(const void*) {}
void __tsan_func_exit() {}
void __tsan_ignore_thread_begin() {}
void __tsan_ignore_thread_end() {}
}
