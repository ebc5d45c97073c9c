// steps JSON [DEVICE]: whole training steps through the engine, eager and captured: on a GPU a captured step is one graph.
//
// A time is that of many steps and of the wait at their end, the best of three tries.
#include <wengert.hpp>

#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

using namespace wengert;

namespace {

struct Timing {
  std::string name, how;
  double seconds;
  std::size_t calls;
};

double best_of_three(int steps, const std::function<void()>& step, const Tensor& last) {
  double best = 1e9;
  for (int attempt = 0; attempt < 3; ++attempt) {
    last.to_vector();  // waits
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < steps; ++i) step();
    last.to_vector();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    best = std::min(best, seconds / steps);
  }
  return best;
}

/// Times a step that leaves its loss in `loss`; error: the captured steps do not lower it.
void time_step(std::vector<Timing>& timings, const std::string& name, int steps, const std::function<void()>& step,
               const std::function<Tensor()>& loss) {
  step();
  timings.push_back({name, "eager", best_of_three(steps / 10, step, loss()), 0});
  Capture captured = capture(step);
  const float before = loss().item();
  timings.push_back({name, "captured",
                     best_of_three(
                         steps, [&] { captured.replay(); }, loss()),
                     captured.size()});
  if (!(loss().item() < before)) throw Error(name + ": the loss does not fall");
}

struct Net : nn::Module {
  nn::Linear fc1, fc2;
  Net(int in, int hidden, int out)
      : fc1(add("fc1", nn::Linear(in, hidden))), fc2(add("fc2", nn::Linear(hidden, out))) {}
  Var operator()(const Var& x) const { return fc2(relu(fc1(x))); }
};

void two_blobs(std::vector<Timing>& timings, Device device) {
  const Tensor x = cat({randn({10, 2}, -1), randn({10, 2}, 1)}).to(device);
  const Tensor y = cat({Tensor::ones({10, 1}), Tensor::zeros({10, 1})}).to(device);
  Net a(2, 4, 1), b(2, 4, 1);
  a.to(device);
  b.to(device);
  optim::SGD sgd(b.parameters(), {.lr = 0.01});
  Tensor last;
  const auto step = [&] {
    sgd.zero_grad();
    const Var loss = losses::bce(sigmoid(b(x)), y) + losses::inverse_l1(a.detach(), b);
    backward(loss);
    sgd.step();
    last = loss.detach();
  };
  time_step(timings, "two_blobs, B's step", 10000, step, [&] { return last; });
}

void mnist(std::vector<Timing>& timings, Device device, bool similarity) {
  const Tensor x = rand({128, 784}).to(device);
  std::vector<int> classes(128);
  for (int i = 0; i < 128; ++i) classes[static_cast<std::size_t>(i)] = i * 7 % 10;
  const Tensor labels = Tensor::from(classes, {128}).to(device);
  Net a(784, 256, 10), b(784, 256, 10);
  a.to(device);
  b.to(device);
  optim::Adam adam(b.parameters(), {.lr = 1e-4});
  Tensor last;
  const auto step = [&] {
    adam.zero_grad();
    Var loss = losses::cross_entropy(b(x), labels);
    if (similarity) loss += losses::inverse_l1(a.detach(), b);
    backward(loss);
    adam.step();
    last = loss.detach();
  };
  time_step(timings, similarity ? "784-256-10, batch 128, Adam, with similarity" : "784-256-10, batch 128, Adam", 2000,
            step, [&] { return last; });
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Device device = Device::parse(argc > 2 ? argv[2] : "cuda");
    require_available(device);
    seed(0);
    std::vector<Timing> timings;
    two_blobs(timings, device);
    mnist(timings, device, false);
    mnist(timings, device, true);
    std::ofstream out(argc > 1 ? argv[1] : "/dev/null");
    out << "[";
    for (const Timing& timing : timings) {
      std::cout << timing.name << ", " << timing.how << ": " << timing.seconds * 1e6 << " us, " << timing.calls
                << " calls\n";
      out << (&timing == timings.data() ? "\n" : ",\n") << "{\"name\": \"" << timing.name << "\", \"how\": \""
          << timing.how << "\", \"seconds\": " << timing.seconds << ", \"calls\": " << timing.calls << "}";
    }
    out << "]\n";
  } catch (const std::exception& error) {
    std::cerr << "steps: " << error.what() << "\n";
    return 1;
  }
}
