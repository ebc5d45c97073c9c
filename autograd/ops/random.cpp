#include "autograd/ops/random.hpp"

#include <array>

#include "autograd/launch.hpp"
#include "kernels/ops/random/philox.hpp"

namespace wengert {
namespace {

// The calling thread's random state; see kernels/ops/random/philox.hpp.
Tensor& generator() {
  thread_local Tensor state = Tensor::from<int>({0, 0, 0, 0}, {4});
  return state;
}

}  // namespace

void seed(std::uint64_t n) {
  const auto low = static_cast<std::int32_t>(n & 0xFFFFFFFF), high = static_cast<std::int32_t>(n >> 32);
  generator().assign(std::array<std::int32_t, 4>{low, high, 0, 0});
}

Tensor rand(const Shape& shape, double low, double high, DType dtype) {
  Tensor x = Tensor::empty(shape, dtype);
  dispatch_floating("rand", dtype, [&](auto zero) {
    launch<&kernels::random_uniform<decltype(zero)>>(x.numel(), low, high, generator(), x);
  });
  return x;
}

Tensor randn(const Shape& shape, double mean, double stddev, DType dtype) {
  Tensor x = Tensor::empty(shape, dtype);
  dispatch_floating("randn", dtype, [&](auto zero) {
    launch<&kernels::random_normal<decltype(zero)>>(x.numel(), mean, stddev, generator(), x);
  });
  return x;
}

}  // namespace wengert
