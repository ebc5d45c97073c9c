// Matrix products and the affine layer.
#include "kernels/ops/matmul/matmul.hpp"

#include "kernels/ops/matmul/linear.hpp"
#include "tests/support/op_case.hpp"

namespace wengert::testing {
namespace {

using namespace kernels;

/// Element (i, j) of a matrix with the given number of columns, stored as it is or transposed.
double element(const std::vector<double>& matrix, std::int64_t rows, std::int64_t cols, bool transposed, std::int64_t i,
               std::int64_t j) {
  return matrix[static_cast<std::size_t>(transposed ? j * rows + i : i * cols + j)];
}

template <class T>
Problem<T> matmul_problem(MatmulShape s) {
  const std::int64_t m = s.m, k = s.k, n = s.n;
  const bool ta = s.transpose_a, tb = s.transpose_b;
  // dC stands on the left of B^T and on the right of A^T; the gradient of an operand stored transposed is so too.
  const MatmulShape to_a = ta ? MatmulShape{k, n, m, tb, true} : MatmulShape{m, n, k, false, !tb};
  const MatmulShape to_b = tb ? MatmulShape{n, m, k, true, ta} : MatmulShape{k, m, n, !ta, false};
  const std::int64_t elements = m * k + k * n + m * n;
  return Problem<T>{.inputs = {{.numel = m * k}, {.numel = k * n}},
                    .results = {m * n},
                    .forward =
                        [=](Stream& stream, const Buffers<T>& at) {
                          run<&matmul<T>>(stream, nullptr, s, at.x[0], at.x[1], Sink<T>{at.y[0], SinkMode::write});
                        },
                    .backward =
                        [=](Stream& stream, const Buffers<T>& at) {
                          run<&matmul<T>>(stream, nullptr, to_a, ta ? at.x[1] : at.dy, ta ? at.dy : at.x[1], at.dx[0]);
                          run<&matmul<T>>(stream, nullptr, to_b, tb ? at.dy : at.x[0], tb ? at.x[0] : at.dy, at.dx[1]);
                        },
                    .reference =
                        [=](const Values& in) {
                          Values y(1);
                          for (std::int64_t i = 0; i < m; ++i) {
                            for (std::int64_t j = 0; j < n; ++j) {
                              double sum = 0;
                              for (std::int64_t l = 0; l < k; ++l) {
                                sum += element(in[0], m, k, ta, i, l) * element(in[1], k, n, tb, l, j);
                              }
                              y[0].push_back(sum);
                            }
                          }
                          return y;
                        },
                    .forward_elements = elements,
                    .backward_elements = 2 * elements,
                    .flops = 2 * m * k * n};
}

template <class T>
Problem<T> linear_problem(LinearShape s) {
  const std::int64_t weights = s.in * s.out, elements = s.rows * s.in + weights + s.out + s.rows * s.out;
  return Problem<T>{
      .inputs = {{.numel = s.rows * s.in}, {.numel = weights}, {.numel = s.out}},
      .results = {s.rows * s.out},
      .forward = [=](Stream& stream,
                     const Buffers<T>& at) { run<&linear<T>>(stream, nullptr, s, at.x[0], at.x[1], at.x[2], at.y[0]); },
      .backward =
          [=](Stream& stream, const Buffers<T>& at) {
            run<&linear_backward<T>>(stream, nullptr, s, at.x[0], at.x[1], at.dy, at.dx[0], at.dx[1], at.dx[2]);
          },
      .reference =
          [=](const Values& in) {
            Values y(1);
            for (std::int64_t row = 0; row < s.rows; ++row) {
              for (std::int64_t o = 0; o < s.out; ++o) {
                double sum = in[2][static_cast<std::size_t>(o)];
                for (std::int64_t i = 0; i < s.in; ++i) {
                  sum +=
                      in[0][static_cast<std::size_t>(row * s.in + i)] * in[1][static_cast<std::size_t>(o * s.in + i)];
                }
                y[0].push_back(sum);
              }
            }
            return y;
          },
      .forward_elements = elements,
      .backward_elements = 2 * elements,
      .flops = 2 * s.rows * weights};
}

const Register table([] {
  // A product's terms are added in another order on each device.
  for (const int transposed : {0, 1, 2, 3}) {
    const bool a = (transposed & 1) != 0, b = (transposed & 2) != 0;
    const std::string name = std::string("matmul ") + (a ? "A^T " : "A ") + (b ? "B^T" : "B");
    const auto add = [&](const char* what, auto shape_of, Limits limits) {
      add_case(
          name + what, [=](std::int64_t n, auto type) { return matmul_problem<decltype(type)>(shape_of(n)); }, limits);
    };
    add(" tall", [=](std::int64_t n) { return MatmulShape{n, 5, 3, a, b}; }, {.tolerance = 64, .same_bits = false});
    add(" deep",
        [=](std::int64_t n) {
          return MatmulShape{4, n, 3, a, b};
        },
        {.tolerance = 64, .least = 1, .same_bits = false});
    add(" wide", [=](std::int64_t n) { return MatmulShape{3, 6, n, a, b}; }, {.tolerance = 64, .same_bits = false});
    add(" square",
        [=](std::int64_t n) {
          return MatmulShape{n, n, n, a, b};
        },
        {.tolerance = 64, .largest = 1024, .same_bits = false});
  }
  const auto add = [](const char* name, LinearShape (*shape_of)(std::int64_t), Limits limits) {
    add_case(
        name, [=](std::int64_t n, auto type) { return linear_problem<decltype(type)>(shape_of(n)); }, limits);
  };
  add("linear of many rows",
      [](std::int64_t n) {
        return LinearShape{n, 7, 5};
      },
      {.tolerance = 64, .least = 1, .same_bits = false});
  add("linear of many inputs",
      [](std::int64_t n) {
        return LinearShape{6, n, 3};
      },
      {.tolerance = 64, .least = 1, .same_bits = false});
  add("linear of many outputs",
      [](std::int64_t n) {
        return LinearShape{3, 8, n};
      },
      {.tolerance = 64, .same_bits = false});
  add("linear square",
      [](std::int64_t n) {
        return LinearShape{n, n, n};
      },
      {.tolerance = 64, .largest = 1024, .same_bits = false});
});

}  // namespace
}  // namespace wengert::testing
