// The images that a run of mnist sees, and in which order, for mnist.py to train on the same in PyTorch.
//
//   parity_mnist OUT OPTIONS...    takes mnist's options; OUT gets "x" (n, 784) and "y" (n), "test_x" and "test_y", and
//                                  "order" (epochs, n): member 0's
#include <iostream>
#include <numeric>

#include "examples/support/mnist/ensemble.hpp"
#include "nn/data/shuffle.hpp"
#include "nn/safetensors.hpp"

using namespace wengert;
using namespace wengert::examples;

namespace {

Tensor images(const data::Samples& samples) {
  std::vector<float> values;
  for (const std::uint8_t ink : samples.pixels) values.push_back(static_cast<float>(ink) / 255);
  return Tensor::from(values, {samples.count(), samples.image_size()});
}

Tensor labels(const data::Samples& samples) {
  return Tensor::from(std::vector<int>(samples.labels.begin(), samples.labels.end()), {samples.count()});
}

Tensor orders(const mnist::Options& options, std::int64_t images) {
  std::vector<int> all;
  for (std::int64_t epoch = 0; epoch < options.epochs; ++epoch) {
    std::vector<std::uint32_t> order(static_cast<std::size_t>(images));
    data::shuffle(order, static_cast<std::uint64_t>(options.seed), static_cast<std::uint64_t>(epoch));
    all.insert(all.end(), order.begin(), order.end());
  }
  return Tensor::from(all, {options.epochs, images});
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const mnist::Options options = mnist::parse_options(argc - 1, argv + 1);
    const data::Dataset data = mnist::load_data(options);
    nn::save_tensors(argv[1], {{"x", images(data.train)},
                               {"y", labels(data.train)},
                               {"test_x", images(data.test)},
                               {"test_y", labels(data.test)},
                               {"order", orders(options, data.train.count())}});
  } catch (const std::exception& error) {
    std::cerr << "parity_mnist: " << error.what() << "\n";
    return 1;
  }
}
