// The freeze certificate: what stays is certified, what moves is named, and so is who moved it.
#include "autograd/inspect/ask/freeze_certificate.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "nn/optim/adam.hpp"
#include "nn/optim/sgd.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/two_blobs.hpp"

using namespace wengert;
using testing::fails_with;

namespace {

struct Experiment {
  testing::Net net;
  testing::Blobs data;
  optim::SGD sgd{net.parameters(), {.lr = 0.1, .momentum = 0.9, .weight_decay = 0.1}};

  void step() {
    sgd.zero_grad();
    const Var answer = net(data.x);
    backward(mean(square(answer - data.y)));
    sgd.step();
  }
  std::string only_moved(const FreezeCertificate& certificate, const std::string& parameter) const {
    const std::vector<FreezeCertificate::Moved> moved = certificate.moved();
    REQUIRE(moved.size() == 1);
    CHECK(moved[0].parameter == parameter);
    return moved[0].by;
  }
};

}  // namespace

TEST_CASE("freeze certificate: a frozen model that is used and stepped at stays") {
  seed(1);
  Experiment e;
  e.step();
  e.net.freeze();
  const FreezeCertificate certificate(e.net.parameters());
  const Var loss = sum(e.net(e.data.x));
  CHECK_FALSE(loss.requires_grad());
  e.sgd.step();  // with momentum, decay and a gradient left over from before
  CHECK(certificate.moved().empty());
  CHECK_NOTHROW(certificate.verify());
}

TEST_CASE("freeze certificate: who moved it") {
  seed(1);
  Experiment e;
  const Tensor first = e.net.parameters()[0].detach();
  SUBCASE("an assign to one parameter") {
    const FreezeCertificate certificate(e.net.parameters());
    first.assign(first + 1.0);
    CHECK(e.only_moved(certificate, "fc1.weight") == "an assign, the one write since");
    CHECK(fails_with([&] { certificate.verify(); }, "'fc1.weight' by an assign"));
    first.assign(first - 1.0);
    CHECK_FALSE(certificate.moved().empty());  // rounded: the bits are others
  }
  SUBCASE("what was written and put back has not moved") {
    const FreezeCertificate certificate(e.net.parameters());
    const Tensor before = first.clone();
    first.assign(first + 1.0);
    first.assign(before);
    CHECK(certificate.moved().empty());
  }
  SUBCASE("an assign to a view of the weights") {
    const FreezeCertificate certificate(e.net.parameters());
    e.net.detach()["fc1.weight"].assign(first * 2.0);
    CHECK(e.only_moved(certificate, "fc1.weight") == "an assign, the one write since");
  }
  SUBCASE("an assign to a view that reaches into the next parameter") {
    const FreezeCertificate certificate(e.net.parameters());
    const Tensor flat = e.net.detach().flat();
    Tensor(Storage::part_of(flat.storage(), 7, 2), {2}).assign({40., 41.});
    REQUIRE(certificate.moved().size() == 2);
    for (const auto& moved : certificate.moved()) CHECK(moved.by == "an assign, the one write since");
  }
  SUBCASE("an assign to the whole model") {
    const testing::Net other;
    const FreezeCertificate certificate(e.net.parameters());
    e.net.assign(other.detach());
    REQUIRE(certificate.moved().size() == 4);
    CHECK(certificate.moved()[2].by == "an assign, the one write since to all parameters as one");
  }
  SUBCASE("an optimiser, because it was not frozen") {
    const FreezeCertificate certificate(e.net.parameters());
    e.step();
    e.step();
    CHECK(certificate.moved().at(0).by == "a step of the optimiser sgd, the last of 2 writes since");
    const FreezeCertificate again(e.net.parameters());
    optim::Adam adam(e.net.parameters());
    adam.step();
    CHECK(again.moved().at(0).by == "a step of the optimiser adam, the one write since");
  }
  SUBCASE("a step that was captured before freezing") {
    Capture captured = capture([&] { e.step(); });
    e.net.freeze();
    const FreezeCertificate certificate(e.net.parameters());
    captured.replay();
    CHECK(certificate.moved().at(0).by == "the replay of a captured step, the one write since");
  }
  SUBCASE("a raw pointer") {
    const FreezeCertificate certificate(e.net.parameters());
    static_cast<float*>(first.storage()->data)[3] += 1;
    CHECK(e.only_moved(certificate, "fc1.weight").find("raw pointer") != std::string::npos);
  }
  SUBCASE("one bit, and the sign of a zero") {
    first.assign(Tensor::zeros(first.shape()));
    const FreezeCertificate certificate(e.net.parameters());
    first.assign(-first);
    CHECK(std::signbit(first.to_vector()[0]));
    CHECK(certificate.moved().size() == 1);
  }
}

TEST_CASE("freeze certificate: the hash is of names, shapes and bits") {
  const auto hash = [](const char* name, const Tensor& value) {
    return FreezeCertificate({named(name, Var(value))}).hash();
  };
  const Tensor x = Tensor::from({1.F, 2.F}, {2});
  CHECK(hash("x", x) == hash("x", x.clone()));
  CHECK(hash("x", x) != hash("y", x.clone()));
  CHECK(hash("x", x) != hash("x", Tensor::from({1.F, 2.F}, {1, 2})));
  CHECK(hash("x", x) != hash("x", Tensor::from({1.F, 3.F}, {2})));
  CHECK(hash("x", x) != hash("x", x.to(DType::f64)));
}

TEST_CASE("freeze certificate: it follows parameters that a module takes in, and has errors") {
  const Var w = Var::parameter(Tensor::from({1.F, 2.F}, {2}));
  const FreezeCertificate certificate({w});
  nn::Module module;
  module.add("w", w);
  CHECK(certificate.moved().empty());
  w.detach().assign({3, 4});
  CHECK(fails_with([&] { certificate.verify(); }, "'parameter 0' by an assign"));
  CHECK(fails_with([] { const FreezeCertificate none({}); }, "no parameters"));
  CHECK(fails_with([&] { capture([&] { const FreezeCertificate inside({w}); }); }, "freeze certificate"));
}
