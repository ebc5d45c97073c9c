// Modules: one flat buffer at any depth, names, copying, sealing.
#include "nn/module.hpp"

#include <doctest/doctest.h>

#include "autograd/backward.hpp"
#include "autograd/inspect/inspect.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "nn/activation.hpp"
#include "nn/linear.hpp"
#include "nn/optim/sgd.hpp"
#include "nn/sequential.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using testing::fails_with;

namespace {

struct Block : nn::Module {
  nn::Linear first = add("first", nn::Linear(2, 3));
  nn::Linear second = add("second", nn::Linear(3, 2));
};
struct Tower : nn::Module {
  Var scale = add("scale", Tensor::full({1}, 2));
  Block low = add("low", Block());
  Block high = add("high", Block());
};

std::vector<std::string> names_of(const nn::Module& module) {
  std::vector<std::string> names;
  for (const auto& [name, parameter] : module.named_parameters()) names.push_back(name);
  return names;
}

}  // namespace

TEST_CASE("all parameters lie in one buffer, at any depth, without gaps") {
  const Tower tower;
  CHECK(names_of(tower) == std::vector<std::string>{"scale", "low.first.weight", "low.first.bias", "low.second.weight",
                                                    "low.second.bias", "high.first.weight", "high.first.bias",
                                                    "high.second.weight", "high.second.bias"});
  const char* next = tower.detach().flat().data<char>();
  for (const Var& parameter : tower.parameters()) {
    CHECK(parameter.detach().data<char>() == next);
    next += parameter.numel() * 4;
  }
  CHECK(tower.detach().flat().numel() == 1 + 2 * (9 + 8));
}

TEST_CASE("initial values survive every move, and handles follow") {
  seed(1);
  const Tower tower;
  seed(1);
  const Block low, high;
  CHECK(tower.low.detach().flat().to_vector() == low.detach().flat().to_vector());
  CHECK(tower.high.detach().flat().to_vector() == high.detach().flat().to_vector());
  CHECK(tower.scale.item() == 2);
  tower.detach().flat().assign(Tensor::full({35}, 7));
  CHECK(tower.high.second.bias.to_vector() == std::vector<float>{7, 7});
}

TEST_CASE("an optimiser on a grandchild trains the living copy") {
  const Tower tower;
  const auto before = tower.detach().clone();
  optim::SGD sgd(tower.high.second.parameters(), {.lr = 1});
  backward(sum(tower.high.second.bias * 3.0));
  sgd.step();
  const auto bias = before["high.second.bias"].to_vector();
  CHECK(tower.detach()["high.second.bias"].to_vector() == std::vector<float>{bias[0] - 3, bias[1] - 3});
  CHECK(tower.detach()["low.second.bias"].to_vector() == before["low.second.bias"].to_vector());
  CHECK(tower.detach()["high.second.weight"].to_vector() == before["high.second.weight"].to_vector());
}

TEST_CASE("writing one parameter alarms neither its neighbours nor escapes the whole") {
  const Tower tower;
  const Var neighbour = sum(square(tower.low.first.weight));
  tower.low.first.bias.detach().assign(Tensor::zeros({3}));
  backward(neighbour);
  CHECK(tower.low.first.weight.grad().has_value());
  const Var saved = sum(square(tower.low.first.bias));
  tower.assign(tower.detach().clone());
  CHECK(fails_with([&] { backward(saved); }, "square", "'low.first.bias'"));
}

TEST_CASE("detach is a view, its clone a snapshot, assign a copy") {
  const testing::Net a, b;
  const nn::Weights view = a.detach(), snapshot = a.detach().clone();
  b.assign(view);
  CHECK(b.detach().flat().to_vector() == snapshot.flat().to_vector());
  a.fc2.bias.detach().assign({42.});
  CHECK(view["fc2.bias"].item() == 42);
  CHECK(snapshot["fc2.bias"].item() != 42);
  CHECK(fails_with([&] { b.assign(Block().detach()); }, "assign", "'fc1.weight'", "'first.weight'"));
  CHECK(fails_with([&] { (void)view["fc3"]; }, "'fc3'"));
}

