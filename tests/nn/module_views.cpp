// Views of a module's parameters: which of them see a write, and which follow when the buffer moves.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "autograd/backward.hpp"
#include "autograd/inspect/cut.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "nn/linear.hpp"
#include "nn/module.hpp"
#include "nn/optim/sgd.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/tower.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using testing::Block;
using testing::fails_with;
using testing::Tower;

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

TEST_CASE("a view that was taken before its module grew, or moved into another, follows") {
  nn::Linear layer(2, 3);
  const Tensor view = layer.detach()["bias"];
  const nn::Weights weights = layer.detach();
  const Tensor both(Storage::part_of(weights.flat().storage(), 4, 3), {3});  // of the weight's end and the bias' begin
  nn::Module parent;
  (void)parent.add("first", Tensor::ones({100}));
  const nn::Linear child = parent.add("layer", std::move(layer));
  for (int k = 0; k < 20; ++k) (void)parent.add("more" + std::to_string(k), Tensor::ones({100}));
  child.bias.detach().assign({1., 2., 3.});
  CHECK(view.to_vector() == std::vector<float>{1, 2, 3});
  CHECK(both.to_vector()[2] == 1);
  view.assign({4., 5., 6.});
  CHECK(parent.detach()["layer.bias"].to_vector() == std::vector<float>{4, 5, 6});
  CHECK(weights.flat().to_vector()[8] == 6);
}

TEST_CASE("a write through any handle is seen through every other one that it overlaps, and through no other") {
  const Tower tower;
  const nn::Weights all = tower.detach();
  const auto range = [&](std::int64_t begin, std::int64_t numel) {
    return Tensor(Storage::part_of(all.flat().storage(), begin, numel), {numel});
  };
  struct Handle {
    Tensor tensor;
    std::int64_t begin, end;
  };
  std::vector<Handle> handles{{all.flat(), 0, 35}};
  const auto add = [&](const Tensor& tensor, std::int64_t begin) {
    handles.push_back({tensor, begin, begin + tensor.numel()});
  };
  for (std::size_t k = 0; k < all.size(); ++k) {
    add(tower.parameters()[k].detach(), all.layout().offsets[k]);
    add(all[k], all.layout().offsets[k]);
  }
  add(tower.low.detach().flat(), 1);
  add(tower.low.second.detach().flat(), 10);
  add(tower.low.detach()["second.weight"], 10);
  add(range(0, 10), 0);   // some parameters whole
  add(range(5, 10), 5);   // from the midst of one to that of another
  add(range(8, 1), 8);    // inside one
  add(range(14, 7), 14);  // across two modules
  add(range(0, 35), 0);
  const Tensor inner = Tensor(Storage::part_of(range(5, 10).storage(), 2, 5), {5});  // a part of a part
  add(inner, 7);
  for (const Handle& written : handles) {
    std::vector<std::uint64_t> before;
    for (const Handle& handle : handles) before.push_back(handle.tensor.storage()->version());
    written.tensor.assign(Tensor::zeros(written.tensor.shape()));
    for (std::size_t k = 0; k < handles.size(); ++k) {
      CAPTURE(written.begin);
      CAPTURE(written.end);
      CAPTURE(handles[k].begin);
      CAPTURE(handles[k].end);
      const bool overlaps = handles[k].begin < written.end && written.begin < handles[k].end;
      CHECK((handles[k].tensor.storage()->version() > before[k]) == overlaps);
    }
  }
}

TEST_CASE("parts of a snapshot, or of any tensor, see each other's writes, also after some of them are gone") {
  const nn::Weights snapshot = nn::Linear(3, 2).detach().clone();
  const Var x = Var::parameter(Tensor::ones({2, 3}));
  const Var loss = sum(x * snapshot["weight"]);
  {
    const Tensor end(Storage::part_of(snapshot.flat().storage(), 5, 2), {2});
    (void)snapshot["bias"];
    end.assign({1., 2.});
  }
  CHECK(fails_with([&] { backward(loss); }, "mul", "changed in place"));
  const Var again = sum(x * snapshot["weight"]);
  snapshot["bias"].assign({3., 4.});
  backward(again);
  CHECK(x.grad().has_value());
  CHECK(fails_with([&] { Storage::part_of(snapshot.flat().storage(), 5, 4); }, "part", "8"));
  CHECK(fails_with([&] { Storage::part_of(snapshot.flat().storage(), -1, 2); }, "part"));
}

TEST_CASE("threads may take parts of one frozen model, and of one snapshot, at the same time") {
  const Tower tower;
  tower.freeze();
  const nn::Weights snapshot = tower.detach().clone();
  const std::vector<float> wanted = snapshot.flat().to_vector();
  std::atomic<int> wrong = 0;
  const auto look = [&] {
    for (int round = 0; round < 200; ++round) {
      for (const nn::Weights& weights : {tower.detach(), snapshot}) {
        for (std::size_t k = 0; k < weights.size(); ++k) {
          const Tensor part = weights[k], again = weights[k];
          wrong += part.storage() != again.storage();
          wrong += part.data<float>()[0] != wanted[static_cast<std::size_t>(weights.layout().offsets[k])];
        }
      }
    }
  };
  std::vector<std::thread> threads;
  for (int k = 0; k < 4; ++k) threads.emplace_back(look);
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("an optimiser's step is seen by those who saved a view of its parameters") {
  const testing::Net a, b;
  optim::SGD sgd(a.parameters(), {.lr = 1});
  const Var saved = sum(b.fc1.weight * a.detach()["fc1.weight"]);
  backward(sum(square(a.fc1.weight)));
  sgd.step();
  CHECK(fails_with([&] { backward(saved); }, "mul", "'fc1.weight'"));
}

TEST_CASE("detach inside an Inspect scope remembers which parameters it was cut from, and where, and outside nothing") {
  const nn::Linear layer(2, 3);
  CHECK_FALSE(cut_of(layer.detach().flat()));
  const Inspect inspect;
  const nn::Weights weights = layer.detach();
  const int line = __LINE__ - 1;
  REQUIRE(cut_of(weights.flat()));
  const Cut& whole = *cut_of(weights.flat());
  CHECK(whole.kind == Cut::Kind::detach);
  CHECK(whole.from == std::vector{layer.weight.node(), layer.bias.node()});
  CHECK(whole.where.line == line);
  const Tensor bias = weights["bias"];
  REQUIRE(cut_of(bias));
  CHECK(cut_of(bias)->from == std::vector{layer.bias.node()});
  CHECK(cut_of(bias)->where.line == line);
  CHECK(weights.clone().flat().tag() == weights.flat().tag());  // a snapshot says what it was taken of
}

TEST_CASE("a parameter keeps its version when its module becomes part of one that was written to") {
  nn::Module parent, child;
  (void)parent.add("a", Tensor::ones({2}));
  for (int k = 0; k < 3; ++k) parent.assign(parent.detach().clone());
  const Var b = child.add("b", Tensor::ones({2}));
  const Var saved = sum(square(b));
  const nn::Module kept = parent.add("c", std::move(child));
  backward(saved);
  CHECK(b.grad()->to_vector() == std::vector<float>{2, 2});
}
