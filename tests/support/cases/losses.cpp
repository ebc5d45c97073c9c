// Losses that compare two tensors element by element.
#include "kernels/ops/inverse_l1/inverse_l1.hpp"

#include <cmath>

#include "kernels/ops/pointwise_loss/pointwise_loss.hpp"
#include "tests/support/op_case.hpp"

namespace wengert::testing {
namespace {

using namespace kernels;

template <class Loss, class Formula>
void add_pointwise(const char* name, InputRange x, InputRange target, Formula formula) {
  add_case(name,
           [=](std::int64_t n, auto type) {
             using T = decltype(type);
             InputRange sized_x = x, sized_target = target;
             sized_x.numel = sized_target.numel = n;
             sized_target.constant = true;
             return Problem<T>{.inputs = {sized_x, sized_target},
                               .results = {1},
                               .forward =
                                   [=](Stream& stream, const Buffers<T>& at) {
                                     run<&pointwise_loss<Loss, T>>(stream, nullptr, n, at.x[0], at.x[1], at.y[0]);
                                   },
                               .backward =
                                   [=](Stream& stream, const Buffers<T>& at) {
                                     run<&pointwise_loss_backward<Loss, T>>(stream, nullptr, n, at.x[0], at.x[1], at.dy,
                                                                            at.dx[0]);
                                   },
                               .reference =
                                   [=](const Values& in) {
                                     double sum = 0;
                                     for (std::size_t i = 0; i < in[0].size(); ++i) sum += formula(in[0][i], in[1][i]);
                                     return Values{{sum / static_cast<double>(n)}};
                                   },
                               .forward_elements = 2 * n,
                               .backward_elements = 3 * n};
           },
           {.least = 1});
}

/// Segments of 1, n, 2, 5 n and 17 elements.
void add_inverse_l1(const char* name, double eps) {
  add_case(name,
           [=](std::int64_t size, auto type) {
             using T = decltype(type);
             std::vector<std::int32_t> offsets{0};
             for (const std::int64_t length : {std::int64_t{1}, size, std::int64_t{2}, 5 * size, std::int64_t{17}}) {
               offsets.push_back(offsets.back() + static_cast<std::int32_t>(length));
             }
             const auto segments = static_cast<std::int64_t>(offsets.size()) - 1;
             const std::int64_t n = offsets.back();
             return Problem<T>{.inputs = {{.numel = n, .low = -0.4, .high = 0.4, .constant = true},
                                          {.numel = n, .low = 0.6, .both_signs = true}},
                               .integers = offsets,
                               .integer_results = sign_words(n, segments),
                               .results = {1, segments},
                               .forward =
                                   [=](Stream& stream, const Buffers<T>& at) {
                                     run<&inverse_l1<T>>(stream, nullptr, segments, at.integers, n, eps, at.x[0],
                                                         at.x[1], at.y[1], at.integer_result, at.y[0]);
                                   },
                               .backward =
                                   [=](Stream& stream, const Buffers<T>& at) {
                                     run<&inverse_l1_backward<T>>(stream, nullptr, segments, at.integers, n, eps,
                                                                  static_cast<const std::int32_t*>(at.integer_result),
                                                                  static_cast<const T*>(at.y[1]), at.dy, Range{0, n},
                                                                  at.dx[1]);
                                   },
                               .reference =
                                   [=](const Values& in) {
                                     Values y(2);
                                     double loss = 0;
                                     for (std::size_t k = 0; k + 1 < offsets.size(); ++k) {
                                       double sum = 0;
                                       for (auto i = static_cast<std::size_t>(offsets[k]);
                                            i < static_cast<std::size_t>(offsets[k + 1]); ++i) {
                                         sum += std::fabs(in[0][i] - in[1][i]);
                                       }
                                       y[1].push_back(sum);
                                       loss += 1 / (sum + eps);
                                     }
                                     y[0].push_back(loss);
                                     return y;
                                   },
                               .forward_elements = 2 * n,
                               .backward_elements = n};
           },
           {.least = 1});
}

const Register table([] {
  const InputRange anywhere, probability{.low = 0.05, .high = 0.95};
  add_pointwise<SquaredError>("mse", anywhere, anywhere, [](double x, double t) { return (x - t) * (x - t); });
  add_pointwise<BinaryCrossEntropy>("bce", probability, probability,
                                    [](double x, double t) { return -(t * std::log(x) + (1 - t) * std::log(1 - x)); });
  add_pointwise<BinaryCrossEntropyWithLogits>("bce_with_logits", anywhere, probability, [](double x, double t) {
    const double p = 1 / (1 + std::exp(-x));
    return -(t * std::log(p) + (1 - t) * std::log(1 - p));
  });
  add_inverse_l1("inverse_l1", 0);
  add_inverse_l1("inverse_l1 with eps", 0.25);
});

}  // namespace
}  // namespace wengert::testing
