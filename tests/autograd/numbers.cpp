// Numbers that come in, go out or change their type: what fits is kept, and what does not is an error.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <sstream>

#include "autograd/backward.hpp"
#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/show/print_tape.hpp"
#include "autograd/inspect/show/tape_json.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/unary.hpp"
#include "tests/support/error_text.hpp"

using namespace wengert;
using testing::error_of;
using testing::fails_with;

namespace {

constexpr double a_nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
constexpr auto least = std::numeric_limits<std::int32_t>::min(), greatest = std::numeric_limits<std::int32_t>::max();

template <class X>
std::string printed(const X& x) {
  std::ostringstream out;
  out << x;
  return out.str();
}

}  // namespace

TEST_CASE("what no int32 is becomes none: from, assign, full, and a number beside an int32 tensor") {
  const Tensor x = Tensor::from({1, 2}, {2});
  for (const double value :
       {3e9, -3e9, 1e20, 2147483648., -2147483649., 0.5, -1.7, a_nan, -a_nan, infinity, -infinity}) {
    const std::string text = shortest(value);
    CAPTURE(text);
    CHECK(fails_with([=] { Tensor::from({value}, {1}, DType::i32); }, "from", text, "int32", "DType::f32"));
    CHECK(fails_with([=] { Tensor::from(std::vector{value}, {1}, DType::i32); }, "from", text, "int32"));
    CHECK(fails_with([=] { Tensor::from<std::int32_t>(std::vector{value}, {1}); }, "from", text, "int32"));
    CHECK(fails_with([=] { Tensor::full({2}, value, DType::i32); }, "full", text, "int32"));
    CHECK(fails_with([&] { x.assign({1., value}); }, "assign", text, "int32"));
    CHECK(fails_with([&] { x.assign(std::array{1., value}); }, "assign", text, "int32"));
    CHECK(fails_with([&] { x + value; }, "add", text, "int32"));
    CHECK(fails_with([&] { value + Var(x); }, "add", text, "int32"));
    CHECK(fails_with([&] { x - value; }, "sub", text, "int32"));
    CHECK(fails_with([&] { value - x; }, "sub", text, "int32"));
    CHECK(fails_with([&] { x* value; }, "mul", text, "int32"));
    CHECK(fails_with([&] { Var(x) * value; }, "mul", text, "int32"));
  }
  CHECK(fails_with([] { Tensor::from(std::vector<std::int64_t>{3000000000}, {1}); }, "from", "3000000000", "int32"));
  CHECK(fails_with([] { Tensor::from(std::vector<std::uint32_t>{4000000000}, {1}); }, "from", "4000000000", "int32"));
  CHECK(fails_with([] { Tensor::from(std::vector{std::uint64_t(-1)}, {1}); }, "from", "18446744073709551615"));
  CHECK(fails_with([] { Tensor::from({std::int64_t{-3000000000}}, {1}); }, "from", "-3000000000"));
  CHECK(x.to_vector<int>() == std::vector{1, 2});  // what failed wrote nothing
}

TEST_CASE("what an int32 is stays what it is, at both ends") {
  const std::vector ends{least, greatest};
  CHECK(Tensor::from({double(least), double(greatest)}, {2}, DType::i32).to_vector<int>() == ends);
  CHECK(Tensor::from(std::vector<std::int64_t>{least, greatest}, {2}).to_vector<int>() == ends);
  CHECK(Tensor::full({1}, least, DType::i32).item<int>() == least);
  const Tensor x = Tensor::from({1, 2}, {2});
  x.assign({least, greatest});
  CHECK(x.to_vector<int>() == ends);
  CHECK((Tensor::from({0}, {1}) + double(least)).item<int>() == least);
  CHECK((Tensor::from({-1}, {1}) - double(least)).item<int>() == greatest);
  CHECK((Var(Tensor::from({0}, {1})) - double(least)).item<int>() == least);  // wraps around
  CHECK((Tensor::from({5}, {1}) - 7).item<int>() == -2);
  CHECK(Tensor::from(std::vector<std::uint8_t>{255}, {1}).item<int>() == 255);
}

