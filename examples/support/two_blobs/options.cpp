#include "examples/support/two_blobs/options.hpp"

#include <limits>

#include "examples/support/command_line.hpp"
#include "kernels/devices/registry.hpp"

namespace wengert::examples {
namespace {

// --epochs 0 is no reason: it asks for the beginning of the run that the other options describe.
void refuse_without_effect(const CommandLine& line, const TwoBlobsOptions& options) {
  if (!options.similarity) line.has_no_effect({"--per", "--strength", "--eps"}, "with --similarity none");
  if (!options.init.empty()) line.has_no_effect({"--seed"}, "with --init, which has the points and the first weights");
  if (options.quiet) line.has_no_effect({"--audit"}, "with --quiet");
  if (!kernels::is_cpu(options.device)) line.has_no_effect({"--threads"}, "with another --device than cpu");
}

}  // namespace

TwoBlobsOptions parse_two_blobs(int argc, const char* const* argv) {
  TwoBlobsOptions options;
  std::string device = "cpu", linear = "own", similarity = "inverse-l1", per = "tensor";
  bool no_zero_grad = false;
  constexpr auto most = std::numeric_limits<std::int64_t>::max();

  CommandLine line(
      "two_blobs",
      "Trains model A on two blobs of points, then model B on the same points, with a push away from A's parameters: "
      "B's loss is bce + strength * similarity. The similarity is the sum over the parameter tensors of 1 / sum|A - "
      "B|, "
      "or with --per model one 1 / sum|A - B| over all parameters. No gradient reaches A. Prints both models side by "
      "side.");
  line.text(
      "--device", device, [](const std::string& name) { Device::parse(name); },
      "Where to compute: cpu, simt, cuda or cuda:N");
  line.choice("--linear", linear, {"own", "tf32", "3xtf32", "cublas"},
              "Who computes the linear layers on a GPU: own kernels in float32, the tensor cores, or cuBLAS");
  line.whole("--epochs", options.epochs, 0, most, "Steps of SGD, for each model");
  line.number("--lr", options.lr, 0, "Learning rate");
  line.whole("--seed", options.seed, 0, most, "Of the points and of the first weights");
  line.choice("--similarity", similarity, {"inverse-l1", "none"}, "What pushes B away from A");
  line.choice("--per", per, {"tensor", "model"},
              "What one sum|A - B| runs over: each parameter tensor, whose quotients are added, or the whole model");
  line.number("--strength", options.strength, std::numeric_limits<double>::lowest(),
              "Factor of the similarity in B's loss");
  line.number("--eps", options.inverse_l1.eps, 0, "Added to each sum|A - B|: finite also where A and B are equal");
  line.whole("--threads", options.threads, 1, 1024, "Threads for the kernels; the numbers do not depend on it");
  line.flag("--no-zero-grad", no_zero_grad, "Never zero gradients, as in the forum post that this comes from");
  line.flag("--eager", options.eager, "Record every step anew in place of replaying one; the numbers are the same");
  line.flag("--lint", options.lint,
            "Watch the training for the usual mistakes, and say on standard error where they are");
  line.input_file("--init", options.init, "Start from the points and weights of this safetensors file");
  line.output_file("--save", options.save, "Write points and trained weights to this safetensors file");
  line.output_file("--log", options.log, "Write each epoch's losses to this CSV file");
  line.output_file("--report", options.report, "Write what happened to this HTML page");
  line.output_file("--picture", options.picture, "Write what the models answer where in the plane to this SVG file");
  line.flag("--audit", options.audit,
            "Print how hard each term of B's loss pulls at B's parameters, before the first step and after the last");
  line.output_file("--tape", options.tape,
                   "Write the tape of B's loss, with and without detach, to this HTML page, to step through backward");
  line.flag("--quiet", options.quiet, "Print nothing on standard output but the last two lines");
  line.parse(argc, argv);

  options.device = Device::parse(device);
  options.products = parse_products(linear);
  options.similarity = similarity != "none";
  options.inverse_l1.per = per == "model" ? Per::model : Per::tensor;
  options.zero_grad = !no_zero_grad;
  refuse_without_effect(line, options);
  return options;
}

}  // namespace wengert::examples
