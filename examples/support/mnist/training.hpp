// One member of an ensemble in training.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "autograd/capture.hpp"
#include "examples/support/mnist/diversity.hpp"
#include "examples/support/mnist/options.hpp"
#include "examples/support/progress.hpp"
#include "kernels/base/error.hpp"
#include "nn/data/batches.hpp"
#include "nn/named_tensor.hpp"
#include "nn/optim/adam.hpp"
#include "nn/optim/sgd.hpp"

namespace wengert::examples::mnist {

/// Training that cannot go on, or that came to nothing: the loss was not finite, or it grew beyond reason.
struct Diverged : Error {
  using Error::Error;
};

/// What an epoch of training came to.
struct Epoch {
  double loss = 0;  ///< the base loss, mean over the epoch's images
  /// |gradient of the diversity term| / |gradient of the base loss| after the last step; infinite where only the latter
  /// is 0.
  double pull = 0;
  double seconds = 0;  ///< of the steps and what they wait for
};

/// Trains member `number` of an ensemble, an epoch at a time, by captured steps: one for full batches, and one for the
/// smaller batch at an epoch's end. What it is given must outlive it, and stay where it is.
class Training {
 public:
  Training(const Options&, const data::Samples& train, const Members& earlier, const Network& member,
           std::int64_t number);

  /// Errors: Diverged, by the batch and the op whose result was not finite. Throws Interrupted after Ctrl-C.
  Epoch epoch(std::int64_t number, Progress&);

  /// All that epochs change, as views: the weights, and what the optimiser remembers. Assigned to those of another
  /// Training, they make it continue from here.
  std::vector<nn::NamedTensor> state() const;

 private:
  /// total = fit + push; there may be no push.
  struct Loss {
    Var total, fit;
    std::optional<Var> push;
  };
  /// For batches of one size.
  struct Step {
    Step(std::int64_t rows, std::int64_t inputs, std::size_t earlier, Device device);
    Tensor x, labels, targets;    // targets: the labels one-hot, for mse
    std::vector<Tensor> answers;  // of each earlier member
    Loss loss = {};
    std::optional<Capture> captured = {};
  };

  Loss loss_of(const Step&) const;
  void perform(Step&);
  void run(Step&, const data::Batch&);
  double pull_of(const Step&) const;
  [[noreturn]] void stop_not_finite(const Step&, const std::string& when) const;
  std::string how_far(std::int64_t epoch, std::int64_t batch, const Step&, double seconds) const;

  const Options& options_;
  const std::int64_t images_;
  const Members& earlier_;
  const Network& member_;
  const std::int64_t number_;
  data::Batches batches_;
  std::variant<optim::Adam, optim::SGD> optimizer_;
  std::function<double(std::int64_t step)> rate_;  // empty where it is constant
  optim::FiniteGuard guard_;
  Tensor sum_;  // of the base loss over the epoch's images so far, in the device's memory
  Step full_, last_;
};

}  // namespace wengert::examples::mnist