TEST_CASE("a parameter that is added twice is stored once") {
  nn::Module module;
  const Var w = module.add("w", Tensor::ones({2}));
  CHECK(module.add("again", w).node() == w.node());
  CHECK(names_of(module) == std::vector<std::string>{"w"});
  CHECK(module.detach().flat().numel() == 2);
  nn::Module other;
  CHECK(fails_with([&] { other.add("w", w); }, "add 'w'", "another module"));
}

TEST_CASE("modules refuse parts that would break the buffer") {
  nn::Module module;
  (void)module.add("w", Tensor::ones({2}));
  CHECK(fails_with([&] { module.add("w", Tensor::ones({2})); }, "'w'", "already"));
  CHECK(fails_with([&] { module.add("a.b", Tensor::ones({2})); }, "'a.b'", "dot"));
  CHECK(fails_with([&] { module.add("d", Tensor::ones({2}, DType::f64)); }, "float32", "float64"));
  const optim::SGD sgd(module.parameters());
  CHECK(fails_with([&] { module.add("late", Tensor::ones({2})); }, "'late'", "optimiser"));
  testing::Net net;
  CHECK(fails_with([&] { net.fc1.add("late", Tensor::ones({2})); }, "'late'", "part of another"));
  CHECK(fails_with([] { (void)nn::Module().detach(); }, "no parameters"));
}

TEST_CASE("freezing is of parameters, and zero_grad makes gradients absent") {
  const testing::Net net;
  net.fc1.freeze();
  const Var loss = sum(net(Tensor::ones({1, 2})));
  backward(loss);
  CHECK_FALSE(net.fc1.weight.grad().has_value());
  CHECK(net.fc2.weight.grad().has_value());
  net.zero_grad();
  CHECK_FALSE(net.fc2.weight.grad().has_value());
  net.unfreeze();
  CHECK(net.fc1.weight.requires_grad());
}

TEST_CASE("Sequential names its layers by number and takes any callable") {
  const nn::Sequential net(nn::Linear(2, 4), nn::ReLU(), nn::Linear(4, 1), [](const Var& x) { return x * 2.0; });
  CHECK(names_of(net) == std::vector<std::string>{"0.weight", "0.bias", "2.weight", "2.bias"});
  const Var y = net(Tensor::ones({3, 2}));
  CHECK(y.shape() == Shape{3, 1});
  backward(sum(y));
  for (const Var& parameter : net.parameters()) CHECK(parameter.grad().has_value());
}

TEST_CASE("layers start as PyTorch's do: uniform within 1 / sqrt(in)") {
  seed(2);
  const nn::Linear layer(16, 500);
  float lowest = 1, highest = -1;
  for (const float w : layer.weight.to_vector()) {
    lowest = std::min(lowest, w);
    highest = std::max(highest, w);
  }
  CHECK(lowest >= -0.25f);
  CHECK(highest <= 0.25f);
  CHECK(lowest < -0.249f);
  CHECK(highest > 0.249f);
}

TEST_CASE("detach inside an Inspect scope remembers which parameters it was cut from, and where, and outside nothing") {
  const nn::Linear layer(2, 3);
  CHECK_FALSE(layer.detach().flat().cut());
  const Inspect inspect;
  const nn::Weights weights = layer.detach();
  const int line = __LINE__ - 1;
  REQUIRE(weights.flat().cut());
  const Cut& whole = *weights.flat().cut();
  CHECK(whole.kind == Cut::Kind::detach);
  CHECK(whole.from == std::vector{layer.weight.node(), layer.bias.node()});
  CHECK(whole.where.line == line);
  const Tensor bias = weights["bias"];
  REQUIRE(bias.cut());
  CHECK(bias.cut()->from == std::vector{layer.bias.node()});
  CHECK(bias.cut()->where.line == line);
  CHECK(weights.clone().flat().cut() == weights.flat().cut());  // a snapshot says what it was taken of
}
