// Where values are very large, not finite or missing. What elementwise ops give there: tests/autograd/elementwise.cpp.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "kernels/ops/cross_entropy/cross_entropy.hpp"
#include "kernels/ops/inverse_l1/inverse_l1.hpp"
#include "kernels/ops/pointwise_loss/pointwise_loss.hpp"
#include "kernels/ops/reduce/reduce.hpp"
#include "kernels/ops/softmax/softmax.hpp"
#include "tests/support/error_text.hpp"

namespace {

using namespace wengert::kernels;
using wengert::SinkMode;
using wengert::testing::error_of;

Stream stream{wengert::Device{}};
template <class T>
constexpr T inf = std::numeric_limits<T>::infinity();
template <class T>
constexpr T nan = std::numeric_limits<T>::quiet_NaN();

template <class T>
Sink<T> into(std::vector<T>& gradient) {
  return {gradient.data(), SinkMode::write};
}
template <class T>
bool all_nan(const std::vector<T>& x) {
  bool all = true;
  for (const T value : x) all &= std::isnan(value);
  return all;
}

/// A loss and its slope at one element.
template <class Loss, class T>
struct Point {
  T loss = 99;
  std::vector<T> slope{T(99)};
  Point(T x, T target) {
    const T one = 1;
    pointwise_loss<Loss>(stream, 1, &x, &target, &loss);
    pointwise_loss_backward<Loss>(stream, 1, &x, &target, &one, into(slope));
  }
};

TEST_CASE_TEMPLATE("extremes: bce is clamped at x = 0 and 1, NaN outside", T, float, double) {
  using Bce = Point<BinaryCrossEntropy, T>;
  CHECK(Bce(0, 1).loss == 100);
  CHECK(Bce(1, 0).loss == 100);
  CHECK(Bce(0, 0).loss == 0);
  CHECK(Bce(1, 1).loss == 0);
  CHECK(Bce(0, 1).slope[0] == doctest::Approx(-1e12));
  CHECK(Bce(1, 0).slope[0] == doctest::Approx(1e12));
  CHECK(Bce(1, 1).slope[0] == 0);
  CHECK(std::isnan(Bce(T(1.5), T(0.5)).loss));
  CHECK(std::isnan(Bce(T(-0.5), T(0.5)).loss));
}

TEST_CASE_TEMPLATE("extremes: bce_with_logits of huge logits is linear", T, float, double) {
  using Loss = Point<BinaryCrossEntropyWithLogits, T>;
  const T huge = T(1e30);
  CHECK(Loss(huge, 1).loss == 0);
  CHECK(Loss(huge, 0).loss == huge);
  CHECK(Loss(-huge, 1).loss == huge);
  CHECK(Loss(-huge, 0).loss == 0);
  CHECK(Loss(huge, 1).slope[0] == 0);
  CHECK(Loss(huge, 0).slope[0] == 1);
  CHECK(Loss(-huge, 1).slope[0] == -1);
  CHECK(Loss(-huge, 0).slope[0] == 0);
}

TEST_CASE_TEMPLATE("extremes: losses over nothing are NaN", T, float, double) {
  T loss = 0;
  const T* const none = nullptr;
  pointwise_loss<SquaredError>(stream, 0, none, none, &loss);
  CHECK(std::isnan(loss));
  loss = 0;
  cross_entropy<T>(stream, Rows{0, 10}, none, nullptr, &loss, nullptr);
  CHECK(std::isnan(loss));
  loss = 0;
  soft_cross_entropy<T>(stream, Rows{0, 10}, none, none, &loss, nullptr);
  CHECK(std::isnan(loss));
}

template <class T>
std::vector<T> row_through(void (*kernel)(Stream&, std::int64_t, std::int64_t, const T*, T*), const std::vector<T>& x) {
  std::vector<T> y(x.size());
  kernel(stream, 1, static_cast<std::int64_t>(x.size()), x.data(), y.data());
  return y;
}

TEST_CASE_TEMPLATE("extremes: softmax of huge and infinite logits", T, float, double) {
  const T huge = T(1e30);
  CHECK(row_through<T>(&softmax<T>, {huge, -huge, huge}) == std::vector<T>{T(0.5), 0, T(0.5)});
  CHECK(row_through<T>(&softmax<T>, {0, -inf<T>}) == std::vector<T>{1, 0});
  CHECK(all_nan(row_through<T>(&softmax<T>, {0, inf<T>})));
  CHECK(all_nan(row_through<T>(&softmax<T>, {0, nan<T>, 1})));
  CHECK(all_nan(row_through<T>(&softmax<T>, {-inf<T>, -inf<T>})));
}

TEST_CASE_TEMPLATE("extremes: log_softmax of huge and infinite logits", T, float, double) {
  const T huge = T(1e30);
  CHECK(row_through<T>(&log_softmax<T>, {huge, -huge}) == std::vector<T>{0, -2 * huge});
  CHECK(row_through<T>(&log_softmax<T>, {0, -inf<T>}) == std::vector<T>{0, -inf<T>});
  CHECK(all_nan(row_through<T>(&log_softmax<T>, {0, inf<T>})));
  CHECK(all_nan(row_through<T>(&log_softmax<T>, {0, nan<T>, 1})));
  CHECK(all_nan(row_through<T>(&log_softmax<T>, {-inf<T>, -inf<T>})));
}

TEST_CASE_TEMPLATE("extremes: cross_entropy of huge logits, and of no probability beside -inf", T, float, double) {
  const T huge = T(1e30);
  const std::vector<T> x{huge, -huge, -huge, huge};
  const std::vector<std::int32_t> labels{0, 0};
  std::vector<T> dx(4);
  T loss = 99;
  cross_entropy(stream, Rows{2, 2}, x.data(), labels.data(), &loss, dx.data());
  CHECK(loss == huge);
  CHECK(dx == std::vector<T>{0, 0, T(-0.5), T(0.5)});

  const std::vector<T> masked{0, -inf<T>}, p{1, 0};
  soft_cross_entropy(stream, Rows{1, 2}, masked.data(), p.data(), &loss, dx.data());
  CHECK(loss == 0);
  CHECK(dx[0] == 0);
  CHECK(dx[1] == 0);
}

TEST_CASE_TEMPLATE("extremes: a label out of range is named, with its row", T, float, double) {
  const std::vector<T> x(50);
  T loss = 0;
  const auto error = [&](std::int32_t label) {
    const std::vector<std::int32_t> labels{0, 9, 0, label, 0};
    return error_of([&] {
      cross_entropy(stream, Rows{5, 10}, x.data(), labels.data(), &loss, static_cast<T*>(nullptr));
    });
  };
  CHECK(error(12) == "cross_entropy: label 12 of row 3 is out of range: there are 10 classes");
  CHECK(error(10) == "cross_entropy: label 10 of row 3 is out of range: there are 10 classes");
  CHECK(error(-1) == "cross_entropy: label -1 of row 3 is out of range: there are 10 classes");
  CHECK(error(9) == "no error");
}

TEST_CASE_TEMPLATE("extremes: inverse_l1 of equal segments is infinite, unless eps is added", T, float, double) {
  const std::vector<T> a{1, 2, 3}, b{1, 2, 4};
  const std::vector<std::int32_t> offsets{0, 2, 3};
  std::vector<T> s(2), db(3);
  std::vector<std::int32_t> signs(static_cast<std::size_t>(sign_words(3, 2)));
  T loss = 0;
  const T one = 1;
  const auto run = [&](double eps) {
    inverse_l1(stream, 2, offsets.data(), 3, eps, a.data(), b.data(), s.data(), signs.data(), &loss);
    inverse_l1_backward(stream, 2, offsets.data(), 3, eps, signs.data(), s.data(), &one, Range{0, 3}, into(db));
  };
  run(0);
  CHECK(s == std::vector<T>{0, 1});
  CHECK(loss == inf<T>);
  CHECK(std::isnan(db[0]));
  CHECK(std::isnan(db[1]));
  CHECK(db[2] == -1);
  run(1);
  CHECK(loss == T(1.5));
  CHECK(db == std::vector<T>{0, 0, T(-0.25)});
}

TEST_CASE_TEMPLATE("extremes: the maximum of ties, NaN and infinities", T, float, double) {
  const auto greatest = [](const std::vector<T>& x) {
    T y = 99;
    max_over(stream, Reduction{1, {static_cast<std::int64_t>(x.size())}, {true}}, x.data(), &y);
    return y;
  };
  const auto place = [](const std::vector<T>& x) {
    std::int32_t y = 99;
    argmax_over(stream, Reduction{1, {static_cast<std::int64_t>(x.size())}, {true}}, x.data(), &y);
    return y;
  };
  CHECK(greatest({-inf<T>, -inf<T>}) == -inf<T>);
  CHECK(greatest({3, inf<T>}) == inf<T>);
  CHECK(place({1, 5, 5}) == 1);
  CHECK(place({1, nan<T>, inf<T>, nan<T>}) == 1);
  for (std::size_t at = 0; at < 100; ++at) {  // in every lane and in the rest
    std::vector<T> x(100, T(-1));
    x[at] = nan<T>;
    CHECK(std::isnan(greatest(x)));
    CHECK(place(x) == static_cast<std::int32_t>(at));
    x[at] = 2;
    CHECK(greatest(x) == 2);
    CHECK(place(x) == static_cast<std::int32_t>(at));
  }

  const std::vector<T> x{7, 1, 7, 7}, y{7}, dy{6};
  std::vector<T> dx(4);
  max_backward(stream, Reduction{1, {4}, {true}}, x.data(), y.data(), dy.data(), into(dx));
  CHECK(dx == std::vector<T>{2, 0, 2, 2});
}

}  // namespace
