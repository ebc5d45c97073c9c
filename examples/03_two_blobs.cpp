// Model A learns two blobs of points. Model B learns the same points and is pushed away from A's parameters by
// 1 / sum|A - B|, with no gradient into A. From the forum thread "Use model parameters in loss function".
#include <cmath>
#include <wengert.hpp>

#include "examples/support/two_blobs/files.hpp"
#include "examples/support/two_blobs/printing.hpp"
#include "examples/support/two_blobs/report.hpp"

using namespace wengert;
using namespace wengert::examples;

struct Net : nn::Module {
  nn::Linear fc1 = add("fc1", nn::Linear(2, 4));
  nn::Linear fc2 = add("fc2", nn::Linear(4, 1));
  Var operator()(const Var& x) const { return sigmoid(fc2(relu(fc1(x)))); }
};

/// Trains the model on the points, and away from `old` if there is one.
Trained train(const std::string& name, const Net& model, const Net* old, const Blobs& data,
              const TwoBlobsOptions& options) {
  Trained result{name, model, [&model](const Tensor& x) { return model(x); }};
  Tensor bce, similarity = Tensor::zeros({});
  const auto losses_now = [&] { return Losses{bce.item(), similarity.item()}; };

  const auto loss = [&] {
    const Var fit = losses::bce(model(data.x), data.y);
    bce = fit.detach();
    if (!old) return fit;
    const Var push = losses::inverse_l1(old->detach(), model, options.inverse_l1);
    similarity = push.detach();
    return fit + options.strength * push;
  };

  optim::SGD sgd(model.parameters(), {.lr = options.lr});
  const optim::FiniteGuard guard;
  const auto step = [&] {
    if (options.zero_grad) sgd.zero_grad();
    const Var total = loss();
    guard.watch(total);
    backward(total);
    sgd.step(guard);
  };
  repeat(name, options.epochs, options.eager, step, [&](std::int64_t epoch) {
    if (guard.tripped()) stop_not_finite(name, epoch, loss, old, model, options);
    if (options.wants_history()) result.history.push_back(losses_now());
  });

  if (!options.report.empty()) result.tape = tape_text(loss);
  const NoGrad no_grad;
  const bool finite = std::isfinite(loss().item());
  if (!finite && options.epochs > 0) stop_not_finite(name, options.epochs, loss, old, model, options);
  result.last = losses_now();
  return result;
}

void two_blobs(const TwoBlobsOptions& options) {
  const CatchInterrupt ctrl_c;
  set_threads(static_cast<int>(options.threads));
  seed(static_cast<std::uint64_t>(options.seed));
  Blobs data = draw_blobs();
  const Net A;
  const Net B;
  prepare(options, data, A, B);

  const Trained a = train("A", A, nullptr, data, options);
  A.freeze();  // from here on no optimiser can move it, even by mistake
  const Trained b = train("B", B, options.similarity ? &A : nullptr, data, options);

  if (!options.save.empty()) save_experiment(options.save, data, A, B);
  if (!options.log.empty()) write_file(options.log, log_csv(a, b));
  if (!options.report.empty()) write_file(options.report, report_page(options, data, a, b));
  if (!options.picture.empty()) write_file(options.picture, planes_picture(data, a, b));
  if (!options.quiet) print_experiment(options, data, a, b);
  print_last_lines(a, b);
}

int main(int argc, char** argv) {
  return run_program("two_blobs", [&] { two_blobs(parse_two_blobs(argc, argv)); });
}
