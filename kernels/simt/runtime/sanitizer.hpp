// What the address sanitizer is told: on which stack the program runs, and what of the arena may be touched. Nothing in
// other builds.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define SIMT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SIMT_ASAN 1
#endif
#endif

#ifdef SIMT_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace simt::detail::sanitizer {

#ifdef SIMT_ASAN
inline constexpr bool on = true;
inline void poison(const void* memory, std::size_t bytes) { __asan_poison_memory_region(memory, bytes); }
inline void unpoison(const void* memory, std::size_t bytes) { __asan_unpoison_memory_region(memory, bytes); }
inline void start_switch(void** fake_stack, const void* lowest, std::size_t bytes) {
  __sanitizer_start_switch_fiber(fake_stack, lowest, bytes);
}
inline void finish_switch(void* fake_stack, const void** lowest, std::size_t* bytes) {
  __sanitizer_finish_switch_fiber(fake_stack, lowest, bytes);
}
inline void forget_frames() { __asan_handle_no_return(); }
#else
inline constexpr bool on = false;
inline void poison(const void*, std::size_t) {}
inline void unpoison(const void*, std::size_t) {}
inline void start_switch(void**, const void*, std::size_t) {}
inline void finish_switch(void*, const void**, std::size_t*) {}
inline void forget_frames() {}
#endif

}  // namespace simt::detail::sanitizer
