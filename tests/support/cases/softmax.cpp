// Softmax, its logarithm, and the cross-entropies made of it.
#include "kernels/softmax.hpp"

#include <cmath>

#include "kernels/cross_entropy.hpp"
#include "tests/support/op_case.hpp"

namespace wengert::testing {
namespace {

using namespace kernels;

std::size_t place(Rows s, std::int64_t row, std::int64_t col) { return static_cast<std::size_t>(row * s.cols + col); }

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

template <class T>
Problem<T> labelled(Rows s) {
  const std::int64_t n = s.rows * s.cols;
  std::vector<std::int32_t> labels;
  for (std::int64_t row = 0; row < s.rows; ++row)
    labels.push_back(static_cast<std::int32_t>((row * row + s.cols - 1) % s.cols));
  return Problem<T>{.inputs = {{.numel = n}},
                    .integers = labels,
                    .results = {1, s.rows},
                    .forward =
                        [=](Stream& stream, const Buffers<T>& at) {
                          run<&cross_entropy<T>>(stream, nullptr, s, at.x[0], at.integers, at.y[1], at.y[0]);
                        },
                    .backward =
                        [=](Stream& stream, const Buffers<T>& at) {
                          run<&cross_entropy_backward<T>>(stream, nullptr, s, at.x[0], at.integers,
                                                          static_cast<const T*>(at.y[1]), at.dy, at.dx[0]);
                        },
                    .reference =
                        [=](const Values& in) {
                          const std::vector<double> sums = log_sums(s, in[0]);
                          double loss = 0;
                          for (std::size_t row = 0; row < sums.size(); ++row) {
                            loss += sums[row] - in[0][place(s, static_cast<std::int64_t>(row), labels[row])];
                          }
                          return Values{{loss / static_cast<double>(s.rows)}, sums};
                        },
                    .forward_elements = n,
                    .backward_elements = 2 * n};
}

template <class T>
Problem<T> weighted(Rows s) {
  const std::int64_t n = s.rows * s.cols;
  return Problem<T>{.inputs = {{.numel = n}, {.numel = n, .low = 0, .high = 1, .constant = true}},
                    .results = {1, s.rows, s.rows},
                    .forward =
                        [=](Stream& stream, const Buffers<T>& at) {
                          run<&soft_cross_entropy<T>>(stream, nullptr, s, at.x[0], at.x[1], at.y[1], at.y[2], at.y[0]);
                        },
                    .backward =
                        [=](Stream& stream, const Buffers<T>& at) {
                          run<&soft_cross_entropy_backward<T>>(stream, nullptr, s, at.x[0], at.x[1],
                                                               static_cast<const T*>(at.y[1]),
                                                               static_cast<const T*>(at.y[2]), at.dy, at.dx[0]);
                        },
                    .reference =
                        [=](const Values& in) {
                          const std::vector<double> sums = log_sums(s, in[0]);
                          std::vector<double> mass(sums.size());
                          double loss = 0;
                          for (std::int64_t row = 0; row < s.rows; ++row) {
                            for (std::int64_t col = 0; col < s.cols; ++col) {
                              const double p = in[1][place(s, row, col)];
                              loss += p * (sums[static_cast<std::size_t>(row)] - in[0][place(s, row, col)]);
                              mass[static_cast<std::size_t>(row)] += p;
                            }
                          }
                          return Values{{loss / static_cast<double>(s.rows)}, sums, mass};
                        },
                    .forward_elements = 2 * n,
                    .backward_elements = 3 * n};
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
