// What a step costs: no heap allocation once it is warm, however it is run.
#include <doctest/doctest.h>

#include <iostream>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "kernels/base/memory.hpp"
#include "losses/bce.hpp"
#include "losses/cosine.hpp"
#include "losses/inverse_l1.hpp"
#include "nn/optim/adam.hpp"
#include "nn/optim/clip_grad_norm.hpp"
#include "nn/optim/sgd.hpp"
#include "tests/support/count_allocations.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using testing::allocations;
using testing::Net;

namespace {

// How often a hundred warm runs of the step reach the heap.
template <class Step>
std::size_t allocations_of(const Step& step) {
  for (int i = 0; i < 10; ++i) step();
  const std::size_t before = allocations();
  for (int i = 0; i < 100; ++i) step();
  return allocations() - before;
}

bool pools_are_off() {
  release(allocate(64), 64);
  return pooled_bytes() == 0;
}

}  // namespace

TEST_CASE("a warm step does not reach the heap: eager, composed, captured") {
  if (pools_are_off()) {
    std::cout << "[skipped] under the sanitizers every block is a plain malloc\n";
    return;
  }
  seed(0);
  const testing::Blobs data;
  Net a, b;
  optim::SGD sgd(b.parameters(), {.lr = 0.01, .momentum = 0.9});
  optim::Adam adam(b.parameters());
  const auto step = [&](auto&& push, auto&& optimizer) {
    b.zero_grad();
    const Var loss = losses::bce(b(data.x), data.y) + push();
    backward(loss);
    optim::clip_grad_norm(b.parameters(), 1);
    optimizer.step();
  };
  const auto fused = [&] { return losses::inverse_l1(a.detach(), b); };
  const auto composed = [&] { return losses::inverse_l1_composed(a.detach(), b); };
  CHECK(allocations_of([&] { step(fused, sgd); }) == 0);
  CHECK(allocations_of([&] { step(fused, adam); }) == 0);
  CHECK(allocations_of([&] { step(composed, sgd); }) == 0);
  const auto turned = [&] { return losses::cosine(a.detach(), b, {.per = Per::model}); };
  CHECK(allocations_of([&] { step(turned, sgd); }) == 0);
  Capture captured = capture([&] { step(fused, sgd); });
  CHECK(allocations_of([&] { captured.replay(); }) == 0);
  const std::size_t beyond_pools = std::size_t{4} << 20;
  CHECK(allocations_of([=] { release(allocate(beyond_pools), beyond_pools); }) == 100);  // the counter counts
}
