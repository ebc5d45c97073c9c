// Tensors, tape and capture on the simulator, and on a GPU where there is one.
#include <doctest/doctest.h>

#include <sstream>

#include "autograd/backward.hpp"
#include "autograd/capture.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/layout.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/random.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/softmax.hpp"
#include "autograd/ops/unary.hpp"
#include "kernels/devices/devices.hpp"
#include "losses/cross_entropy.hpp"
#include "losses/inverse_l1.hpp"
#include "tests/support/devices.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/last_words.hpp"

using namespace wengert;
using testing::error_of;
using testing::fails_with;
using testing::other_devices;

namespace {

Tensor random(const Shape& shape) { return rand(shape, -1, 1); }

// A loss in which ops of many kinds take part, and the gradients of its two inputs.
std::vector<float> loss_and_gradients(const Tensor& a, const Tensor& b) {
  const Var x = Var::parameter(a), w = Var::parameter(b);
  const Var h = tanh(matmul(x, w)) * 0.5 + 1;
  const Var scaled = h / sum(square(h), 1, true);
  const Var picked = cat({slice(scaled, 1, 0, 2), transpose(slice(scaled, 0, 0, 2), 0, 1)});
  const Var loss = mean(picked) + sum(max(h, 0)) + mean(log_softmax(h)) + sum(abs(x));
  backward(loss);
  std::vector<float> all{loss.item()};
  for (const Var& leaf : {x, w}) {
    for (const float g : leaf.grad()->to_vector()) all.push_back(g);
  }
  return all;
}

}  // namespace

TEST_CASE("devices: values go there and come back") {
  for (const Device device : other_devices()) {
    CAPTURE(device);
    const Tensor host = Tensor::from({1.5, -2, 3}, {3});
    const Tensor there = host.to(device);
    CHECK(there.device() == device);
    CHECK(host.device() == Device{});
    CHECK(there.to_vector() == host.to_vector());
    CHECK(there.to(Device{}).to_vector() == host.to_vector());
    CHECK(there.clone().to_vector() == host.to_vector());
    CHECK(there.to(DType::i32).to_vector<int>() == std::vector{1, -2, 3});
    CHECK(sum(there).item() == 2.5F);
    std::ostringstream text;
    text << there;
    CHECK(text.str() == "[1.5, -2, 3]");

    const Tensor handle = there;
    there.assign({4, 5, 6});
    CHECK(handle.to_vector() == std::vector<float>{4, 5, 6});
    there.assign(host);
    host.assign({7, 8, 9});
    CHECK(there.to_vector() == std::vector<float>{1.5, -2, 3});
    host.assign(there);
    CHECK(host.to_vector() == std::vector<float>{1.5, -2, 3});
    CHECK(Tensor::zeros({0}, DType::f32, device).to_vector().empty());
  }
}

TEST_CASE("devices: a loss and its gradients are the CPU's") {
  seed(3);
  const Tensor x = random({5, 4}), w = random({4, 5});
  const std::vector<float> wanted = loss_and_gradients(x, w);
  for (const Device device : other_devices()) {
    CAPTURE(device);
    const std::vector<float> got = loss_and_gradients(x.to(device), w.to(device));
    REQUIRE(got.size() == wanted.size());
    for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == doctest::Approx(wanted[i]).epsilon(1e-5));
  }
}

TEST_CASE("devices: the similarity and its gradient have the CPU's bits") {
  seed(4);
  const Tensor a = random({5000}), b = random({5000});
  const auto run = [&](Device device) {
    const Var trained = Var::parameter(b.to(device));
    const Var loss = losses::inverse_l1(a.to(device), trained);
    backward(loss);
    std::vector<float> all = trained.grad()->to_vector();
    all.push_back(loss.item());
    return all;
  };
  const std::vector<float> wanted = run(Device{});
  for (const Device device : other_devices()) CHECK(run(device) == wanted);
}

TEST_CASE("devices: products are made by whom one chooses") {
  constexpr std::int64_t k = 2052;  // beyond what the kernel for small products takes
  constexpr double x = 1 + 0x1p-12;
  const auto product = [&](Device device, Products by) {
    set_products(device, by);
    const Tensor a = Tensor::full({2, k}, x, DType::f32, device), b = Tensor::full({k, 3}, 1, DType::f32, device);
    const float c = matmul(a, b).to_vector().back();
    set_products(device, Products::own);
    return c;
  };
  for (const Device device : other_devices()) {
    CAPTURE(device);
    const auto exact = doctest::Approx(k * x).epsilon(1e-6);
    CHECK(product(device, Products::own) == exact);
    CHECK(product(device, Products::tf32) == k);  // a TF32 has no room for the 2^-12
    CHECK(product(device, Products::three_tf32) == exact);
    std::string refused;
    try {
      const float c = product(device, Products::cublas);
      CHECK(c == exact);
    } catch (const Error& error) {
      refused = error.what();
      MESSAGE("not checked: ", refused);
    }
    CHECK((refused.empty() || refused.find("no cuBLAS") != std::string::npos));
  }
}

