// What the lanes of a warp do together: __syncwarp, shuffles, votes, matches, reductions.
//
// `mask` names the lanes that take part, the caller among them; each of them that has not returned must make the same
// call. A lane that reads from one that is not there is an Error; on a device it would get something undefined.
#pragma once

#include <functional>

#include "kernels/simt/runtime/runtime.hpp"
#include "kernels/simt/runtime/warp_ops.hpp"

inline void __syncwarp(unsigned mask = 0xffffffffu,
                       simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  simt::detail::collective("__syncwarp", mask, nullptr, nullptr, nullptr, source);
}

/// The value of lane `from` of the segment, counted modulo `width`.
template <simt::detail::Arithmetic T>
simt::detail::Promoted<T> __shfl_sync(unsigned mask, T value, int from, int width = 32,
                                      simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  using namespace simt::detail;
  return from_bits<Promoted<T>>(shuffle("__shfl_sync", mask, to_bits(+value), Shuffle::index, from, width, source));
}
/// The value of the lane `delta` lower; the lane's own where the segment has none.
template <simt::detail::Arithmetic T>
simt::detail::Promoted<T> __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32,
                                         simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  using namespace simt::detail;
  return from_bits<Promoted<T>>(
      shuffle("__shfl_up_sync", mask, to_bits(+value), Shuffle::up, static_cast<int>(delta), width, source));
}
/// The value of the lane `delta` higher; the lane's own where the segment has none.
template <simt::detail::Arithmetic T>
simt::detail::Promoted<T> __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32,
                                           simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  using namespace simt::detail;
  return from_bits<Promoted<T>>(
      shuffle("__shfl_down_sync", mask, to_bits(+value), Shuffle::down, static_cast<int>(delta), width, source));
}
/// The value of the lane whose number differs in the bits of `bits`; the lane's own if that lies in a later segment.
template <simt::detail::Arithmetic T>
simt::detail::Promoted<T> __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32,
                                          simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  using namespace simt::detail;
  return from_bits<Promoted<T>>(
      shuffle("__shfl_xor_sync", mask, to_bits(+value), Shuffle::exclusive_or, bits, width, source));
}

/// The lanes whose predicate is not 0.
inline unsigned __ballot_sync(unsigned mask, int predicate,
                              simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::vote("__ballot_sync", mask, predicate, source).chosen;
}
inline int __all_sync(unsigned mask, int predicate,
                      simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  const simt::detail::LaneSet lanes = simt::detail::vote("__all_sync", mask, predicate, source);
  return lanes.chosen == lanes.present;
}
inline int __any_sync(unsigned mask, int predicate,
                      simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::vote("__any_sync", mask, predicate, source).chosen != 0;
}

/// The lanes with the same bits as the caller's.
template <simt::detail::Arithmetic T>
unsigned __match_any_sync(unsigned mask, T value, simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::match("__match_any_sync", mask, simt::detail::to_bits(+value), source).chosen;
}
/// All lanes, and *same not 0, if they have the same bits; else 0 for both.
template <simt::detail::Arithmetic T>
unsigned __match_all_sync(unsigned mask, T value, int* same,
                          simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  const simt::detail::LaneSet lanes =
      simt::detail::match("__match_all_sync", mask, simt::detail::to_bits(+value), source);
  *same = lanes.chosen == lanes.present;
  return *same ? lanes.present : 0;
}

template <simt::detail::WholeWord T>
T __reduce_add_sync(unsigned mask, T value, simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  // Of unsigned numbers, since the sum wraps around.
  return static_cast<T>(
      simt::detail::reduce("__reduce_add_sync", mask, static_cast<unsigned>(value), std::plus<unsigned>{}, source));
}
template <simt::detail::WholeWord T>
T __reduce_min_sync(unsigned mask, T value, simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::reduce(
      "__reduce_min_sync", mask, value, [](T a, T b) { return b < a ? b : a; }, source);
}
template <simt::detail::WholeWord T>
T __reduce_max_sync(unsigned mask, T value, simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::reduce(
      "__reduce_max_sync", mask, value, [](T a, T b) { return a < b ? b : a; }, source);
}
inline unsigned __reduce_and_sync(unsigned mask, unsigned value,
                                  simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::reduce("__reduce_and_sync", mask, value, std::bit_and<unsigned>{}, source);
}
inline unsigned __reduce_or_sync(unsigned mask, unsigned value,
                                 simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::reduce("__reduce_or_sync", mask, value, std::bit_or<unsigned>{}, source);
}
inline unsigned __reduce_xor_sync(unsigned mask, unsigned value,
                                  simt::detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  return simt::detail::reduce("__reduce_xor_sync", mask, value, std::bit_xor<unsigned>{}, source);
}
