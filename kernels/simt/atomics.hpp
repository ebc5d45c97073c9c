// CUDA's atomics, on shared and on device memory: each returns what was there before.
//
// As on the device they order nothing but themselves: __threadfence is needed where other memory must be seen too. An
// atomic that left memory as it was may be one that waits for another thread, and lets the others run.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <string>
#include <type_traits>

#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/runtime/runtime.hpp"

namespace simt::detail {

template <class T, class... Others>
concept OneOf = (std::same_as<T, Others> || ...);

/// The integer of T's size, whose bits are exchanged.
template <class T>
using Word =
    std::conditional_t<sizeof(T) == 2, std::uint16_t, std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>;

/// Replaces *address by update(*address). What to do is a function object, not a lambda, since those of a kernel's
/// own file would be instrumented.
template <class T, class Update>
SIMT_UNCHECKED T atomic(T* address, Update update, Source source) {
  if (reinterpret_cast<std::uintptr_t>(address) % sizeof(T) != 0) {
    fail("an atomic of " + std::to_string(sizeof(T)) + " bytes at an address that is no multiple of them", source);
  }
  events::atomic(address, sizeof(T), source);
  const events::Pause pause;  // clang++ instruments atomics in spite of SIMT_UNCHECKED
  auto* const word = reinterpret_cast<Word<T>*>(address);
  Word<T> before = __atomic_load_n(word, __ATOMIC_RELAXED);
  Word<T> after;
  do {
    after = std::bit_cast<Word<T>>(update(std::bit_cast<T>(before)));
  } while (!__atomic_compare_exchange_n(word, &before, after, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
  if (before == after) yield(source);
  return std::bit_cast<T>(before);
}

/// Integers wrap around, as on the device.
template <class T>
struct Add {
  T value;
  SIMT_UNCHECKED T operator()(T old) const {
    if constexpr (std::is_integral_v<T>) return static_cast<T>(static_cast<Word<T>>(old) + static_cast<Word<T>>(value));
    return old + value;
  }
};
template <class T>
struct Exchange {
  T value;
  SIMT_UNCHECKED T operator()(T) const { return value; }
};
template <class T>
struct Minimum {
  T value;
  SIMT_UNCHECKED T operator()(T old) const { return value < old ? value : old; }
};
template <class T>
struct Maximum {
  T value;
  SIMT_UNCHECKED T operator()(T old) const { return old < value ? value : old; }
};
template <class T>
struct And {
  T value;
  SIMT_UNCHECKED T operator()(T old) const { return old & value; }
};
template <class T>
struct Or {
  T value;
  SIMT_UNCHECKED T operator()(T old) const { return old | value; }
};
template <class T>
struct Xor {
  T value;
  SIMT_UNCHECKED T operator()(T old) const { return old ^ value; }
};
struct Increment {
  unsigned limit;
  SIMT_UNCHECKED unsigned operator()(unsigned old) const { return old >= limit ? 0 : old + 1; }
};
struct Decrement {
  unsigned limit;
  SIMT_UNCHECKED unsigned operator()(unsigned old) const { return old == 0 || old > limit ? limit : old - 1; }
};
template <class T>
struct CompareAndSwap {
  T expected, desired;
  SIMT_UNCHECKED T operator()(T old) const { return old == expected ? desired : old; }
};

/// The pointer alone decides about the type: atomicAdd(&counter, 1) of an unsigned counter.
template <class T>
using Value = std::type_identity_t<T>;

}  // namespace simt::detail

template <simt::detail::OneOf<int, unsigned, unsigned long long, float, double> T>
T atomicAdd(T* address, simt::detail::Value<T> value,
            simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::atomic(address, simt::detail::Add<T>{value}, source);
}
template <simt::detail::OneOf<int, unsigned> T>
T atomicSub(T* address, simt::detail::Value<T> value,
            simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::atomic(address, simt::detail::Add<T>{static_cast<T>(0u - static_cast<unsigned>(value))}, source);
}
template <simt::detail::OneOf<int, unsigned, unsigned long long, float> T>
T atomicExch(T* address, simt::detail::Value<T> value,
             simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::atomic(address, simt::detail::Exchange<T>{value}, source);
}
template <simt::detail::OneOf<int, unsigned, long long, unsigned long long> T>
T atomicMin(T* address, simt::detail::Value<T> value,
            simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::atomic(address, simt::detail::Minimum<T>{value}, source);
}
template <simt::detail::OneOf<int, unsigned, long long, unsigned long long> T>
T atomicMax(T* address, simt::detail::Value<T> value,
            simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::atomic(address, simt::detail::Maximum<T>{value}, source);
}
template <simt::detail::OneOf<int, unsigned, unsigned long long> T>
T atomicAnd(T* address, simt::detail::Value<T> value,
            simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::atomic(address, simt::detail::And<T>{value}, source);
}
template <simt::detail::OneOf<int, unsigned, unsigned long long> T>
T atomicOr(T* address, simt::detail::Value<T> value,
           simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::atomic(address, simt::detail::Or<T>{value}, source);
}
template <simt::detail::OneOf<int, unsigned, unsigned long long> T>
T atomicXor(T* address, simt::detail::Value<T> value,
            simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::atomic(address, simt::detail::Xor<T>{value}, source);
}
/// Counts up to the limit and then from 0 again.
inline unsigned atomicInc(unsigned* address, unsigned limit,
                          simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::atomic(address, simt::detail::Increment{limit}, source);
}
/// Counts down to 0 and then from the limit again.
inline unsigned atomicDec(unsigned* address, unsigned limit,
                          simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::atomic(address, simt::detail::Decrement{limit}, source);
}
template <simt::detail::OneOf<int, unsigned, unsigned long long, unsigned short> T>
T atomicCAS(T* address, simt::detail::Value<T> expected, simt::detail::Value<T> desired,
            simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::atomic(address, simt::detail::CompareAndSwap<T>{expected, desired}, source);
}