TEST_CASE("numbers are read as integers only where they are such") {
  const auto of = [](double value) { return Tensor::from({value}, {1}); };
  CHECK(of(7).item<int>() == 7);
  CHECK(fails_with([&] { (void)of(1.5).item<int>(); }, "item", "1.5", "int32"));
  CHECK(fails_with([&] { (void)of(1e20).item<int>(); }, "item", "1e+20", "int32"));
  CHECK(fails_with([&] { (void)of(a_nan).item<std::int64_t>(); }, "item", "nan", "int64"));
  CHECK(fails_with([&] { (void)of(9.3e18).to_vector<std::int64_t>(); }, "to_vector", "int64"));
  CHECK(fails_with([&] { (void)Tensor::from({300}, {1}).item<std::uint8_t>(); }, "item", "300"));
  CHECK(fails_with([&] { (void)Tensor::from({-1}, {1}).item<std::uint64_t>(); }, "item", "-1"));
  CHECK(of(-9223372036854775808.).item<std::int64_t>() == std::numeric_limits<std::int64_t>::min());
  CHECK(std::isnan(of(a_nan).item()));
  CHECK(of(2).item<bool>());
}

TEST_CASE("tensors are made of vectors, arrays and spans, const or not") {
  std::vector<float> values{1, 2, 3};
  const std::vector<float> constant = values;
  const std::array<double, 3> fixed{1, 2, 3};
  float plain[] = {1, 2, 3};  // NOLINT(modernize-avoid-c-arrays)
  const Tensor x = Tensor::zeros({3});
  const auto holds = [&](const Tensor& y) { return y.dtype() == DType::f32 && y.to_vector() == constant; };
  CHECK(holds(Tensor::from(std::span<float>(values), {3})));
  CHECK(holds(Tensor::from(std::span<const float>(values), {3})));
  CHECK(holds(Tensor::from(std::span<float, 3>(plain), {3})));
  CHECK(holds(Tensor::from(std::span(constant), {3})));
  CHECK(holds(Tensor::from(values, {3})));
  CHECK(holds(Tensor::from(fixed, {3})));
  CHECK(holds(Tensor::from(plain, {3})));
  CHECK(holds(Tensor::from<float>(std::vector{1, 2, 3}, {3})));
  CHECK(Tensor::from(std::span<float>(values), {3}, DType::f64).dtype() == DType::f64);
  CHECK(Tensor::from<int>(values, {3}).dtype() == DType::i32);
  CHECK(Tensor::from<int>(values, {3}, DType::f64).dtype() == DType::f64);
  const auto assigned = [&](const auto& list) {
    x.assign({0, 0, 0});
    x.assign(list);
    return holds(x);
  };
  CHECK(assigned(std::span<float>(values)));
  CHECK(assigned(std::span<const float>(values)));
  CHECK(assigned(constant));
  CHECK(assigned(fixed));
  CHECK(assigned(plain));
  CHECK(fails_with([&] { x.assign(std::span<float>(values).first(2)); }, "assign", "(3,)", "got 2"));
}

TEST_CASE("NaN is written nan, whatever its sign") {
  const float minus = -std::numeric_limits<float>::quiet_NaN();
  REQUIRE(std::signbit(minus));
  CHECK(printed(Tensor::from({minus, 1.F}, {2})) == "[nan, 1]");
  CHECK(printed(Tensor::from({-a_nan}, {1}, DType::f64)) == "[nan]");
  CHECK(printed(Var(Tensor::full({}, minus))) == "nan");
  CHECK(shortest(minus) == "nan");
  CHECK(four_digits(-a_nan) == "nan");
  CHECK(error_of([] { fail("got ", -a_nan, " and ", -infinity, " and ", 1.5F); }) == "got nan and -inf and 1.5");
  const Inspect inspect;
  const Var loss = Var::parameter(Tensor::full({}, minus)) * 2.0;
  backward(loss);
  std::ostringstream tape;
  print_tape(tape, loss);
  print_tape(tape, loss, {.full = true});
  CHECK((tape.str() + tape_json(loss) + tape_dot(loss)).find("-nan") == std::string::npos);
  CHECK(tape.str().find("nan") != std::string::npos);
}

TEST_CASE("an error of a conversion names the type that was asked for") {
  CHECK(error_of([] { (void)Tensor::from({-1}, {1}).item<unsigned>(); }).find("-1 is no uint32") != std::string::npos);
}

TEST_CASE("a view has as many elements as what it views") {
  CHECK(testing::fails_with([] { (void)Tensor::from({1.F, 2.F}, {2}).viewed_as({3}); }, "view", "(3,)", "(2,)"));
  CHECK(testing::fails_with([] { (void)Tensor().viewed_as({0}); }, "undefined"));
}
