// What building a module costs.
#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <string>

#include "nn/activation.hpp"
#include "nn/linear.hpp"
#include "nn/sequential.hpp"

using namespace wengert;

namespace {

// Of the processor, so that other programs' load does not count.
double seconds(const auto& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

// The least of three, of building a module of so many layers and asking for its weights.
double time_of(const auto& build, int layers) {
  double least = 1e9;
  for (int k = 0; k < 3; ++k) least = std::min(least, seconds([&] { CHECK(build(layers).detach().size() > 0); }));
  return least;
}

nn::Sequential flat(int layers) {
  nn::Sequential net;
  for (int k = 0; k < layers; ++k) net.append(nn::Linear(32, 32));
  return net;
}

nn::Sequential nested(int layers) {
  nn::Sequential net;
  for (int k = 0; k < layers / 8; ++k) {
    net.append(nn::Sequential(flat(4), nn::ReLU(), flat(4)));
  }
  return net;
}

nn::Module of_tensors(int count) {
  nn::Module module;
  for (int k = 0; k < count; ++k) (void)module.add(std::to_string(k), Tensor::ones({100}));
  return module;
}

}  // namespace

TEST_CASE("cost: building a module takes time in proportion to its parameters, flat, nested, or of tensors") {
  const auto linear = [](const std::string& what, const auto& build) {
    const double small = time_of(build, 1000), large = time_of(build, 8000);
    MESSAGE(what << ": 1,000 in " << small << " s, 8,000 in " << large << " s");
    CHECK(large < 24 * small);  // 64 if it were quadratic
  };
  linear("layers", flat);
  linear("nested layers", nested);
  linear("tensors", of_tensors);
}

TEST_CASE("cost: a hundred layers of 512x512 are built in the time of their random numbers") {
  const auto build = [](int layers) {
    nn::Sequential net;
    for (int k = 0; k < layers; ++k) net.append(nn::Linear(512, 512));
    return net;
  };
  const double numbers = seconds([] {
    for (int k = 0; k < 100; ++k) nn::kaiming_uniform({512, 512}, 512);
  });
  const double whole = time_of(build, 100);
  MESSAGE("built in " << whole << " s, the random numbers alone take " << numbers << " s");
  CHECK(whole < 15 * numbers);  // 35 times where each addition moves all that was added before
}
