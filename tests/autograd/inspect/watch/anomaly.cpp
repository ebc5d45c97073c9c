// Anomaly mode: the first value or gradient that is not finite is an error, and its text says why.
#include "autograd/inspect/watch/anomaly.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <limits>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "tests/support/error_text.hpp"

using namespace wengert;
using testing::error_of;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Var parameter(const char* name, std::initializer_list<double> values) {
  const Tensor start = Tensor::from(std::vector<double>(values), {static_cast<std::int64_t>(values.size())});
  return named(name, Var::parameter(start));
}

// What anomaly mode says of a loss and its backward, from behind the first line number on.
std::string words(const std::function<Var()>& loss) {
  const std::string text = error_of([&] {
    const Anomaly anomaly;
    backward(loss());
  });
  const std::size_t place = text.find("(anomaly.cpp:");
  return place == std::string::npos ? text : text.substr(text.find(')', place) + 2);
}

bool has(const std::string& text, const char* part) {
  CAPTURE(text);
  CAPTURE(std::string(part));
  const bool found = text.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

}  // namespace

TEST_CASE("anomaly mode: finite values and gradients pass, to the same bits") {
  const Var x = parameter("x", {1, 2});
  CHECK(words([&] { return sum(log(x)); }) == "no error");
  CHECK(x.grad()->to_vector() == std::vector<float>{1, 0.5});
  CHECK(Observer::first() == nullptr);
}

TEST_CASE("anomaly mode: values") {
  const Var x = parameter("x", {1, 0}), minus = parameter("m", {2, -1}), large = parameter("l", {1, 100});
  has(words([&] { return sum(log(x)); }), "gives -inf[1]: log(x) with x[1] = 0: the logarithm of 0. Keep");
  has(words([&] { return sum(log(minus)); }),
      "gives nan[1]: log(m) with m[1] = -1: the logarithm of a negative number");
  has(words([&] { return sum(sqrt(minus)); }), "gives nan[1]: sqrt(m) with m[1] = -1: the root of a negative number");
  has(words([&] { return sum(1 / x); }), "gives inf[1]: 1 / x with x[1] = 0: a division by 0. Add a small number");
  has(words([&] { return sum(x / x); }), "gives nan[1]: x / x with x[1] = 0 and x[1] = 0: 0 / 0");
  has(words([&] { return sum(x / 0); }), "gives inf[0]: x / 0 with x[0] = 1: a division by 0");
  has(words([&] { return sum(exp(large)); }), "gives inf[1]: exp(l) with l[1] = 100: overflow");
  has(words([&] { return sum(pow(x, -2)); }), "gives inf[1]: x^-2 with x[1] = 0: 0 to a negative power");
  has(words([&] { return sum(pow(minus, 0.5)); }), "gives nan[1]: m^0.5 with m[1] = -1: a negative number to a power");
  has(words([&] { return sum(large * 1e37); }), "gives inf[1]: l * 1e+37 with l[1] = 100: too large for float32");
  has(words([&] { return sum(square(large * 1e30)); }), "gives inf[0]: square(mul) with mul[0] = 1e+30 (anomaly.cpp:");
}

TEST_CASE("anomaly mode: 1 / S of two equal models says that they are equal") {
  const Var a = parameter("A.w", {1, 2}), b = parameter("B.w", {1, 2});
  const std::string text = words([&] {
    const Var difference = a - b;
    const Var distance = named("S", sum(abs(difference)));
    return 1 / distance;
  });
  has(text, "gives inf: 1 / S with S = 0 (sum, anomaly.cpp:");
  has(text, "a division by 0. It is 0 because A.w and B.w are equal in sub (anomaly.cpp:");
}

