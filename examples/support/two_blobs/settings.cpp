#include <fmt/format.h>

#include <sstream>

#include "autograd/inspect/svg.hpp"
#include "examples/support/two_blobs/sections.hpp"

namespace wengert::examples {

std::string settings(const TwoBlobsOptions& options) {
  std::string items;
  const auto item = [&](const char* name, const std::string& value) {
    items += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, escaped(value));
  };
  std::ostringstream device;
  device << options.device;
  const char* const per = options.inverse_l1.per == Per::tensor ? "inverse-l1, per tensor" : "inverse-l1, per model";
  item("Epochs, each model", fmt::format("{}", options.epochs));
  item("Learning rate", fmt::format("{}", options.lr));
  item("Points and first weights", options.init.empty() ? fmt::format("seed {}", options.seed) : options.init);
  item("Similarity", options.similarity ? per : "none");
  item("Strength, eps", fmt::format("{}, {}", options.strength, options.inverse_l1.eps));
  item("Gradients", options.zero_grad ? "zeroed before each step" : "never zeroed");
  item("Device", device.str());
  item("Program", fmt::format("two_blobs {} ({})", version(), build()));
  return "<dl>\n" + items + "</dl>\n";
}

}  // namespace wengert::examples
