#include <fmt/format.h>

#include "examples/support/page.hpp"
#include "examples/support/two_blobs/sections.hpp"
#include "kernels/base/text_stream.hpp"

namespace wengert::examples {

std::string settings(const TwoBlobsOptions& options) {
  TextStream device;
  device << options.device;
  if (options.products != Products::own) device << ", linear layers by " << options.products;
  const char* const per = options.inverse_l1.per == Per::tensor ? "inverse-l1, per tensor" : "inverse-l1, per model";
  return settings_list({
      {"Epochs, each model", fmt::format("{}", options.epochs)},
      {"Learning rate", fmt::format("{}", options.lr)},
      {"Points and first weights", options.init.empty() ? fmt::format("seed {}", options.seed) : options.init},
      {"Similarity", options.similarity ? per : "none"},
      {"Strength, eps", fmt::format("{}, {}", options.strength, options.inverse_l1.eps)},
      {"Gradients", options.zero_grad ? "zeroed before each step" : "never zeroed"},
      {"Device", device.str()},
      {"Program", fmt::format("two_blobs {} ({})", version(), build())},
  });
}

}  // namespace wengert::examples
