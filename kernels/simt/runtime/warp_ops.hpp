// What the lanes of a warp exchange, as 64 bits each.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "kernels/simt/runtime/runtime.hpp"

namespace simt::detail {

/// Any arithmetic type; narrower ones than int become int on the way, as in any call in C++.
template <class T>
concept Arithmetic = std::is_arithmetic_v<T>;
template <Arithmetic T>
using Promoted = decltype(+T{});
template <class T>
concept WholeWord = std::same_as<T, int> || std::same_as<T, unsigned>;

template <class T>
std::uint64_t to_bits(T value) {
  if constexpr (sizeof(T) == 4)
    return std::bit_cast<std::uint32_t>(value);
  else
    return std::bit_cast<std::uint64_t>(value);
}
template <class T>
T from_bits(std::uint64_t bits) {
  if constexpr (sizeof(T) == 4)
    return std::bit_cast<T>(static_cast<std::uint32_t>(bits));
  else
    return std::bit_cast<T>(bits);
}

enum class Shuffle { index, up, down, exclusive_or };
/// The value of the lane that `operand` points to, by the rules of PTX's shfl.sync, within segments of `width` lanes.
std::uint64_t shuffle(const char* name, unsigned mask, std::uint64_t value, Shuffle kind, int operand, int width,
                      Source source);

/// Lanes of a warp, as bits.
struct LaneSet {
  unsigned chosen, present;
};
/// Those whose predicate is not 0.
LaneSet vote(const char* name, unsigned mask, int predicate, Source source);
/// Those whose value is the caller's.
LaneSet match(const char* name, unsigned mask, std::uint64_t value, Source source);

/// The values of all lanes under an associative, commutative operation.
template <class T, class Operation>
T reduce(const char* name, unsigned mask, T value, Operation, Source source) {
  T result;
  collective(
      name, mask, &value, &result,
      [](const Lanes& lanes) {
        const int first = std::countr_zero(lanes.mask);
        T total = *static_cast<const T*>(lanes.in[first]);
        for (int lane = first + 1; lane < 32; ++lane)
          if (lanes.mask >> lane & 1u) total = Operation{}(total, *static_cast<const T*>(lanes.in[lane]));
        for (int lane = first; lane < 32; ++lane)
          if (lanes.mask >> lane & 1u) *static_cast<T*>(lanes.out[lane]) = total;
        return LaneError{};
      },
      source);
  return result;
}

}  // namespace simt::detail
