// Modules: one flat buffer at any depth, names, copying, sealing.
#include "nn/module.hpp"

#include <doctest/doctest.h>

#include "autograd/backward.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "nn/activation.hpp"
#include "nn/linear.hpp"
#include "nn/optim/sgd.hpp"
#include "nn/sequential.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/tower.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using testing::Block;
using testing::fails_with;
using testing::Tower;

namespace {

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

TEST_CASE("a part without parameters may come first, or alone") {
  struct Act : nn::Module {
    Var operator()(const Var& x) const { return relu(x); }
  };
  const nn::Sequential net(Act(), nn::Linear(2, 1));
  CHECK(names_of(net) == std::vector<std::string>{"1.weight", "1.bias"});
  CHECK(net(Tensor::ones({3, 2})).shape() == Shape{3, 1});
  CHECK(net.detach().flat().numel() == 3);

  nn::Sequential bare{Act(), nn::Sequential(Act(), nn::ReLU())};
  CHECK(bare(Tensor::from({-1., 2.}, {2})).to_vector() == std::vector<float>{0, 2});
  CHECK(bare.parameters().empty());
  bare.freeze();
  bare.zero_grad();
  bare.to(Device{});
  CHECK(fails_with([&] { (void)bare.detach(); }, "detach", "no parameters"));
  nn::Module parent;
  (void)parent.add("first", std::move(bare));
  (void)parent.add("empty", Tensor::zeros({0, 3}));
  (void)parent.add("second", nn::Linear(1, 2));
  CHECK(parent.detach().flat().numel() == 4);
  CHECK(parent.detach()["second.bias"].shape() == Shape{2});
  CHECK(parent.detach()["empty"].shape() == Shape{0, 3});
}

TEST_CASE("a module that was moved from says so at every use, and can be given a new value") {
  nn::Sequential net(nn::Linear(2, 3), nn::ReLU());
  const nn::Sequential kept(std::move(net));
  const auto gone = [&](const auto& use) { return fails_with(use, "was moved from"); };
  CHECK(kept(Tensor::ones({1, 2})).shape() == Shape{1, 3});
  CHECK(gone([&] { (void)net.add("x", Tensor::ones({1})); }));
  CHECK(gone([&] { (void)net.add("x", nn::Linear(2, 2)); }));
  CHECK(gone([&] { net.append(nn::ReLU()); }));
  CHECK(gone([&] { net(Tensor::ones({1, 2})); }));
  CHECK(gone([&] { (void)net.parameters(); }));
  CHECK(gone([&] { (void)net.named_parameters(); }));
  CHECK(gone([&] { net.zero_grad(); }));
  CHECK(gone([&] { net.freeze(); }));
  CHECK(gone([&] { net.unfreeze(); }));
  CHECK(gone([&] { net.to(Device{}); }));
  CHECK(gone([&] { (void)net.detach(); }));
  CHECK(gone([&] { net.assign(kept.detach()); }));
  CHECK(gone([&] { net.save("x"); }));
  CHECK(gone([&] { optim::SGD(net.parameters(), {.lr = 1}); }));
  nn::Module parent;
  CHECK(fails_with([&] { (void)parent.add("child", std::move(net)); }, "add 'child'", "was moved from"));
  net = nn::Sequential(nn::Linear(4, 1));
  CHECK(net(Tensor::ones({1, 4})).shape() == Shape{1, 1});

  nn::Linear layer(2, 2);
  const nn::Linear taken = std::move(layer);
  CHECK(gone([&] { layer(Tensor::ones({1, 2})); }));
  nn::Weights weights = taken.detach();
  const nn::Weights other = std::move(weights);
  CHECK(weights.size() == other.size());
  CHECK(fails_with([] { nn::Weights(Tensor(), nullptr); }, "weights", "no layout"));
  CHECK(fails_with([&] { nn::Weights(Tensor(), other.shared_layout()); }, "weights", "(6,)", "undefined"));
}

TEST_CASE("names that a file cannot hold are refused when they are added") {
  nn::Module module;
  CHECK(fails_with([&] { module.add("", Tensor::ones({1})); }, "add", "empty"));
  CHECK(fails_with([&] { module.add("__metadata__", Tensor::ones({1})); }, "add", "'__metadata__'", "reserved"));
  CHECK(fails_with([&] { module.add("caf\xe9", Tensor::ones({1})); }, "add", "caf", "UTF-8"));
  CHECK(fails_with([&] { (void)module.add("\xff", nn::Linear(1, 1)); }, "add", "UTF-8"));
  CHECK(fails_with([&] { module.add("x", Tensor()); }, "add 'x'", "undefined"));
  CHECK(module.parameters().empty());
  (void)module.add("café", Tensor::ones({1}));
  CHECK(names_of(module) == std::vector<std::string>{"café"});
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

TEST_CASE("Sequentials nest, and so do their names") {
  const nn::Sequential pair(nn::Sequential(nn::Linear(2, 3), nn::Tanh()), nn::Linear(3, 1));
  CHECK(names_of(pair) == std::vector<std::string>{"0.0.weight", "0.0.bias", "1.weight", "1.bias"});
  nn::Sequential lone;
  lone.append(nn::Sequential(nn::Linear(2, 1))).append(nn::ReLU());
  CHECK(names_of(lone) == std::vector<std::string>{"0.0.weight", "0.0.bias"});
  CHECK(lone(Tensor::ones({1, 2})).shape() == Shape{1, 1});
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

TEST_CASE("a part without parameters is a part too: it cannot grow, nor be added twice") {
  struct Net : nn::Module {
    nn::Sequential body = add("body", nn::Sequential());
    nn::Linear head = add("head", nn::Linear(4, 1));
  };
  Net net;
  CHECK(fails_with([&] { net.body.append(nn::Linear(2, 4)); }, "add '0'", "part of another one already"));
  nn::Sequential other;
  CHECK(fails_with([&] { (void)other.add("body", std::move(net.body)); }, "part of another one already"));
}

TEST_CASE("a module that is moved to itself stays, and a layout is asked for no more parameters than it has") {
  nn::Linear layer(2, 3);
  nn::Linear& same = layer;
  layer = std::move(same);
  CHECK(layer.parameters().size() == 2);
  const nn::Weights weights = layer.detach();
  CHECK(fails_with([&] { (void)weights.name(2); }, "parameter 2", "there are 2"));
  CHECK(fails_with([&] { (void)weights.layout().numel(100'000'000); }, "there are 2"));
}
