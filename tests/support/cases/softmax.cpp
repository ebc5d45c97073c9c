// Softmax, its logarithm, and the cross-entropies made of it.
#include "kernels/ops/softmax/softmax.hpp"

#include <cmath>

#include "kernels/ops/cross_entropy/cross_entropy.hpp"
#include "kernels/ops/elementwise/scale.hpp"
#include "tests/support/op_case.hpp"

namespace wengert::testing {
namespace {

using namespace kernels;

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }
std::size_t place(Rows s, std::int64_t row, std::int64_t col) { return size(row * s.cols + col); }

/// log sum e^x of each row.
std::vector<double> log_sums(Rows s, const std::vector<double>& x) {
  std::vector<double> result;
  for (std::int64_t row = 0; row < s.rows; ++row) {
    double sum = 0;
    for (std::int64_t col = 0; col < s.cols; ++col) sum += std::exp(x[place(s, row, col)]);
    result.push_back(std::log(sum));
  }
  return result;
}

template <class T, auto Forward, auto Backward, class Formula>
Problem<T> softmax_problem(Rows s, Formula formula) {
  const std::int64_t n = s.rows * s.cols;
  return Problem<T>{
      .inputs = {{.numel = n}},
      .results = {n},
      .forward = [=](Stream& stream,
                     const Buffers<T>& at) { run<Forward>(stream, nullptr, s.rows, s.cols, at.x[0], at.y[0]); },
      .backward =
          [=](Stream& stream, const Buffers<T>& at) {
            run<Backward>(stream, nullptr, s.rows, s.cols, static_cast<const T*>(at.y[0]), at.dy, at.dx[0]);
          },
      .reference =
          [=](const Values& in) {
            const std::vector<double> sums = log_sums(s, in[0]);
            std::vector<double> y = in[0];
            for (std::int64_t row = 0; row < s.rows; ++row) {
              for (std::int64_t col = 0; col < s.cols; ++col) {
                y[place(s, row, col)] = formula(in[0][place(s, row, col)] - sums[static_cast<std::size_t>(row)]);
              }
            }
            return Values{y};
          },
      .forward_elements = 2 * n,
      .backward_elements = 3 * n};
}

/// The cross-entropy with target(row, col), and its gradient.
template <class Target>
Values mean_of_rows(Rows s, const std::vector<double>& x, const Target& target) {
  const std::vector<double> sums = log_sums(s, x);
  const auto rows = static_cast<double>(s.rows);
  double loss = 0;
  std::vector<double> gradient;
  for (std::int64_t row = 0; row < s.rows; ++row) {
    double mass = 0;
    for (std::int64_t col = 0; col < s.cols; ++col) mass += target(row, col);
    for (std::int64_t col = 0; col < s.cols; ++col) {
      const double log_p = x[place(s, row, col)] - sums[size(row)];
      loss -= target(row, col) * log_p;
      gradient.push_back((std::exp(log_p) * mass - target(row, col)) / rows);
    }
  }
  return {{loss / rows}, gradient};
}

/// The forward pass left the gradient in y[1].
template <class T>
std::function<void(Stream&, const Buffers<T>&)> from_forward(std::int64_t n) {
  return [=](Stream& stream, const Buffers<T>& at) {
    run<&scale<T>>(stream, nullptr, n, at.dy, static_cast<const T*>(at.y[1]), at.dx[0]);
  };
}

template <class T>
Problem<T> labelled(Rows s) {
  const std::int64_t n = s.rows * s.cols;
  std::vector<std::int32_t> labels;
  for (std::int64_t row = 0; row < s.rows; ++row)
    labels.push_back(static_cast<std::int32_t>((row * row + s.cols - 1) % s.cols));
  return Problem<T>{.inputs = {{.numel = n}},
                    .integers = labels,
                    .results = {1, n},
                    .forward =
                        [=](Stream& stream, const Buffers<T>& at) {
                          run<&cross_entropy<T>>(stream, nullptr, s, at.x[0], at.integers, at.y[0], at.y[1]);
                        },
                    .backward = from_forward<T>(n),
                    .reference =
                        [=](const Values& in) {
                          return mean_of_rows(s, in[0], [&](std::int64_t row, std::int64_t col) {
                            return col == labels[size(row)] ? 1. : 0.;
                          });
                        },
                    .forward_elements = 2 * n,
                    .backward_elements = 2 * n};
}

template <class T>
Problem<T> weighted(Rows s) {
  const std::int64_t n = s.rows * s.cols;
  return Problem<T>{.inputs = {{.numel = n}, {.numel = n, .low = 0, .high = 1, .constant = true}},
                    .results = {1, n},
                    .forward =
                        [=](Stream& stream, const Buffers<T>& at) {
                          run<&soft_cross_entropy<T>>(stream, nullptr, s, at.x[0], at.x[1], at.y[0], at.y[1]);
                        },
                    .backward = from_forward<T>(n),
                    .reference =
                        [=](const Values& in) {
                          return mean_of_rows(
                              s, in[0], [&](std::int64_t row, std::int64_t col) { return in[1][place(s, row, col)]; });
                        },
                    .forward_elements = 3 * n,
                    .backward_elements = 2 * n};
}

const Register table([] {
  // One class alone has probability 1, whose logarithm and gradient are all zero: there are two at least.
  const auto add_both = [](const std::string& name, auto problem_of, Limits limits = {}) {
    add_case(name + " of few rows",
             [=](std::int64_t n, auto type) {
               return problem_of(Rows{3, n + 1}, type);
             },
             {.tolerance = limits.tolerance, .least = 1, .same_bits = limits.same_bits});
    add_case(
        name + " of many rows",
        [=](std::int64_t n, auto type) {
          return problem_of(Rows{n, 10}, type);
        },
        limits);
  };
  add_both("softmax", [](Rows s, auto type) {
    using T = decltype(type);
    return softmax_problem<T, &softmax<T>, &softmax_backward<T>>(s, [](double log_p) { return std::exp(log_p); });
  });
  add_both("log_softmax", [](Rows s, auto type) {
    using T = decltype(type);
    return softmax_problem<T, &log_softmax<T>, &log_softmax_backward<T>>(s, [](double log_p) { return log_p; });
  });
  add_both("cross_entropy", [](Rows s, auto type) { return labelled<decltype(type)>(s); },
           {.least = 1, .same_bits = false});  // e^x is the device's own
  add_both("soft_cross_entropy", [](Rows s, auto type) { return weighted<decltype(type)>(s); },
           {.tolerance = 32,
            .least = 1,
            .same_bits = false});  // the reference, from left to right, rounds more than the tree
});

}  // namespace
}  // namespace wengert::testing
