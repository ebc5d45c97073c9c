// What training two blobs leaves behind, and the loop around its step.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "autograd/capture.hpp"
#include "autograd/inspect/ask/audit.hpp"
#include "autograd/inspect/show/zeroing_bars.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/var.hpp"
#include "examples/support/program.hpp"
#include "examples/support/progress.hpp"
#include "examples/support/two_blobs/loss.hpp"
#include "examples/support/two_blobs/options.hpp"
#include "nn/module.hpp"

namespace wengert::examples {

/// The points (20, 2) and their targets (20, 1).
struct Blobs {
  Tensor x, y;
};

/// 10 points N(-1, I) with target 1, then 10 points N(+1, I) with target 0; the first numbers drawn after seed().
Blobs draw_blobs();

/// How a model stands at a moment.
struct Standing {
  Losses losses;
  std::int64_t right = 0;  ///< points on their side of 1/2
};

/// One model in training or after it, for those who print and draw it.
struct Trained {
  std::string name;
  const nn::Module& model;
  std::function<Var(const Tensor& x)> predict;
  std::function<Loss()> loss;          ///< computed anew
  const nn::Module* old = nullptr;     ///< what it is pushed away from, or none
  Audit at_start = {};                 ///< before the first step, with --report or --audit
  ZeroingSteps zeroing = {};           ///< of its first steps, with --tape
  std::optional<Standing> first = {};  ///< before the first step; empty where training has not begun
  std::int64_t steps = 0;              ///< that were taken
  std::vector<Losses> history = {};    ///< before each epoch's step; empty unless asked for
  std::optional<Losses> last = {};     ///< after the last step; empty where training did not come that far
};

/// "A: epoch 1024 of 20000"
std::string how_far(const std::string& name, std::int64_t epoch, std::int64_t epochs);

/// Performs the step `epochs` times, captured and then replayed unless `eager`, and calls after(epoch) each time.
/// Ctrl-C ends it between two epochs. On a terminal, long training says how far it is.
template <class Step, class After>
void repeat(const std::string& name, std::int64_t epochs, bool eager, Step step, After after);

/// Whether the guard is read after this epoch: always, but that on a GPU it is every hundredth epoch and the last, since
/// reading waits for all that was issued. The guard keeps the parameters as they were, whenever it is read.
inline bool looks_at(std::int64_t epoch, const TwoBlobsOptions& options) {
  constexpr std::int64_t every = 100;
  return options.device.type != Device::Type::cuda || (epoch + 1) % every == 0 || epoch + 1 == options.epochs;
}

/// What bce and, if there is one, the push pull with at the model's parameters.
Audit audit_of(const nn::Module& model, const Loss& loss);

/// Why the loss is not finite, as the error that ends training: it names the op, the pair if it is one, and what to
/// change.
[[noreturn]] void stop_not_finite(const Trained& model, std::int64_t epoch, const TwoBlobsOptions& options);

/// Evaluates the model before the first step.
Standing standing_of(const Trained& model, const Blobs& data);

/// Evaluates the loss after the last step. Error: it is not finite, and steps of training made it so.
void finish(Trained& model, const TwoBlobsOptions& options);

template <class Step, class After>
void repeat(const std::string& name, std::int64_t epochs, bool eager, Step step, After after) {
  Progress progress(Progress::Where::terminals);
  std::optional<Capture> captured;
  for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
    if (captured) {
      captured->replay();
    } else if (eager) {
      step();
    } else {
      captured = capture(step);
    }
    after(epoch);
    if (epoch % 1024 == 0 && progress.due()) progress.show(how_far(name, epoch, epochs));
    stop_if_interrupted();
  }
}

}  // namespace wengert::examples
