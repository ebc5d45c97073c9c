// Modules and optimisers on the simulator, and on a GPU where there is one.
#include <doctest/doctest.h>

#include <optional>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "losses/bce.hpp"
#include "losses/inverse_l1.hpp"
#include "nn/optim/adam.hpp"
#include "nn/optim/clip_grad_norm.hpp"
#include "nn/optim/finite_guard.hpp"
#include "nn/optim/sgd.hpp"
#include "tests/support/devices.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using testing::Blobs;
using testing::fails_with;
using testing::Net;
using testing::other_devices;

TEST_CASE("devices: a module moves with its gradients, and its handles follow") {
  const Device simt = Device::parse("simt");
  Net net;
  const nn::Weights view = net.detach();
  const std::vector<float> before = view.flat().to_vector();
  const Var weight = net.fc1.parameters()[0];
  backward(losses::bce(net(Blobs().x), Blobs().y));
  const std::vector<float> gradient = weight.grad()->to_vector();

  net.to(simt);
  CHECK(weight.device() == simt);
  CHECK(weight.grad()->device() == simt);
  CHECK(view.flat().device() == simt);
  CHECK(view.flat().to_vector() == before);
  CHECK(weight.grad()->to_vector() == gradient);
  backward(losses::bce(net(Blobs().x.to(simt)), Blobs().y.to(simt)));

  net.to(Device{});
  CHECK(view.flat().device() == Device{});
  CHECK(view.flat().to_vector() == before);
}

TEST_CASE("devices: a module that is part of another, or relied on, does not move") {
  const Device simt = Device::parse("simt");
  Net net;
  CHECK(fails_with([&] { net.to(Device::parse("cuda:255")); }, "cuda:255", "not available"));
  CHECK(fails_with([&] { net.fc1.to(simt); }, "part of another"));
  const optim::SGD sgd(net.parameters(), {.lr = 0.1});
  CHECK(fails_with([&] { net.to(simt); }, "an optimiser or a capture relies on"));
  net.to(Device{});
  nn::Linear there(2, 2);
  there.to(simt);
  struct Mixed : nn::Module {
    nn::Linear first = add("first", nn::Linear(2, 2));
  } mixed;
  CHECK(fails_with([&] { (void)mixed.add("second", std::move(there)); }, "one device", "cpu", "simt"));
}

TEST_CASE("devices: a module is built there of parts that are there") {
  struct Pair : nn::Module {
    nn::Linear first, second;
    Pair(nn::Linear a, nn::Linear b) : first(add("first", std::move(a))), second(add("second", std::move(b))) {}
  };
  for (const Device device : other_devices()) {
    nn::Linear a(2, 3), b(3, 1);
    std::vector<float> wanted = a.detach().flat().to_vector();
    for (const float value : b.detach().flat().to_vector()) wanted.push_back(value);
    a.to(device);
    b.to(device);
    const Pair pair(std::move(a), std::move(b));
    CHECK(pair.detach().flat().device() == device);
    CHECK(pair.detach().flat().to_vector() == wanted);
  }
}

TEST_CASE("devices: training there gives the CPU's weights") {
  const auto trained = [](Device device, bool adam, bool captured) {
    seed(1);
    const Blobs blobs;
    const Tensor x = blobs.x.to(device), y = blobs.y.to(device);
    Net a, b;
    a.to(device);
    b.to(device);
    std::optional<optim::SGD> sgd;
    std::optional<optim::Adam> with_adam;
    if (adam) {
      with_adam.emplace(b.parameters(), optim::AdamOptions{.lr = 0.01, .weight_decay = 0.01});
    } else {
      sgd.emplace(b.parameters(), optim::SGDOptions{.lr = 0.1, .momentum = 0.9, .weight_decay = 0.01});
    }
    const optim::FiniteGuard guard(device);
    const auto step = [&] {
      b.zero_grad();
      const Var loss = losses::bce(b(x), y) + losses::inverse_l1(a.detach(), b);
      guard.watch(loss);
      backward(loss);
      optim::clip_grad_norm(b.parameters(), 0.5);
      adam ? with_adam->step(guard) : sgd->step(guard);
    };
    if (captured) {
      Capture capture = wengert::capture(step);
      for (int i = 1; i < 20; ++i) capture.replay();
    } else {
      for (int i = 0; i < 20; ++i) step();
    }
    CHECK_FALSE(guard.tripped());
    return b.detach().flat().to_vector();
  };
  for (const bool adam : {false, true}) {
    const std::vector<float> wanted = trained(Device{}, adam, false);
    for (const Device device : other_devices()) {
      CAPTURE(device);
      const std::vector<float> got = trained(device, adam, false);
      for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == doctest::Approx(wanted[i]).epsilon(1e-5));
      CHECK(trained(device, adam, true) == got);
    }
  }
}
