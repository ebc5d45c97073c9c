// What holds for every elementwise op, tried on all of the cases in tests/support/cases.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "autograd/backward.hpp"
#include "autograd/inspect/tape.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/unary.hpp"
#include "kernels/ops/described.hpp"
#include "tests/support/elementwise_case.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/gradient_cases.hpp"
#include "tests/support/trial.hpp"

namespace wengert::testing {
namespace {

Tensor drawn(InputRange range, const Shape& shape, std::uint64_t seed = 0, DType dtype = DType::f64) {
  range.numel = shape.numel();
  return Tensor::from(draw(range, seed), shape, dtype);
}

bool same(double got, double expected) { return got == expected || (std::isnan(got) && std::isnan(expected)); }

TEST_CASE("elementwise: every op of the table has a case") {
  for_each_type(kernels::UnaryOps{} + kernels::NumberOps{} + kernels::BinaryOps{}, []<class Op>(Types<Op>) {
    std::size_t here = 0, below = 0;
    for (const ElementwiseCase& one : elementwise_cases()) {
      if (one.op != typeid(Op)) continue;
      ++here;
      for (const OpCase& op : op_cases()) below += op.name == one.name ? 1 : 0;
    }
    CHECK_MESSAGE(here > 0, std::string(Op::name), ": no case in tests/support/cases is of ",
                  std::string(typeid(Op).name()));
    CHECK(below == here);
  });
}

TEST_CASE("elementwise: every op that is recorded has words, under a name of its own") {
  std::set<std::string> names;
  for_each_type(kernels::RecordedOps{}, [&]<class Op>(Types<Op>) {
    CAPTURE(std::string(Op::name));
    const kernels::Description* const op = kernels::description_of(Op::name);
    REQUIRE(op);
    CHECK_FALSE(std::string(op->words.forward).empty());
    CHECK_FALSE(std::string(op->local(2)).empty());
    if constexpr (requires { Op::words; }) CHECK(names.insert(Op::name).second);
  });
}

TEST_CASE("elementwise: gradients agree with finite differences") {
  for (const ElementwiseCase& one : elementwise_cases()) {
    if (one.operands.size() != 1) continue;
    check({{one.name.c_str(), one.of_vars, {drawn(one.operands[0], {3, 4})}}});
  }
}

TEST_CASE("elementwise: gradients with broadcasting on either side and on both, and beside constants") {
  for (const std::pair<Shape, Shape>& shapes : std::vector<std::pair<Shape, Shape>>{{{3, 4}, {3, 4}},
                                                                                    {{3, 4}, {4}},
                                                                                    {{3, 1}, {3, 4}},
                                                                                    {{}, {3, 4}},
                                                                                    {{3, 1}, {1, 4}},
                                                                                    {{2, 1, 4}, {3, 1}},
                                                                                    {{1}, {1}}}) {
    CAPTURE(shapes.first);
    CAPTURE(shapes.second);
    for (const ElementwiseCase& one : elementwise_cases()) {
      if (one.operands.size() != 2) continue;
      const Tensor a = drawn(one.operands[0], shapes.first), b = drawn(one.operands[1], shapes.second, 1);
      const auto beside_a = [&](const Vars& v) { return one.of_vars({a, v[0]}); };
      const auto beside_b = [&](const Vars& v) { return one.of_vars({v[0], b}); };
      check({{one.name.c_str(), one.of_vars, {a, b}},
             {one.name.c_str(), beside_a, {b}},
             {one.name.c_str(), beside_b, {a}}});
    }
  }
}

TEST_CASE("elementwise: kinks, poles, and where an op saturates") {
  for (const DType dtype : {DType::f32, DType::f64}) {
    for (const ElementwiseCase& one : elementwise_cases()) {
      for (const Point& point : one.points) {
        const Var x = Var::parameter(Tensor::full({1}, point.x, dtype));
        const Var y = one.of_vars({x});
        backward(y);
        const double value = y.item<double>(), slope = x.grad()->item<double>();
        const double expected =
            dtype == DType::f32 ? static_cast<double>(static_cast<float>(point.value)) : point.value;
        CHECK_MESSAGE(same(value, expected), one.name, " of ", point.x, " is ", value);
        CHECK_MESSAGE(same(slope, point.slope), one.name, " at ", point.x, " has the slope ", slope);
      }
    }
  }
}

TEST_CASE("elementwise: where a value or a slope is not finite, the op has words for it") {
  for (const ElementwiseCase& one : elementwise_cases()) {
    for (const Point& point : one.points) {
      if (!std::isfinite(point.x)) continue;
      CAPTURE(one.name);
      CAPTURE(point.x);
      const kernels::Description& op = *kernels::description_of(one.op_name);
      const kernels::Element element{point.x, std::numeric_limits<double>::quiet_NaN(), point.value};
      if (!std::isfinite(point.value)) CHECK(op.singular(element).cause);
      if (std::isfinite(point.value) && !std::isfinite(point.slope)) CHECK(op.words.steep[0].slope);
    }
  }
}

TEST_CASE("elementwise: powers of numbers that are not positive") {
  const auto check_power = [](double base, double exponent, double value, double slope) {
    const Var x = Var::parameter(Tensor::full({1}, base, DType::f64));
    const Var y = pow(x, exponent);
    backward(y);
    CHECK(y.item<double>() == value);
    CHECK(x.grad()->item<double>() == slope);
  };
  for (const double base : {0., -3., 2.}) {
    check_power(base, 0, 1, 0);
    check_power(base, 1, base, 1);
  }
  check_power(-2, 3, -8, 12);
}

TEST_CASE("elementwise: an undefined operand is named by op and place") {
  const Tensor defined = Tensor::ones({2, 2});
  for (const ElementwiseCase& one : elementwise_cases()) {
    for (std::size_t place = 0; place < one.operands.size(); ++place) {
      std::vector<Tensor> tensors(one.operands.size(), defined);
      tensors[place] = Tensor();
      std::vector<Var> vars(one.operands.size(), Var::parameter(defined));
      vars[place] = Var();
      const std::string words = std::string(one.op_name) + ": operand " + std::to_string(place + 1);
      CAPTURE(words);
      CHECK(error_of([&] { (void)one.of_tensors(tensors); }).find(words + " is an undefined tensor") == 0);
      CHECK(error_of([&] { (void)one.of_vars(vars); }).find(words + " is an undefined tensor") == 0);
    }
  }
}

TEST_CASE("elementwise: what is sent is upstream times local derivative") {
  const Inspect scope;
  for (const ElementwiseCase& one : elementwise_cases()) {
    CAPTURE(one.name);
    std::vector<Var> operands;
    for (const InputRange& range : one.operands) {
      operands.push_back(Var::parameter(drawn(range, {3}, operands.size(), DType::f32)));
    }
    const Var y = one.of_vars(operands);
    backward(y, Tensor::from({1.5f, -2.0f, 0.5f}, {3}), {.retain_graph = true});
    const Tape tape(y);
    const Tape::Row& row = tape.row(tape.number(*y.node()));
    CHECK(row.op() == std::string(one.op_name));
    CHECK(kernels::description_of(row.op())->elementwise());
    const std::vector<float> upstream = row.gradient()->to_vector();
    std::size_t shares = 0;
    for (const Tape::Input& input : tape.inputs(row)) {
      if (!input.share.defined()) continue;
      ++shares;
      const std::vector<float> share = input.share.to_vector(), local = input.local.to_vector();
      for (std::size_t i = 0; i < share.size(); ++i) CHECK(share[i] == doctest::Approx(upstream[i] * local[i]));
    }
    CHECK(shares == operands.size());
  }
}

TEST_CASE("elementwise: the description's slope is the kernel's") {
  for (const ElementwiseCase& one : elementwise_cases()) {
    CAPTURE(one.name);
    if (one.op_name != one.name) continue;  // beside a number, which the description takes as the second operand
    std::vector<Var> operands;
    for (const InputRange& range : one.operands) operands.push_back(Var::parameter(drawn(range, {1}, operands.size())));
    const Var y = one.of_vars(operands);
    backward(y);
    const double b = operands.size() == 2 ? operands[1].item<double>() : std::numeric_limits<double>::quiet_NaN();
    const kernels::Element element{operands[0].item<double>(), b, y.item<double>()};
    for (std::size_t k = 0; k < operands.size(); ++k) {
      CHECK(operands[k].grad()->item<double>() == kernels::description_of(one.op_name)->slope(k, element));
    }
  }
}

TEST_CASE("descriptions: what is not elementwise, and an op of one's own") {
  CHECK_FALSE(kernels::description_of("linear")->elementwise());
  const kernels::Description& inverse_l1 = *kernels::description_of("inverse_l1");
  CHECK(std::string(inverse_l1.local(0)).empty());
  CHECK(inverse_l1.local(5) == inverse_l1.local(1));
  CHECK_FALSE(kernels::description_of("an op of one's own"));
}

}  // namespace
}  // namespace wengert::testing
