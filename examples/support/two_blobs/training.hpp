// What training two blobs leaves behind, and the loop around its step.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "autograd/capture.hpp"
#include "autograd/var.hpp"
#include "examples/support/program.hpp"
#include "examples/support/two_blobs/options.hpp"
#include "nn/module.hpp"

namespace wengert::examples {

/// The points (20, 2) and their targets (20, 1).
struct Blobs {
  Tensor x, y;
};

/// 10 points N(-1, I) with target 1, then 10 points N(+1, I) with target 0; the first numbers drawn after seed().
Blobs draw_blobs();

struct Losses {
  float bce = 0, similarity = 0;
};

/// One trained model, for those who print and draw it.
struct Trained {
  std::string name;
  const nn::Module& model;
  std::function<Var(const Tensor& x)> predict;
  std::vector<Losses> history = {};  ///< before each epoch's step; empty unless asked for
  Losses last = {};                  ///< after the last step
  std::string tape = {};             ///< its loss's tape as text, with --report
};

/// Performs the step `epochs` times, captured and then replayed unless `eager`, and calls after(epoch) each time.
/// Ctrl-C ends it between two epochs. On a terminal, long training says how far it is.
template <class Step, class After>
void repeat(const std::string& name, std::int64_t epochs, bool eager, Step step, After after);

/// Why the loss is not finite, as the error that ends training: it names the op, the pair if it is one, and what to
/// change. `loss` computes it anew; `old` is what the model is pushed away from, or null.
[[noreturn]] void stop_not_finite(const std::string& name, std::int64_t epoch, const std::function<Var()>& loss,
                                  const nn::Module* old, const nn::Module& model, const TwoBlobsOptions& options);

/// The loss's tape as text, cuts included. `loss` computes it anew.
std::string tape_text(const std::function<Var()>& loss);

/// Tells a person at a terminal how far it is, at most twice a second.
class Progress {
 public:
  Progress(std::string name, std::int64_t epochs);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void at(std::int64_t epoch) {
    if (shown_ && epoch % 1024 == 0) show(epoch);
  }

 private:
  void show(std::int64_t epoch);
  std::string name_;
  std::int64_t epochs_;
  bool shown_;
  bool written_ = false;
  double next_;
};

template <class Step, class After>
void repeat(const std::string& name, std::int64_t epochs, bool eager, Step step, After after) {
  Progress progress(name, epochs);
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
    progress.at(epoch);
    stop_if_interrupted();
  }
}

}  // namespace wengert::examples
