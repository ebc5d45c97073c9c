// Shapes whose sizes, or their product, are nothing that memory could hold are errors, however they arise.
#include <doctest/doctest.h>

#include "autograd/ops/binary.hpp"
#include "autograd/ops/layout.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "tests/support/devices.hpp"
#include "tests/support/error_text.hpp"

using namespace wengert;
using testing::fails_with;

namespace {

constexpr std::int64_t large = std::int64_t{1} << 32, larger = std::int64_t{1} << 40;

/// Of a shape that nothing could fill: ops that look at its numbers must not be reached.
Tensor pretended(const Shape& shape, DType dtype = DType::f32, Device device = {}) {
  return {Storage::make(1, dtype, device), shape};
}

}  // namespace

TEST_CASE("a shape with a product beyond 64 bits, or a negative size, is an error that shows it") {
  CHECK(fails_with([] { Tensor::zeros({large, large}); }, "(4294967296, 4294967296)", "memory"));
  CHECK(fails_with([] { Tensor::ones({std::int64_t{1} << 62}); }, "(4611686018427387904,)", "memory"));
  CHECK(fails_with([] { Tensor::full({3, large, large, 5}, 1); }, "(3, 4294967296, 4294967296, 5)"));
  CHECK(fails_with([] { Tensor::empty({large, large, 0}); }, "(4294967296, 4294967296, 0)"));
  CHECK(fails_with([] { rand({large, large}); }, "(4294967296, 4294967296)"));
  CHECK(fails_with([] { randn({-1, 3}); }, "negative", "(-1, 3)"));
  CHECK(fails_with([] { Tensor::from({1., 2.}, {-1, -2}); }, "negative", "(-1, -2)"));
  CHECK(fails_with([] { Tensor::from({1.}, {larger}); }, "from", "(1099511627776,)", "got 1"));
  CHECK(fails_with([] { Shape({2, 3}).with(0, std::numeric_limits<std::int64_t>::max()); }, "memory"));
  CHECK(Tensor::zeros({larger, 0}).numel() == 0);
  CHECK(Tensor::zeros({0, Shape::max_numel}).numel() == 0);
}

TEST_CASE("a tensor that no memory can hold is an error with its shape, on every device") {
  for (const std::int64_t size : {larger, Shape::max_numel}) {
    for (const DType dtype : {DType::f32, DType::f64, DType::i32}) {
      CHECK(fails_with([=] { Tensor::zeros({size}, dtype); }, "out of memory", "(" + std::to_string(size) + ",)"));
    }
    for (const Device device : testing::other_devices()) {
      CHECK(fails_with([=] { Tensor::zeros({size}, DType::f32, device); }, "out of", "memory", std::to_string(size)));
    }
  }
}

TEST_CASE("an op whose result would be too large names itself and the shape") {
  const Tensor row = pretended({1, larger}), column = pretended({larger, 1});
  CHECK(fails_with([&] { row + column; }, "add: the shape (1099511627776, 1099511627776)"));
  CHECK(fails_with([&] { Var::parameter(row) * column; }, "mul: the shape (1099511627776, 1099511627776)"));
  CHECK(fails_with([] { matmul(Tensor::zeros({larger, 0}), Tensor::zeros({0, larger})); }, "matmul", "1099511627776"));
  CHECK(fails_with(
      [] {
        linear(Tensor::zeros({larger, 0}), Tensor::zeros({larger, 0}), pretended({larger}));
      },
      "linear: the shape (1099511627776, 1099511627776)"));
  const Tensor wide = Tensor::zeros({Shape::max_numel / 2, 0});
  CHECK(fails_with([&] { cat({wide, wide, wide}); }, "cat: the shape"));
  CHECK(fails_with([&] { cat(std::vector<Tensor>(40, wide)); }, "cat: the shape"));
  CHECK(fails_with([&] { cat(std::vector<Var>(40, Var(wide))); }, "cat: the shape"));
}

TEST_CASE("reshape takes one -1, and no other negative size or product that overflows") {
  const Tensor x = Tensor::ones({2, 3});
  CHECK(fails_with([&] { reshape(x, {large, large, -1}); }, "reshape: the shape (4294967296, 4294967296, 1)"));
  CHECK(fails_with([&] { reshape(x, {large, large}); }, "reshape: the shape (4294967296, 4294967296)"));
  CHECK(fails_with([&] { reshape(x, {-2, -3}); }, "reshape", "negative"));
  CHECK(fails_with([&] { reshape(x, {-1, -6}); }, "reshape", "negative"));
  CHECK(fails_with([&] { reshape(x, {-1, -1}); }, "reshape", "one size"));
  CHECK(fails_with([&] { reshape(x, {-1, 0}); }, "reshape", "(0, 0)"));
  CHECK(fails_with([&] { reshape(x, {-1, 4}); }, "reshape", "(2, 3)"));
  CHECK(reshape(x, {-1, 2}).shape() == Shape{3, 2});
  CHECK(reshape(Tensor::zeros({0, 3}), {3, -1}).shape() == Shape{3, 0});
}

TEST_CASE("the place of a maximum beyond int32 is an error before anything is computed, on every device") {
  std::vector<Device> devices = testing::other_devices();
  devices.push_back(Device{});
  const std::int64_t beyond = (std::int64_t{1} << 31) + 64;
  for (const Device device : devices) {
    const Tensor x = pretended({beyond}, DType::f32, device), rows = pretended({2, beyond}, DType::f32, device);
    CHECK(fails_with([&] { argmax(x); }, "argmax", "(2147483712,)", "int32"));
    CHECK(fails_with([&] { argmax(Var(x)); }, "argmax", "int32"));
    CHECK(fails_with([&] { argmax(rows, 1); }, "argmax", "(2, 2147483712)", "int32"));
  }
}

TEST_CASE("a size is read within the rank") {
  const Shape scalar, matrix{2, 3};
  CHECK(matrix[-2] == 2);
  CHECK(matrix[1] == 3);
  CHECK(fails_with([&] { (void)scalar[0]; }, "axis 0", "()"));
  CHECK(fails_with([&] { (void)scalar[-1]; }, "axis -1", "()"));
  CHECK(fails_with([&] { (void)matrix[2]; }, "axis 2", "(2, 3)"));
  CHECK(fails_with([&] { (void)matrix[-3]; }, "axis -3", "(2, 3)"));
  CHECK(fails_with([&] { (void)Tensor::ones({}).shape()[7]; }, "axis 7", "()"));
  CHECK(fails_with([&] { (void)matrix.with(2, 1); }, "axis 2"));
  CHECK(fails_with([&] { (void)matrix.without(5); }, "axis 5"));
  CHECK(fails_with([&] { (void)matrix.numel(0, 3); }, "axis 2"));
}
