// What the simulator does not emulate. Its use is a compile error that says so, and what to do instead.
#pragma once

namespace simt::detail {

template <class...>
inline constexpr bool emulated = false;

}  // namespace simt::detail

// Return types are deduced, so that a call alone makes the compiler look into the body, and find the assertion there.

template <class... Arguments>
auto __activemask(Arguments...) {
  static_assert(simt::detail::emulated<Arguments...>,
                "simt: __activemask is not emulated: which lanes happen to run together is no promise of the device's. "
                "Name the lanes that take part in the mask of each _sync function.");
}

// Thread block clusters.
template <class... Arguments>
auto __cluster_barrier_arrive(Arguments...) {
  static_assert(simt::detail::emulated<Arguments...>, "simt: thread block clusters are not emulated.");
}
template <class... Arguments>
auto __cluster_barrier_wait(Arguments...) {
  static_assert(simt::detail::emulated<Arguments...>, "simt: thread block clusters are not emulated.");
}
template <class... Arguments>
auto __cluster_map_shared_rank(Arguments...) {
  static_assert(simt::detail::emulated<Arguments...>, "simt: thread block clusters are not emulated.");
}
#define __cluster_dims__(...) _Pragma("GCC error \"simt: thread block clusters are not emulated.\"")

// Grid synchronisation.
namespace cooperative_groups {
template <class... Arguments>
auto this_grid(Arguments...) {
  static_assert(simt::detail::emulated<Arguments...>,
                "simt: synchronisation of the whole grid is not emulated. Split the kernel in two launches.");
}
template <class... Arguments>
auto this_cluster(Arguments...) {
  static_assert(simt::detail::emulated<Arguments...>, "simt: thread block clusters are not emulated.");
}
template <class... Arguments>
auto this_thread_block(Arguments...) {
  static_assert(simt::detail::emulated<Arguments...>,
                "simt: cooperative groups are not emulated. Use __syncthreads, __syncwarp and the _sync functions.");
}
}  // namespace cooperative_groups

// Textures and surfaces.
#define cudaTextureObject_t _Pragma("GCC error \"simt: textures are not emulated. Read device memory.\"") int
#define cudaSurfaceObject_t _Pragma("GCC error \"simt: surfaces are not emulated. Write device memory.\"") int

// The descriptors of TMA.
#define CUtensorMap _Pragma("GCC error \"simt: TMA is not emulated. Copy by simt::cp_async.\"") int
