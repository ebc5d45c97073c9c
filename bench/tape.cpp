// What the tape itself costs: recording, freeing and walking steps whose arithmetic is next to nothing.
#include <benchmark/benchmark.h>
#include <wengert.hpp>

using namespace wengert;

namespace {

struct Net : nn::Module {
  nn::Linear fc1 = add("fc1", nn::Linear(2, 4));
  nn::Linear fc2 = add("fc2", nn::Linear(4, 1));
  Var operator()(const Var& x) const { return sigmoid(fc2(relu(fc1(x)))); }
};

// Steps recorded in a row before they are freed, so that nodes come from the pool.
constexpr int chain = 1000;

// A recorded addition of one element, names and source lines included; freeing it is not in the time.
void recorded_add(benchmark::State& state) {
  const Var a = Var::parameter(Tensor::ones({1})), b = Var::parameter(Tensor::ones({1}));
  Var sum = a;
  while (state.KeepRunningBatch(chain)) {
    for (int i = 0; i < chain; ++i) sum = sum + b;
    state.PauseTiming();
    sum = a;
    state.ResumeTiming();
  }
}
BENCHMARK(recorded_add);

void recorded_add_and_freed(benchmark::State& state) {
  const Var a = Var::parameter(Tensor::ones({1})), b = Var::parameter(Tensor::ones({1}));
  Var sum = a;
  while (state.KeepRunningBatch(chain)) {
    for (int i = 0; i < chain; ++i) sum = sum + b;
    sum = a;
  }
}
BENCHMARK(recorded_add_and_freed);

void add_without_tape(benchmark::State& state) {
  const Tensor a = Tensor::ones({1}), b = Tensor::ones({1});
  Tensor sum = a;
  for (auto _ : state) sum = sum + b;
}
BENCHMARK(add_without_tape);

void backward_of_adds(benchmark::State& state) {
  const Var a = Var::parameter(Tensor::ones({1})), b = Var::parameter(Tensor::ones({1}));
  while (state.KeepRunningBatch(chain)) {
    state.PauseTiming();
    Var sum = a;
    for (int i = 0; i < chain; ++i) sum = sum + b;
    state.ResumeTiming();
    backward(sum);
  }
}
BENCHMARK(backward_of_adds);

// A step of the two-blob experiment's model B: eager, composed of single ops, and captured.
enum class Run { eager, composed, captured };
void two_blob_step(benchmark::State& state, Run run) {
  seed(0);
  const Tensor x = randn({20, 2}), y = rand({20, 1});
  const Net a, b;
  optim::SGD sgd(b.parameters(), {.lr = 0.01});
  const auto step = [&] {
    sgd.zero_grad();
    const Var fit = losses::bce(b(x), y);
    const Var push =
        run == Run::composed ? losses::inverse_l1_composed(a.detach(), b) : losses::inverse_l1(a.detach(), b);
    backward(fit + push);
    sgd.step();
  };
  if (run == Run::captured) {
    Capture captured = capture(step);
    for (auto _ : state) captured.replay();
  } else {
    for (auto _ : state) step();
  }
}
BENCHMARK_CAPTURE(two_blob_step, eager, Run::eager);
BENCHMARK_CAPTURE(two_blob_step, composed, Run::composed);
BENCHMARK_CAPTURE(two_blob_step, captured, Run::captured);

}  // namespace

BENCHMARK_MAIN();
