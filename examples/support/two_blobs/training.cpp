#include "examples/support/two_blobs/training.hpp"

#include <fmt/core.h>

#include <cmath>

#include "autograd/inspect/watch/anomaly.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/layout.hpp"
#include "autograd/ops/random.hpp"
#include "examples/support/two_blobs/words.hpp"
#include "kernels/base/error.hpp"

namespace wengert::examples {

Blobs draw_blobs() {
  const Tensor left = randn({10, 2}, -1);
  const Tensor right = randn({10, 2}, +1);
  return {named("x", cat({left, right})), named("y", cat({Tensor::ones({10, 1}), Tensor::zeros({10, 1})}))};
}

Audit audit_of(const nn::Module& model, const Loss& loss) {
  std::vector<LossTerm> terms{{"bce", loss.fit}};
  if (loss.pushed()) terms.push_back({"push", loss.push});
  return audit(terms, model.parameters());
}

void stop_not_finite(const Trained& model, std::int64_t epoch, const TwoBlobsOptions& options) {
  const char* const exact = options.device.type == Device::Type::cuda ? "by " : "";
  const std::string when = fmt::format("{}epoch {} of {}: ", exact, epoch, model.name);
  const char* const change = model.old ? "try --eps, a lower --lr or --strength, or other weights (--seed or --init)"
                                       : "try a lower --lr, or other weights (--seed or --init)";
  try {
    const Anomaly anomaly;
    model.loss();
  } catch (const Error& error) {
    fail(when, error.what(), "; ", change);
  }
  fail(when, "the loss was not finite, so training cannot go on; ", change);
}

Standing standing_of(const Trained& model, const Blobs& data) {
  const NoGrad no_grad;
  return {model.loss().values(), count_right(data, model)};
}

void finish(Trained& model, const TwoBlobsOptions& options) {
  Loss loss;
  {
    const NoGrad no_grad;
    loss = model.loss();
  }
  if (options.epochs > 0 && !std::isfinite(loss.total.item())) stop_not_finite(model, options.epochs, options);
  model.last = loss.values();
}

std::string how_far(const std::string& name, std::int64_t epoch, std::int64_t epochs) {
  return fmt::format("{}: epoch {} of {}", name, epoch, epochs);
}

}  // namespace wengert::examples
