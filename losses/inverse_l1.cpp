#include "losses/inverse_l1.hpp"

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "autograd/launch.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/record_op.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "kernels/base/text_stream.hpp"
#include "kernels/ops/inverse_l1/inverse_l1.hpp"
#include "losses/eps.hpp"
#include "losses/models.hpp"

namespace wengert::losses {
namespace {

constexpr const char* name = kernels::InverseL1::name;

void check_size(const Tensor& trained) {
  if (trained.numel() > std::numeric_limits<std::int32_t>::max()) fail(name, ": takes at most 2^31 - 1 elements");
}

struct Forward {
  Tensor s, signs, loss;
};
Forward forward(const Tensor& reference, const Tensor& trained, const Tensor& segments, double eps) {
  const std::int64_t count = segments.numel() - 1;
  Forward result{Tensor::empty({count}, trained.dtype(), trained.device()),
                 Tensor::empty({kernels::sign_words(trained.numel(), count)}, DType::i32, trained.device()),
                 Tensor::empty({}, trained.dtype(), trained.device())};
  dispatch_floating(name, trained.dtype(), [&](auto zero) {
    launch<&kernels::inverse_l1<decltype(zero)>>(count, segments, trained.numel(), eps, reference, trained, result.s,
                                                 result.signs, result.loss);
  });
  return result;
}

// Which pairs are too close for 1 / (S + eps)^2, in words. Without a layout there is one pair, of two tensors.
std::string why_not_finite(const Tensor& s, double eps, const nn::Layout* layout) {
  const std::vector<double> sums = s.to_vector<double>();
  const bool by_name = layout && sums.size() == layout->size();
  std::string pairs = by_name ? "" : " of all parameters";
  std::size_t count = 0;
  std::optional<double> least;
  for (std::size_t k = 0; k < sums.size(); ++k) {
    const double factor = 1 / ((sums[k] + eps) * (sums[k] + eps));
    if (std::isfinite(s.dtype() == DType::f64 ? factor : static_cast<double>(static_cast<float>(factor)))) continue;
    if (by_name) pairs += (pairs.empty() ? " '" : ", '") + layout->names[k] + "'";
    least = std::min(sums[k], least.value_or(sums[k]));
    ++count;
  }
  if (!least) return "";
  TextStream text;
  text << (eps == 0 ? "1 / S" : "1 / (S + eps)") << " with S = sum|A - B| = " << *least;
  if (eps != 0) text << " and eps = " << eps;
  text << ": "
       << (layout ? (count == 1 ? "the pair" : "the pairs") + pairs + (count == 1 ? " is " : " are ")
                  : "both sides are ")
       << (*least == 0 ? "" : "almost ") << "equal" << (layout ? " in both models" : "") << ", and the gradient, "
       << (eps == 0 ? "1 / S^2" : "1 / (S + eps)^2")
       << " times the sign of B - A, is inf * 0. Start from other weights, or give a larger eps";
  return text.str();
}

struct ModelRule {
  Saved s, signs;
  std::shared_ptr<const nn::Layout> layout;
  Tensor segments, gradient;
  double eps;

  void operator()(const Tensor& dloss, const Sinks& sinks) const {
    dispatch_floating(name, dloss.dtype(), [&](auto zero) { run<decltype(zero)>(dloss, sinks); });
  }
  std::string why_not_finite() const { return losses::why_not_finite(s.unchecked(), eps, layout.get()); }
  template <class T>
  void run(const Tensor& dloss, const Sinks& sinks) const {
    // The op's first operand is the reference.
    detail::for_wanted_ranges(*layout, sinks, 1, [&](std::int64_t begin, std::int64_t end, SinkMode mode) {
      launch<&kernels::inverse_l1_backward<T>>(segments.numel() - 1, segments, layout->offsets.back(), eps, signs, s,
                                               dloss, kernels::Range{begin, end}, OpenSink{gradient, mode});
    });
  }
};

struct TensorRule {
  Saved s, signs;
  Tensor segments;
  std::int32_t numel;
  double eps;

  void operator()(const Tensor& dloss, const Sinks& sinks) const {
    dispatch_floating(name, dloss.dtype(), [&](auto zero) {
      launch<&kernels::inverse_l1_backward<decltype(zero)>>(1, segments, numel, eps, signs, s, dloss,
                                                            kernels::Range{0, numel}, sinks[1]);
    });
  }
  std::string why_not_finite() const { return losses::why_not_finite(s.unchecked(), eps, nullptr); }
};

}  // namespace

Var inverse_l1(Reference<Tensor> reference, Operand trained, InverseL1Options options) {
  detail::require_pair(name, *reference, trained.value, "reference and trained side");
  detail::require_trainable(name, trained);
  detail::require_eps(name, options.eps);
  check_size(trained.value);
  const auto numel = static_cast<std::int32_t>(trained.value.numel());
  const Tensor segments = Tensor::constants({0, numel}, trained.value.device());
  const Forward result = forward(*reference, trained.value, segments, options.eps);
  TensorRule rule{Saved(name, result.s), Saved(name, result.signs), segments, numel, options.eps};
  return record<kernels::InverseL1>(result.loss, std::move(rule),
                                    Operand(*reference, trained.where.file, trained.where.line), trained);
}

Var inverse_l1(Reference<nn::Weights> reference, const nn::Module& trained, InverseL1Options options, const char* file,
               int line) {
  detail::require_models(name, *reference, trained);
  detail::require_eps(name, options.eps);
  const nn::Weights own = trained.detach();
  check_size(own.flat());
  PoolVector<Operand> operands;
  operands.emplace_back(reference->flat(), file, line);
  for (const Var& parameter : trained.parameters()) operands.emplace_back(parameter, file, line);

  const nn::Layout& layout = own.layout();
  const Tensor& segments = options.per == Per::tensor ? layout.segments : layout.one_segment;
  const Forward result = forward(reference->flat(), own.flat(), segments, options.eps);
  ModelRule rule{Saved(name, result.s),   Saved(name, result.signs),
                 own.shared_layout(),     segments,
                 trained.flat_gradient(), options.eps};
  return record_many<kernels::InverseL1>(result.loss, std::move(rule), operands);
}

Var inverse_l1_composed(const Tensor& reference, Operand trained, InverseL1Options options) {
  require_operands("inverse_l1_composed", reference, trained);
  const Var difference = reference - trained;
  const Var distance = sum(abs(difference));
  return 1 / (distance + options.eps);
}

Var inverse_l1_composed(const nn::Weights& reference, const nn::Module& trained, InverseL1Options options) {
  reference.require_same_topology("inverse_l1_composed", trained.detach());
  std::optional<Var> total;
  const auto add = [&](const Var& term) { total = total ? *total + term : term; };
  for (std::size_t k = 0; k < reference.size(); ++k) {
    const Var& parameter = trained.parameters()[k];
    add(options.per == Per::tensor ? inverse_l1_composed(reference[k], parameter, options)
                                   : sum(abs(reference[k] - parameter)));
  }
  return options.per == Per::tensor ? *total : 1 / (*total + options.eps);
}

}  // namespace wengert::losses