TEST_CASE("anomaly mode: what is not elementwise") {
  const Var x = parameter("x", {3e38, 3e38});
  has(words([&] { return sum(x); }), "gives inf: sum(x): too large for float32, which ends at 3.4e38");
  const Tensor rows = Tensor::from({1., -1.}, {1, 2}), column = Tensor::from({2., 2.}, {2, 1});
  const Var large = Var::parameter(Tensor::full({2, 1}, 3e38));
  has(words([&] { return sum(matmul(rows * column, large)); }), "matmul(a constant, a parameter): ");
}

TEST_CASE("anomaly mode: a value that comes in from outside is blamed where it comes in") {
  const Var x = parameter("x", {1, 2}), broken = parameter("w", {1, infinity});
  const Tensor bad = named("bad", Tensor::from({1., std::numeric_limits<double>::quiet_NaN()}, {2}));
  has(words([&] { return sum(x * bad); }), "is given nan in bad[1], which was made outside this scope");
  has(words([&] { return sum(x * broken); }), "is given inf in w[1], a parameter: an earlier step");
  const Var before = log(x - 1);
  has(words([&] { return sum(before * x); }), "is given -inf in log[0]");
}

TEST_CASE("anomaly mode: gradients") {
  const Var x = parameter("x", {1, 0}), small = parameter("s", {1e-25});
  const auto gradient_of = [&](const std::function<Var()>& loss) {
    x.zero_grad();
    return words(loss);
  };
  has(gradient_of([&] { return sum(sqrt(x)); }),
      "for x[1] is inf: upstream 1 times the slope 1 / (2 sqrt(x)) = inf with x[1] = 0. Add a small number under");
  has(gradient_of([&] {
        return sum(sqrt(x) * Tensor::from({1., 0.}, {2}));
      }),
      "for x[1] is nan: upstream 0 times the slope 1 / (2 sqrt(x)) = inf with x[1] = 0, and 0 * inf is nan");
  has(gradient_of([&] { return sum(pow(x, 0.5)); }), "times the slope n x^(n - 1) = inf with x[1] = 0");
  has(gradient_of([&] { return sum(1 / small); }),
      "for s is -inf: upstream 1 times the slope -a / b^2 = -1e+50 with s = 1e-25");
  has(gradient_of([&] { return sum(x * 1e-30 * 1e30) * 1e30 * 1e-30 + 0 * sum(abs(x)); }), "no error");
}

TEST_CASE("anomaly mode: of a broadcast operand, the element whose share is at fault") {
  const Var root = parameter("root", {0});
  has(words([&] { return sum(sqrt(root * Tensor::ones({3, 1}))); }), "for mul[0, 0] is inf: upstream 1 times");
  const Var divisor = parameter("d", {1e-25});
  const Tensor dividends = Tensor::from({0., 1., 1.}, {3});
  has(words([&] { return sum(dividends / divisor); }), "a constant[1] = 1 and d = 1e-25");
}

TEST_CASE("anomaly mode: a gradient that was there before") {
  const Var x = parameter("x", {0});
  backward(sum(sqrt(x)));
  has(words([&] { return sum(square(x)); }), "'x' held a gradient that is not finite before this backward");
  x.zero_grad();
  CHECK(words([&] { return sum(square(x)); }) == "no error");
  has(error_of([&] {
        const Anomaly anomaly;
        backward(square(x), Tensor::from({infinity}, {1}));
      }),
      "the upstream gradient that backward is given is not finite");
}

TEST_CASE("anomaly mode: what is not recorded is looked at too") {
  const Var x = parameter("x", {0});
  has(words([&] {
        const NoGrad no_grad;
        return log(x);
      }),
      "gives -inf: log(x) with x = 0");
}

TEST_CASE("anomaly mode: not inside a capture, and never outside its scope") {
  const Var x = parameter("x", {0});
  has(error_of([&] {
        const Anomaly anomaly;
        capture([&] { backward(sum(log(x))); });
      }),
      "anomaly mode: not inside a capture");
  x.zero_grad();
  CHECK(error_of([&] { backward(sum(log(x))); }) == "no error");
}
