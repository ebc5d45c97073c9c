#include "losses/inverse_l1.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "autograd/launch.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "autograd/record.hpp"
#include "kernels/inverse_l1.hpp"

namespace wengert::losses {
namespace {

constexpr const char* name = "inverse_l1";

bool share_memory(const Tensor& a, const Tensor& b) {
  const char *a_begin = a.data<char>(), *b_begin = b.data<char>();
  return a_begin < b_begin + b.storage()->bytes() && b_begin < a_begin + a.storage()->bytes();
}

void check_pair(const Tensor& reference, const Tensor& trained, const char* pair) {
  if (reference.shape() != trained.shape() || reference.dtype() != trained.dtype()) {
    fail(name, ": ", pair, " must be alike, got ", reference.dtype(), " ", reference.shape(), " and ", trained.dtype(),
         " ", trained.shape());
  }
  if (trained.numel() > std::numeric_limits<std::int32_t>::max()) fail(name, ": takes at most 2^31 - 1 elements");
  if (share_memory(reference, trained)) {
    fail(name, ": ", pair,
         " are the same memory, so 1 / sum|A - B| is 1 / 0 for good; for a model as it is now, "
         "use detach().clone()");
  }
}

[[noreturn]] void nothing_to_train(const char* what) {
  fail(name, ": no gradient can reach ", what,
       ", so nothing would be pushed away from the reference. Pass a parameter that is "
       "not frozen, or evaluate inside a NoGrad scope");
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

// Gradient of a model's flat parameters. Usually all of them want it in one mode, and one launch over the whole model
// does it; where some are frozen, or hold an earlier contribution, each that wants it gets its own.
struct ModelRule {
  Saved s, signs;
  std::shared_ptr<const nn::Layout> layout;
  Tensor segments, gradient;
  double eps;

  void operator()(const Tensor& dloss, const Sinks& sinks) const {
    dispatch_floating(name, dloss.dtype(), [&](auto zero) { run<decltype(zero)>(dloss, sinks); });
  }

  // The op's first operand is the reference.
  static GradientSink sink(const Sinks& sinks, std::size_t k) { return sinks[k + 1]; }

  template <class T>
  void run(const Tensor& dloss, const Sinks& sinks) const {
    const std::size_t parameters = layout->size();
    PoolVector<SinkMode> modes;
    for (std::size_t k = 0; k < parameters; ++k)
      modes.push_back(sink(sinks, k).wanted() ? sink(sinks, k).open() : SinkMode::ignore);
    const auto run_on = [&](std::int64_t begin, std::int64_t end, SinkMode mode) {
      launch<&kernels::inverse_l1_backward<T>>(segments.numel() - 1, segments, layout->offsets.back(), eps, signs, s,
                                               dloss, kernels::Range{begin, end}, OpenSink{gradient, mode});
    };
    const auto& offsets = layout->offsets;
    if (std::ranges::count(modes, modes.front()) == static_cast<std::ptrdiff_t>(parameters))
      return run_on(0, offsets.back(), modes.front());
    for (std::size_t k = 0; k < parameters; ++k) {
      if (modes[k] != SinkMode::ignore) run_on(offsets[k], offsets[k + 1], modes[k]);
    }
  }
};

}  // namespace

Var inverse_l1(const Tensor& reference, Operand trained, InverseL1Options options) {
  check_pair(reference, trained.value, "reference and trained side");
  if (!trained.wants_gradient() && !NoGrad::active()) nothing_to_train("the trained side");
  const auto numel = static_cast<std::int32_t>(trained.value.numel());
  const Tensor segments = Tensor::constants({0, numel}, trained.value.device());
  const Forward result = forward(reference, trained.value, segments, options.eps);
  auto rule = [segments, numel, eps = options.eps, signs = Saved(name, result.signs), s = Saved(name, result.s)](
                  const Tensor& dloss, const Sinks& sinks) {
    dispatch_floating(name, dloss.dtype(), [&](auto zero) {
      launch<&kernels::inverse_l1_backward<decltype(zero)>>(1, segments, numel, eps, signs, s, dloss,
                                                            kernels::Range{0, numel}, sinks[1]);
    });
  };
  return record(name, result.loss, std::move(rule), Operand(reference, trained.where.file, trained.where.line),
                trained);
}

Var inverse_l1(const nn::Weights& reference, const nn::Module& trained, InverseL1Options options, const char* file,
               int line) {
  const nn::Weights own = trained.detach();
  reference.require_same_topology(name, own);
  check_pair(reference.flat(), own.flat(), "the models' parameters");
  PoolVector<Operand> operands;
  operands.emplace_back(reference.flat(), file, line);
  for (const Var& parameter : trained.parameters()) operands.emplace_back(parameter, file, line);
  if (!NoGrad::active() && std::ranges::none_of(operands, &Operand::wants_gradient))
    nothing_to_train("the trained model");

  const nn::Layout& layout = own.layout();
  const Tensor& segments = options.per == Per::tensor ? layout.segments : layout.one_segment;
  const Forward result = forward(reference.flat(), own.flat(), segments, options.eps);
  ModelRule rule{Saved(name, result.s),   Saved(name, result.signs),
                 own.shared_layout(),     segments,
                 trained.flat_gradient(), options.eps};
  return record_many(name, result.loss, std::move(rule), operands);
}

Var inverse_l1_composed(const Tensor& reference, Operand trained, InverseL1Options options) {
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

std::string why_not_finite(const nn::Weights& reference, const nn::Module& trained, InverseL1Options options) {
  const nn::Weights own = trained.detach();
  reference.require_same_topology("why_not_finite", own);
  std::string equal, broken;
  double all = 0;
  for (std::size_t k = 0; k < own.size(); ++k) {
    const double distance = sum(abs(reference[k] - own[k])).item<double>();
    all += distance;
    if (options.per == Per::model) continue;
    if (distance + options.eps == 0) equal += (equal.empty() ? "'" : ", '") + own.name(k) + "'";
    if (!std::isfinite(distance)) broken += (broken.empty() ? "'" : ", '") + own.name(k) + "'";
  }
  if (options.per == Per::model && all + options.eps == 0) equal = "of all parameters";
  if (options.per == Per::model && !std::isfinite(all)) broken = "of all parameters";
  if (!equal.empty()) {
    return "inverse_l1: the pair " + equal +
           " is equal in both models, so 1 / sum|A - B| is 1 / 0: start from other weights, "
           "or give an eps above 0";
  }
  if (!broken.empty()) {
    return "inverse_l1: the pair " + broken +
           " is at an infinite distance or holds NaN: training diverged, so lower the "
           "learning rate or the strength";
  }
  return {};
}

}  // namespace wengert::losses
