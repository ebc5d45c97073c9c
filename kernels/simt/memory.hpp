// Fences, loads and stores with a caching hint, and waiting.
#pragma once

#include <type_traits>

#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/runtime/runtime.hpp"

namespace simt::detail {

template <class T>
SIMT_UNCHECKED T load(const T* address, Source source) {
  events::read(address, sizeof(T), source);
  return *address;
}
template <class T>
SIMT_UNCHECKED void store(T* address, const T& value, Source source) {
  events::write(address, sizeof(T), source);
  *address = value;
}
SIMT_UNCHECKED inline void fence() {
  events::fence();
  const events::Pause pause;
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

}  // namespace simt::detail

// What this thread wrote before is seen by every thread of the device that sees what it writes after.
inline void __threadfence() { simt::detail::fence(); }
inline void __threadfence_system() { simt::detail::fence(); }
/// The same within the block only.
SIMT_UNCHECKED inline void __threadfence_block() {
  simt::detail::events::block_fence();
  const simt::detail::events::Pause pause;
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

// The hints change nothing here: ldg, read-only; cg, in L2 alone; cs, used once; ca, at all levels; cv, never cached.
template <class T>
T __ldg(const T* address, simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::load(address, source);
}
template <class T>
T __ldcg(const T* address, simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::load(address, source);
}
template <class T>
T __ldcs(const T* address, simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::load(address, source);
}
template <class T>
T __ldca(const T* address, simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::load(address, source);
}
template <class T>
T __ldcv(const T* address, simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::load(address, source);
}
template <class T>
void __stcg(T* address, std::type_identity_t<T> value,
            simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  simt::detail::store(address, value, source);
}
template <class T>
void __stcs(T* address, std::type_identity_t<T> value,
            simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  simt::detail::store(address, value, source);
}
template <class T>
void __stwb(T* address, std::type_identity_t<T> value,
            simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  simt::detail::store(address, value, source);
}
template <class T>
void __stwt(T* address, std::type_identity_t<T> value,
            simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  simt::detail::store(address, value, source);
}

/// Lets the other threads run; the time is not kept.
inline void __nanosleep(unsigned /*nanoseconds*/, simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  simt::detail::yield(source);
}

/// Ends the launch with an error.
[[noreturn]] inline void __trap(simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  simt::detail::fail("__trap", source);
}
