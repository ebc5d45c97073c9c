#include "autograd/ops/layout.hpp"

#include <array>

#include "autograd/launch.hpp"
#include "autograd/ops/record_op.hpp"
#include "kernels/ops/layout/layout.hpp"

namespace wengert {
namespace {

Shape reshaped(const Shape& x, std::initializer_list<std::int64_t> sizes) {
  std::vector<std::int64_t> filled(sizes);
  std::int64_t* open = nullptr;
  for (std::int64_t& size : filled) {
    if (size != -1) continue;
    if (open) fail("reshape: only one size can be -1");
    open = &size;
    size = 1;
  }
  if (open) {
    const std::int64_t known = Shape(filled, "reshape").numel();
    *open = known == 0 ? 0 : x.numel() / known;
  }
  const Shape result(filled, "reshape");
  if (result.numel() != x.numel())
    fail("reshape: ", x, " has ", x.numel(), " elements and ", result, " ", result.numel());
  return result;
}

// x as (a, m, b, n, c) around the axes `first` < `second`.
struct Swap {
  Swap(const Tensor& operand, int first, int second) {
    require_operands("transpose", operand);
    const Shape& x = operand.shape();
    first = x.axis("transpose", first);
    second = x.axis("transpose", second);
    if (first > second) std::swap(first, second);
    result = x.with(first, x[second]).with(second, x[first]);
    if (first == second) {
      forward = backward = {1, x.numel(), 1, 1, 1};
      return;
    }
    forward = {x.numel(0, first), x[first], x.numel(first + 1, second), x[second], x.numel(second + 1, x.rank())};
    backward = forward;
    std::swap(backward.m, backward.n);
  }
  Shape result;
  kernels::Transpose forward, backward;
};

kernels::Slice slice_of(const Shape& x, int axis, std::int64_t begin, std::int64_t count) {
  return {x.numel(0, axis), x[axis], x.numel(axis + 1, x.rank()), begin, count};
}

int checked_slice(const Tensor& operand, int axis, std::int64_t begin, std::int64_t end) {
  require_operands("slice", operand);
  const Shape& x = operand.shape();
  axis = x.axis("slice", axis);
  if (begin < 0 || begin > end || end > x[axis]) {
    fail("slice: [", begin, ", ", end, ") is not within axis ", axis, " of shape ", x);
  }
  return axis;
}

int checked_select(const Tensor& operand, int axis, std::int64_t index) {
  require_operands("select", operand);
  const Shape& x = operand.shape();
  axis = x.axis("select", axis);
  if (index < 0 || index >= x[axis]) fail("select: index ", index, " is not within axis ", axis, " of shape ", x);
  return axis;
}

Tensor sliced(const Tensor& x, const kernels::Slice& s, const Shape& shape) {
  Tensor y = Tensor::empty(shape, x.dtype(), x.device());
  dispatch(x.dtype(), [&](auto zero) { launch<&kernels::slice<decltype(zero)>>(s, x, y); });
  return y;
}

template <class Op>
Var sliced(const Operand& x, const kernels::Slice& s, const Shape& shape) {
  const auto rule = [s](const Tensor& dy, const Sinks& dx) {
    dispatch_floating("slice", dy.dtype(),
                      [&](auto zero) { launch<&kernels::slice_backward<decltype(zero)>>(s, dy, dx[0]); });
  };
  return record<Op>(sliced(x.value, s, shape), rule, x);
}

// The result's shape and each part's place in it; `shape_at` and `dtype_at` give part i's.
template <class Parts, class Value>
std::vector<kernels::Slice> places(const Parts& parts, int& axis, Shape& result, const Value& value) {
  if (parts.empty()) fail("cat: takes at least one part");
  require_all_defined("cat", "part", parts);
  const Tensor& head = value(parts[0]);
  result = head.shape();
  axis = result.axis("cat", axis);
  std::int64_t total = 0;
  for (const auto& part : parts) {
    const Tensor& x = value(part);
    if (x.shape().rank() != result.rank() || x.shape().with(axis, 0) != head.shape().with(axis, 0)) {
      fail("cat: shapes ", head.shape(), " and ", x.shape(), " differ in an axis other than ", axis);
    }
    if (x.dtype() != head.dtype()) fail("cat: dtypes differ: ", head.dtype(), " and ", x.dtype());
    total += x.shape()[axis];
    result = result.with(axis, total, "cat");
  }
  std::vector<kernels::Slice> slices;
  std::int64_t begin = 0;
  for (const auto& part : parts) {
    slices.push_back(slice_of(result, axis, begin, value(part).shape()[axis]));
    begin += slices.back().count;
  }
  return slices;
}

void place(const Tensor& part, const kernels::Slice& s, const Tensor& y) {
  dispatch(y.dtype(), [&](auto zero) { launch<&kernels::slice_into<decltype(zero)>>(s, part, y); });
}

}  // namespace

Tensor reshape(const Tensor& x, std::initializer_list<std::int64_t> sizes) {
  require_operands("reshape", x);
  return x.viewed_as(reshaped(x.shape(), sizes));
}

Var reshape(Operand x, std::initializer_list<std::int64_t> sizes) {
  const auto rule = [](const Tensor& dy, const Sinks& dx) {
    dispatch_floating("reshape", dy.dtype(),
                      [&](auto zero) { launch<&kernels::copy<decltype(zero)>>(dy.numel(), dy, dx[0]); });
  };
  return record<kernels::Reshape>(reshape(x.value, sizes), rule, x);
}

Tensor transpose(const Tensor& x, int first, int second) {
  const Swap swap(x, first, second);
  Tensor y = Tensor::empty(swap.result, x.dtype(), x.device());
  dispatch(x.dtype(), [&](auto zero) { launch<&kernels::transpose<decltype(zero)>>(swap.forward, x, y); });
  return y;
}

Var transpose(Operand x, int first, int second) {
  const auto rule = [back = Swap(x.value, first, second).backward](const Tensor& dy, const Sinks& dx) {
    dispatch_floating("transpose", dy.dtype(),
                      [&](auto zero) { launch<&kernels::transpose<decltype(zero)>>(back, dy, dx[0]); });
  };
  return record<kernels::Transpose>(transpose(x.value, first, second), rule, x);
}

Tensor slice(const Tensor& x, int axis, std::int64_t begin, std::int64_t end) {
  axis = checked_slice(x, axis, begin, end);
  return sliced(x, slice_of(x.shape(), axis, begin, end - begin), x.shape().with(axis, end - begin));
}
Var slice(Operand x, int axis, std::int64_t begin, std::int64_t end) {
  axis = checked_slice(x.value, axis, begin, end);
  const Shape& shape = x.value.shape();
  return sliced<kernels::Slice>(x, slice_of(shape, axis, begin, end - begin), shape.with(axis, end - begin));
}

Tensor select(const Tensor& x, int axis, std::int64_t index) {
  axis = checked_select(x, axis, index);
  return sliced(x, slice_of(x.shape(), axis, index, 1), x.shape().without(axis));
}
Var select(Operand x, int axis, std::int64_t index) {
  axis = checked_select(x.value, axis, index);
  const Shape& shape = x.value.shape();
  return sliced<kernels::Select>(x, slice_of(shape, axis, index, 1), shape.without(axis));
}

Tensor cat(std::span<const Tensor> parts, int axis) {
  Shape shape;
  const auto slices = places(parts, axis, shape, [](const Tensor& part) -> const Tensor& { return part; });
  Tensor y = Tensor::empty(shape, parts[0].dtype(), parts[0].device());
  for (std::size_t i = 0; i < parts.size(); ++i) place(parts[i], slices[i], y);
  return y;
}

Var cat(std::span<const Var> parts, int axis, const char* file, int line) {
  std::vector<Operand> operands;
  for (const Var& part : parts) operands.emplace_back(part, file, line);
  Shape shape;
  auto slices = places(operands, axis, shape, [](const Operand& part) -> const Tensor& { return part.value; });
  Tensor y = Tensor::empty(shape, operands[0].value.dtype(), operands[0].value.device());
  for (std::size_t i = 0; i < operands.size(); ++i) place(operands[i].value, slices[i], y);
  const auto rule = [slices = std::move(slices)](const Tensor& dy, const Sinks& dx) {
    dispatch_floating("cat", dy.dtype(), [&](auto zero) {
      for (std::size_t i = 0; i < slices.size(); ++i) launch<&kernels::slice<decltype(zero)>>(slices[i], dy, dx[i]);
    });
  };
  return record_many<kernels::Cat>(y, rule, operands);
}

}  // namespace wengert
