#include "examples/support/two_blobs/options.hpp"

#include <limits>

#include "examples/support/command_line.hpp"

namespace wengert::examples {

TwoBlobsOptions parse_two_blobs(int argc, const char* const* argv) {
  TwoBlobsOptions options;
  std::string device = "cpu", linear = "own", similarity = "inverse-l1", per = "tensor";
  bool no_zero_grad = false;
  constexpr auto most = std::numeric_limits<std::int64_t>::max();

  CommandLine line(
      "two_blobs",
      "Trains model A on two blobs of points, then model B on the same points and away from A's parameters, by the "
      "loss 1 / sum|A - B|, with no gradient into A. Prints both models side by side.");
  line.text(
      "--device", device, [](const std::string& name) { Device::parse(name); },
      "Where to compute: cpu, simt, cuda or cuda:N");
  line.choice("--linear", linear, {"own", "tf32", "3xtf32", "cublas"},
              "Who computes the linear layers on a GPU: own kernels in float32, the tensor cores, or cuBLAS");
  line.whole("--epochs", options.epochs, 0, most, "Steps of SGD, for each model");
  line.number("--lr", options.lr, 0, "Learning rate");
  line.whole("--seed", options.seed, 0, most, "Of the points and of the first weights");
  line.choice("--similarity", similarity, {"inverse-l1", "none"}, "What pushes B away from A");
  line.choice("--per", per, {"tensor", "model"}, "What one sum|A - B| runs over");
  line.number("--strength", options.strength, std::numeric_limits<double>::lowest(),
              "Factor of the similarity in B's loss");
  line.number("--eps", options.inverse_l1.eps, 0, "Added to each sum|A - B|: finite also where A and B are equal");
  line.whole("--threads", options.threads, 1, 1024, "Threads for the kernels; the numbers do not depend on it");
  line.flag("--no-zero-grad", no_zero_grad, "Never zero gradients, as in the forum post that this comes from");
  line.flag("--eager", options.eager, "Record every step anew in place of replaying one; the numbers are the same");
  line.flag("--lint", options.lint,
            "Watch the training for the usual mistakes, and say on standard error where they are");
  line.file("--init", options.init, "Start from the points and weights of this safetensors file");
  line.file("--save", options.save, "Write points and trained weights to this safetensors file");
  line.file("--log", options.log, "Write each epoch's losses to this CSV file");
  line.file("--report", options.report, "Write what happened to this HTML page");
  line.file("--picture", options.picture, "Write what the models answer where in the plane to this SVG file");
  line.flag("--audit", options.audit,
            "Print how hard each term of B's loss pulls at B's parameters, before the first step and after the last");
  line.file("--tape", options.tape,
            "Write the tape of B's loss, with and without detach, to this HTML page, to step through backward");
  line.flag("--quiet", options.quiet, "Print nothing but the last two lines");
  line.parse(argc, argv);

  options.device = Device::parse(device);
  options.products = parse_products(linear);
  options.similarity = similarity != "none";
  options.inverse_l1.per = per == "model" ? Per::model : Per::tensor;
  options.zero_grad = !no_zero_grad;
  return options;
}

}  // namespace wengert::examples
