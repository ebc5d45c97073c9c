// Every op of two operands in kernels/ops/elementwise/table.hpp, in every way that two shapes can meet.
#include "autograd/ops/binary.hpp"

#include "kernels/ops/elementwise/elementwise.hpp"
#include "tests/support/elementwise_case.hpp"

namespace wengert::testing {
namespace {

using namespace kernels;

using Moves = std::array<bool, Broadcast::max_rank>;

/// Where element i of the result finds its operand.
std::int64_t place_of(const Broadcast& loop, const Moves& moves, std::int64_t i) {
  std::int64_t place = 0, stride = 1;
  for (auto axis = static_cast<std::size_t>(loop.rank); axis-- > 0; i /= loop.size[axis]) {
    if (!moves[axis]) continue;
    place += i % loop.size[axis] * stride;
    stride *= loop.size[axis];
  }
  return place;
}

InputRange operand_of(const Broadcast& loop, const Moves& moves) {
  InputRange operand{.numel = 1, .low = 0.5, .high = 2, .both_signs = true, .broadcast = loop.numel()};
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(loop.rank); ++axis) {
    if (moves[axis]) operand.numel *= loop.size[axis];
  }
  operand.place = [=](std::int64_t i) { return place_of(loop, moves, i); };
  return operand;
}

// Functions by address: of a lambda's own type everything below would be compiled anew for each shape.
using Formula = double (*)(double, double);
using LoopOf = Broadcast (*)(std::int64_t);

template <class Op>
void add_binary(const std::string& name, Formula formula, LoopOf loop_of) {
  add_case(name, [=](std::int64_t size, auto type) {
    using T = decltype(type);
    const Broadcast loop = loop_of(size);
    const std::int64_t n = loop.numel();
    const InputRange a = operand_of(loop, loop.a_moves), b = operand_of(loop, loop.b_moves);
    return Problem<T>{
        .inputs = {a, b},
        .results = {n},
        .forward = [=](Stream& stream,
                       const Buffers<T>& at) { run<&binary<Op, T>>(stream, nullptr, loop, at.x[0], at.x[1], at.y[0]); },
        .backward =
            [=](Stream& stream, const Buffers<T>& at) {
              const T* const saved_a = Op::saves ? at.x[0] : nullptr;
              const T* const saved_b = Op::saves ? at.x[1] : nullptr;
              run<&binary_backward<Op, T>>(stream, nullptr, loop, saved_a, saved_b, at.dy, at.dx[0], at.dx[1]);
            },
        .reference =
            [=](const Values& in) {
              Values y(1);
              for (std::int64_t i = 0; i < n; ++i) {
                y[0].push_back(
                    formula(in[0][static_cast<std::size_t>(a.place(i))], in[1][static_cast<std::size_t>(b.place(i))]));
              }
              return y;
            },
        .forward_elements = a.numel + b.numel + n,
        .backward_elements = Op::saves ? a.numel + b.numel + 3 * n : 3 * n};
  });
}

template <class Op, class F>
void add_all_shapes(const std::string& name, F f, Formula formula) {
  const InputRange range{.low = 0.5, .high = 2, .both_signs = true};
  add_elementwise<Op>(name, range, range, f);
  constexpr bool o = true, i = false;  // along this axis the operand moves, or is repeated
  using Loop = Broadcast;
  add_binary<Op>(name, formula, [](std::int64_t n) { return Loop{1, {o}, {o}, {n}}; });
  add_binary<Op>(name + " scalar", formula, [](std::int64_t n) { return Loop{1, {o}, {i}, {n}}; });
  add_binary<Op>("scalar " + name, formula, [](std::int64_t n) { return Loop{1, {i}, {o}, {n}}; });
  add_binary<Op>("two scalars " + name, formula, [](std::int64_t) { return Loop{}; });
  add_binary<Op>(name + " row", formula, [](std::int64_t n) { return Loop{2, {o, o}, {i, o}, {5, n}}; });
  add_binary<Op>("row " + name, formula, [](std::int64_t n) { return Loop{2, {i, o}, {o, o}, {5, n}}; });
  add_binary<Op>(name + " column", formula, [](std::int64_t n) { return Loop{2, {o, o}, {o, i}, {n, 3}}; });
  add_binary<Op>("column " + name + " row", formula, [](std::int64_t n) { return Loop{2, {o, i}, {i, o}, {3, n}}; });
  add_binary<Op>("row " + name + " column", formula, [](std::int64_t n) { return Loop{2, {i, o}, {o, i}, {n, 3}}; });
  add_binary<Op>(name + " middle", formula, [](std::int64_t n) { return Loop{3, {o, o, o}, {i, o, i}, {2, n, 3}}; });
  add_binary<Op>("crossed " + name, formula, [](std::int64_t n) {
    return Loop{4, {o, o, i, o}, {o, i, o, i}, {3, n, 2, 5}};
  });
}

const Register table([] {
  add_all_shapes<Add>(
      "add", [](auto a, auto b) { return a + b; }, [](double a, double b) { return a + b; });
  add_all_shapes<Subtract>(
      "sub", [](auto a, auto b) { return a - b; }, [](double a, double b) { return a - b; });
  add_all_shapes<Multiply>(
      "mul", [](auto a, auto b) { return a * b; }, [](double a, double b) { return a * b; });
  add_all_shapes<Divide>(
      "div", [](auto a, auto b) { return a / b; }, [](double a, double b) { return a / b; });
});

}  // namespace
}  // namespace wengert::testing
