// memcpy and its like, which the instrumentation leaves alone. The linker turns the program's calls to them into these
// (-Wl,--wrap), which check the memory of kernels and let the rest pass: the runtime's own calls come here too.
#include <cstddef>

#include "kernels/simt/checker/checker.hpp"
#include "kernels/simt/checker/events.hpp"

namespace {

using simt::detail::checker::check;
using simt::detail::checker::Doing;
using simt::detail::checker::shadow_of;
using simt::detail::checker::Where;
using simt::detail::events::watching;

bool is_kernels(const void* address) { return shadow_of(reinterpret_cast<std::uintptr_t>(address)) != nullptr; }

// The kernel's side of a copy decides: if one end is a kernel's memory, the other must be memory that a kernel may use.
void check_copy(const void* to, const void* from, std::size_t size, const void* pc) {
  if (!watching || size == 0 || (!is_kernels(to) && !is_kernels(from))) return;
  check(Doing::read, from, size, Where(pc));
  check(Doing::write, to, size, Where(pc));
}

}  // namespace

extern "C" {

void* __real_memcpy(void* to, const void* from, std::size_t size);
void* __real_memmove(void* to, const void* from, std::size_t size);
void* __real_memset(void* to, int value, std::size_t size);

void* __wrap_memcpy(void* to, const void* from, std::size_t size) {
  check_copy(to, from, size, __builtin_return_address(0));
  return __real_memcpy(to, from, size);
}
void* __wrap_memmove(void* to, const void* from, std::size_t size) {
  check_copy(to, from, size, __builtin_return_address(0));
  return __real_memmove(to, from, size);
}
void* __wrap_memset(void* to, int value, std::size_t size) {
  if (watching && size != 0 && is_kernels(to)) check(Doing::write, to, size, Where(__builtin_return_address(0)));
  return __real_memset(to, value, size);
}

// By these names clang++ calls them from 15 on.
[[gnu::alias("__wrap_memcpy")]] void* __tsan_memcpy(void* to, const void* from, std::size_t size);
[[gnu::alias("__wrap_memmove")]] void* __tsan_memmove(void* to, const void* from, std::size_t size);
[[gnu::alias("__wrap_memset")]] void* __tsan_memset(void* to, int value, std::size_t size);
}
