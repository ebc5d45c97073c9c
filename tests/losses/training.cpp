// Whole training runs leave the same bits however they are run.
#include <doctest/doctest.h>

#include <thread>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "kernels/base/parallel.hpp"
#include "losses/bce.hpp"
#include "losses/cross_entropy.hpp"
#include "losses/inverse_l1.hpp"
#include "nn/activation.hpp"
#include "nn/optim/adam.hpp"
#include "nn/optim/sgd.hpp"
#include "nn/sequential.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using testing::Net;

namespace {

std::vector<float> two_blobs(bool captured, bool zeroed) {
  seed(8);
  const testing::Blobs data;
  const Net a, b;
  optim::SGD sgd(b.parameters(), {.lr = 0.01});
  const auto step = [&] {
    if (zeroed) sgd.zero_grad();
    const Var loss = losses::bce(b(data.x), data.y);
    const Var push = losses::inverse_l1(a.detach(), b);
    backward(loss + push);
    sgd.step();
  };
  if (captured) {
    Capture capture = wengert::capture(step);
    for (int i = 1; i < 200; ++i) capture.replay();
  } else {
    for (int i = 0; i < 200; ++i) step();
  }
  return b.detach().flat().to_vector();
}

// A model and a batch large enough for every kernel to be cut into parts.
std::vector<float> wide_model() {
  seed(9);
  const nn::Sequential net(nn::Linear(300, 200), nn::ReLU(), nn::Linear(200, 10));
  const Tensor x = randn({300, 300});
  std::vector<int> labels;
  for (int i = 0; i < 300; ++i) labels.push_back(i % 10);
  const Tensor y = Tensor::from(labels, {300});
  optim::Adam adam(net.parameters());
  for (int i = 0; i < 3; ++i) {
    adam.zero_grad();
    backward(losses::cross_entropy(net(x), y));
    adam.step();
  }
  return net.detach().flat().to_vector();
}

}  // namespace

TEST_CASE("captured and eager training leave the same bits, with and without zeroing") {
  for (const bool zeroed : {true, false}) {
    CAPTURE(zeroed);
    CHECK(two_blobs(true, zeroed) == two_blobs(false, zeroed));
  }
}

TEST_CASE("one and two threads leave the same bits") {
  const auto one = wide_model();
  set_threads(2);
  const auto two = wide_model();
  set_threads(1);
  CHECK(one == two);
}

TEST_CASE("two threads with a tape each on one frozen model") {
  seed(10);
  const testing::Blobs data;
  const Net frozen;
  frozen.freeze();
  const auto train = [&](std::vector<float>& result, std::uint64_t own_seed, bool captured) {
    seed(own_seed);
    const Net net;
    optim::SGD sgd(net.parameters(), {.lr = 0.01});
    const auto step = [&] {
      sgd.zero_grad();
      const Var loss = losses::bce(net(data.x), frozen(data.x).detach());
      backward(loss + losses::inverse_l1(frozen.detach(), net));
      sgd.step();
    };
    if (captured) {
      Capture capture = wengert::capture(step);
      for (int i = 1; i < 100; ++i) capture.replay();
    } else {
      for (int i = 0; i < 100; ++i) step();
    }
    result = net.detach().flat().to_vector();
  };
  std::vector<float> alone, first, second;
  train(alone, 1, false);
  std::thread other([&] { train(second, 1, true); });
  train(first, 1, false);
  other.join();
  CHECK(first == alone);
  CHECK(second == alone);
}
