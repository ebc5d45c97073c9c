#include "examples/support/two_blobs/training.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <cmath>

#include "autograd/inspect/anomaly.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/layout.hpp"
#include "kernels/error.hpp"

namespace wengert::examples {
namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

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

void finish(Trained& model, const TwoBlobsOptions& options) {
  Loss loss;
  {
    const NoGrad no_grad;
    loss = model.loss();
  }
  if (options.epochs > 0 && !std::isfinite(loss.total.item())) stop_not_finite(model, options.epochs, options);
  model.last = loss.values();
}

Progress::Progress(std::string name, std::int64_t epochs)
    : name_(std::move(name)), epochs_(epochs), shown_(isatty(STDERR_FILENO) != 0), next_(now() + 0.5) {}

Progress::~Progress() {
  if (written_) fmt::print(stderr, "\r\033[K");
}

void Progress::show(std::int64_t epoch) {
  if (now() < next_) return;
  next_ = now() + 0.5;
  written_ = true;
  fmt::print(stderr, "\r\033[K{}: epoch {} of {}", name_, epoch, epochs_);
  std::fflush(stderr);
}

}  // namespace wengert::examples
