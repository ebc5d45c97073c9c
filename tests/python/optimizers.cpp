// A hundred steps of every optimiser and schedule, for optimizers.py to hold against PyTorch's.
//
//   parity_optimizers IN OUT    IN has the parameters "start" (n) and the gradients of each step "gradients" (100, n);
//                               OUT gets "NAME" (100, n): the parameters after each step
//   parity_optimizers --list    the names, a line each
#include <functional>
#include <iostream>
#include <map>
#include <wengert.hpp>

using namespace wengert;

namespace {

constexpr std::int64_t steps = 100;
constexpr double lr = 0.05;

/// Moves the parameters by the gradient of one step.
using Step = std::function<void(std::int64_t step)>;
using Start = std::function<Step(const Var& parameter)>;

template <class Optimizer, class Options>
Start constant(Options options) {
  return [options](const Var& parameter) -> Step {
    const auto optimizer = std::make_shared<Optimizer>(std::vector<Var>{parameter}, options);
    return [optimizer](std::int64_t) { optimizer->step(); };
  };
}

template <class Optimizer, class Options, class Schedule>
Start scheduled(Options options, Schedule schedule) {
  return [options, schedule](const Var& parameter) -> Step {
    const auto optimizer = std::make_shared<Optimizer>(std::vector<Var>{parameter}, options);
    return [optimizer, schedule](std::int64_t step) {
      optimizer->set_lr(schedule(step));
      optimizer->step();
    };
  };
}

Start clipped(double max_norm) {
  return [max_norm](const Var& parameter) -> Step {
    const auto sgd = std::make_shared<optim::SGD>(std::vector<Var>{parameter}, optim::SGDOptions{.lr = lr});
    return [sgd, parameter, max_norm](std::int64_t) {
      optim::clip_grad_norm({parameter}, max_norm);
      sgd->step();
    };
  };
}

using optim::Adam, optim::AdamOptions, optim::SGD, optim::SGDOptions;

const std::map<std::string, Start> optimizers{
    {"sgd", constant<SGD>(SGDOptions{.lr = lr})},
    {"sgd_momentum", constant<SGD>(SGDOptions{.lr = lr, .momentum = 0.9})},
    {"sgd_momentum_decay", constant<SGD>(SGDOptions{.lr = lr, .momentum = 0.9, .weight_decay = 0.1})},
    {"sgd_clipped", clipped(0.5)},
    {"sgd_cosine", scheduled<SGD>(SGDOptions{.lr = lr}, optim::cosine(lr, steps))},
    {"sgd_cyclic", scheduled<SGD>(SGDOptions{.lr = lr}, optim::cyclic(lr, steps, 3))},
    {"adam", constant<Adam>(AdamOptions{.lr = lr})},
    {"adam_betas_decay",
     constant<Adam>(AdamOptions{.lr = lr, .beta1 = 0.8, .beta2 = 0.99, .eps = 1e-3, .weight_decay = 0.1})},
    {"adam_cosine", scheduled<Adam>(AdamOptions{.lr = lr}, optim::cosine(lr, steps))},
};

void run(const char* in, const char* out) {
  const auto tensors = nn::load_tensors(in);
  const Tensor start = nn::find_tensor(in, tensors, "start");
  const Tensor gradients = nn::find_tensor(in, tensors, "gradients");
  std::vector<nn::NamedTensor> results;
  for (const auto& [name, begin] : optimizers) {
    const Var parameter = Var::parameter(start.clone());
    const Step step = begin(parameter);
    std::vector<Tensor> path;
    for (std::int64_t t = 0; t < steps; ++t) {
      parameter.zero_grad();
      backward(parameter, select(gradients, 0, t));
      step(t);
      path.push_back(reshape(parameter.detach().clone(), {1, -1}));
    }
    results.push_back({name, cat(path)});
  }
  nn::save_tensors(out, results);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 3) {
      run(argv[1], argv[2]);
    } else {
      for (const auto& [name, begin] : optimizers) std::cout << name << "\n";
    }
  } catch (const std::exception& error) {
    std::cerr << "parity_optimizers: " << error.what() << "\n";
    return 1;
  }
}