TEST_CASE("devices: operands on two of them are an error that names both") {
  const Tensor here = Tensor::ones({2}), there = here.to(Device::parse("simt"));
  CHECK(fails_with([&] { here + there; }, "binary<Add, float>", "are on cpu and simt", ".to(device)"));
  CHECK(fails_with([&] { losses::inverse_l1(here, Var::parameter(there)); }, "are on", "cpu", "simt"));
}

TEST_CASE("devices: a kernel that there is none of is an error that names it") {
  const Tensor wide = Tensor::ones({2}, DType::f64, Device::parse("simt"));
  CHECK(fails_with([&] { exp(wide); }, "device simt has no kernel unary<Exp, double>", "float32"));
  CHECK(wide.to(DType::f32).to_vector() == std::vector<float>{1, 1});
}

TEST_CASE("devices: a label that is none is an error when a value is next read, and the next step is right") {
  for (const Device device : other_devices()) {
    CAPTURE(device);
    const Tensor logits = Tensor::from({0.5, 1, 2, -1, 0, 1}, {2, 3}).to(device);
    const auto loss_of = [&](int label) {
      return losses::cross_entropy(logits, Tensor::from({0, label}, {2}).to(device)).item();
    };
    CHECK(fails_with([&] { loss_of(3); }, "cross_entropy", "row 1", "out of range"));
    CHECK(loss_of(2) == losses::cross_entropy(logits.to(Device{}), Tensor::from({0, 2}, {2})).item());
  }
}

TEST_CASE("devices: captured and eager steps leave the same bits there") {
  for (const Device device : other_devices()) {
    CAPTURE(device);
    const auto steps = [&](bool captured) {
      const Var w = Var::parameter(Tensor::from({0.3, -0.8}, {2}).to(device));
      const Tensor factor = Tensor::full({}, 0.5, DType::f32, device);
      const auto step = [&] {
        const Var loss = sum(exp(w * w)) * factor;
        backward(loss);
        w.detach().assign(w.detach() - *w.grad() * 0.01);
      };
      std::optional<Capture> capture;
      for (int i = 0; i < 5; ++i) {
        factor.assign({0.5 + i});
        if (capture) {
          capture->replay();
        } else if (captured) {
          capture = wengert::capture(step);
        } else {
          step();
        }
      }
      std::vector<float> left = w.to_vector();
      for (const float g : w.grad()->to_vector()) left.push_back(g);
      return left;
    };
    CHECK(steps(true) == steps(false));
  }
}

TEST_CASE("devices: what a capture cannot repeat is refused there too") {
  const Device simt = Device::parse("simt");
  const Tensor here = Tensor::ones({2}), there = here.to(simt);
  CHECK(fails_with([&] { capture([&] { here.to(simt); }); }, "another device", "capture"));
  CHECK(fails_with([&] { capture([&] { there.assign(here); }); }, "another device", "capture"));
  CHECK(fails_with([&] { capture([&] { there.item(); }); }, "item"));
  CHECK(fails_with([&] { capture([&] { exp(here), exp(there); }); }, "several devices"));
}

TEST_CASE("devices: more memory than there is is an error, and the process can go on") {
  for (const Device device : other_devices()) {
    CAPTURE(device);
    CHECK(fails_with([&] { Tensor::empty({std::int64_t{1} << 42}, DType::f32, device); }, "out of device memory",
                     std::to_string(std::int64_t{1} << 44)));
    CHECK(Tensor::ones({2}, DType::f32, device).to_vector() == std::vector<float>{1, 1});
  }
}

TEST_CASE("devices: host code cannot read the simulator's memory directly, as it could not a GPU's") {
  const Tensor there = Tensor::ones({2}, DType::f32, Device::parse("simt"));
  volatile float value = 0;
  const std::string said = testing::last_words([&] { value = there.data<float>()[1]; });
  CHECK(said.find("host code touches device memory") != std::string::npos);
}
