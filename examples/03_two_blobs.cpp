// Model A learns two blobs of points. Model B learns the same points and is pushed away from A's parameters by the sum
// over the parameter tensors of 1 / sum|A - B|, with no gradient into A. From the forum thread "Use model parameters in loss function".
#include <iostream>
#include <optional>
#include <wengert.hpp>

#include "examples/support/two_blobs/files.hpp"
#include "examples/support/two_blobs/planes.hpp"
#include "examples/support/two_blobs/printing.hpp"
#include "examples/support/two_blobs/report.hpp"
#include "examples/support/zeroing.hpp"

using namespace wengert;
using namespace wengert::examples;

struct Net : nn::Module {
  nn::Linear fc1 = add("fc1", nn::Linear(2, 4));
  nn::Linear fc2 = add("fc2", nn::Linear(4, 1));
  Var operator()(const Var& x) const { return sigmoid(fc2(relu(fc1(x)))); }
};

/// How badly the model fits the points, and how close it is to `old` if it is to be pushed away from one.
Loss loss_of(const Net& model, const Net* old, const Blobs& data, const TwoBlobsOptions& options) {
  const Var fit = losses::bce(model(data.x), data.y);
  if (!old) return {fit, fit, {}, {}};
  const Var similarity = losses::inverse_l1(old->detach(), model, options.inverse_l1);
  const Var push = options.strength * similarity;
  return {fit + push, fit, similarity, push};
}

void train(Trained& result, const Blobs& data, const TwoBlobsOptions& options) {
  const std::vector<Var>& parameters = result.model.parameters();
  optim::SGD sgd(parameters, {.lr = options.lr});
  const optim::FiniteGuard guard(options.device);
  Loss loss;
  const auto step = [&] {
    if (options.zero_grad) sgd.zero_grad();
    loss = result.loss();
    guard.watch(loss.total);
    backward(loss.total);
    sgd.step(guard);
  };
  if (options.wants_audit()) result.at_start = audit_of(result.model, result.loss());
  if (!options.tape.empty()) {
    result.zeroing = zeroing_of(
        parameters, [&] { return result.loss().total; }, options.lr, 12);
  }
  result.first = standing_of(result, data);
  repeat(result.name, options.epochs, options.eager, step, [&](std::int64_t epoch) {
    if (looks_at(epoch, options) && guard.tripped()) stop_not_finite(result, epoch, options);
    result.steps = epoch + 1;
    if (options.wants_history()) result.history.push_back(loss.values());
  });
  finish(result, options);
}

void two_blobs(const TwoBlobsOptions& options) {
  const CatchInterrupt ctrl_c;
  std::optional<Lint> lint;
  if (options.lint) lint.emplace(std::cerr);
  set_threads(static_cast<int>(options.threads));
  seed(static_cast<std::uint64_t>(options.seed));
  Blobs data = draw_blobs();
  Net A;
  Net B;
  prepare(options, data, A, B);
  const Net* const old = options.similarity ? &A : nullptr;
  Trained a{"A", A, [&](const Tensor& x) { return A(x); }, [&] { return loss_of(A, nullptr, data, options); }};
  Trained b{"B", B, [&](const Tensor& x) { return B(x); }, [&] { return loss_of(B, old, data, options); }, old};

  const auto report = [&](const std::string& error) {
    if (!options.report.empty()) write_file(options.report, report_page(options, data, a, b, error));
  };
  try {
    train(a, data, options);
    A.freeze();  // from here on no optimiser can move it, even by mistake
    const FreezeCertificate frozen(A.parameters());
    train(b, data, options);
    frozen.verify();
  } catch (const Error& error) {
    report(error.what());
    throw;
  }

  if (!options.save.empty()) save_experiment(options.save, data, A, B);
  if (!options.log.empty()) write_file(options.log, log_csv(a, b));
  if (!options.picture.empty()) write_file(options.picture, planes_picture(data, a, b));
  if (!options.tape.empty()) write_file(options.tape, tape_page_of(a, b, options));
  report("");
  if (!options.quiet) print_experiment(options, data, a, b);
  if (!options.quiet && options.audit) print_audit(b);
  print_last_lines(a, b);
}

int main(int argc, char** argv) {
  return run_program("two_blobs", [&] { two_blobs(parse_two_blobs(argc, argv)); });
}
