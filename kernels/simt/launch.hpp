// Running a kernel.
#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "kernels/simt/runtime/kernel_name.hpp"
#include "kernels/simt/types.hpp"

namespace simt {

/// A device's queue of launches. All of the simulator's are one: a launch returns when it is done.
struct Stream {};

/// How many blocks of how many threads, the bytes of each block's dynamic shared memory, and where.
struct Launch {
  dim3 grid = {};
  dim3 block = {};
  std::size_t shared_bytes = 0;
  Stream stream = {};
};

namespace detail {

/// A kernel with its arguments: `call(arguments)` runs one thread of it.
struct Kernel {
  std::string_view name;
  void (*call)(const void* arguments);
  const void* arguments;
  std::size_t argument_bytes;
};

void launch(const Kernel& kernel, const Launch& extent);

template <auto kernel, class Signature = decltype(kernel)>
struct Bound;
template <auto kernel, class... Parameters>
struct Bound<kernel, void (*)(Parameters...)> {
  using Packed = std::tuple<std::remove_cv_t<Parameters>...>;
  static_assert((std::is_object_v<Parameters> && ...), "a kernel takes its arguments by value");
  static void call(const void* arguments) { std::apply(kernel, *static_cast<const Packed*>(arguments)); }
};

}  // namespace detail

/// Runs `kernel`, a __global__ function or an instance of a template, and returns when all its threads have ended, so that
/// launches and copies happen in the order of the program; launches of several host threads run one after another.
/// Throws Error for what a device would not take (sm_90: 1024 threads a block, 227 KiB of shared memory) and for what
/// goes wrong in the kernel. What it wrote until then stays written.
template <auto kernel, class... Arguments>
void launch(const Launch& extent, const Arguments&... arguments) {
  using Bound = detail::Bound<kernel>;
  const typename Bound::Packed packed(arguments...);
  detail::launch({detail::kernel_name<kernel>(), Bound::call, &packed, sizeof packed}, extent);
}

}  // namespace simt
