// Running a kernel.
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kernels/simt/checker/events.hpp"
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
};

void launch(const Kernel& kernel, const Launch& extent);

template <std::size_t index, class T>
struct Argument {
  T value;
};
// Of a std::tuple the values would be read by functions that the checker sees.
template <class Indices, class... Types>
struct Packed;
template <std::size_t... index, class... Types>
struct Packed<std::index_sequence<index...>, Types...> : Argument<index, Types>... {
  template <auto kernel>
  SIMT_UNCHECKED static void call(const void* arguments) {
    [[maybe_unused]] const auto& packed = *static_cast<const Packed*>(arguments);
    kernel(static_cast<const Argument<index, Types>&>(packed).value...);
  }
};

template <auto kernel, class Signature = decltype(kernel)>
struct Bound;
template <auto kernel, class... Parameters>
struct Bound<kernel, void (*)(Parameters...)> {
  static_assert((std::is_object_v<Parameters> && ...), "a kernel takes its arguments by value");
  using Arguments = Packed<std::index_sequence_for<Parameters...>, std::remove_cv_t<Parameters>...>;

  template <class... Given>
  static Arguments pack(const Given&... given) {
    static_assert(sizeof...(Given) == sizeof...(Parameters), "a launch gives as many arguments as the kernel takes");
    return {{static_cast<std::remove_cv_t<Parameters>>(given)}...};
  }
  static constexpr auto call = &Arguments::template call<kernel>;
};

}  // namespace detail

/// Runs `kernel`, a __global__ function or an instance of a template, and returns when all its threads have ended, so that
/// launches and copies happen in the order of the program; launches of several host threads run one after another.
/// Throws Error for what a device would not take (1024 threads a block; shared memory: Options::shared_bytes) and for what
/// goes wrong in the kernel. What it wrote until then stays written.
template <auto kernel, class... Arguments>
void launch(const Launch& extent, const Arguments&... arguments) {
  using Bound = detail::Bound<kernel>;
  const auto packed = Bound::pack(arguments...);
  detail::launch({detail::kernel_name<kernel>(), Bound::call, &packed}, extent);
}

}  // namespace simt
