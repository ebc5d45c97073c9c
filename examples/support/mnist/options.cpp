#include "examples/support/mnist/options.hpp"

#include <fmt/format.h>

#include <limits>

#include "examples/support/command_line.hpp"
#include "examples/support/mnist/state.hpp"
#include "examples/support/program.hpp"
#include "kernels/base/text_stream.hpp"
#include "nn/data/dataset.hpp"

namespace wengert::examples::mnist {
namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t most_units = 1'000'000;  // so that no product of sizes overflows

// The options as they are typed, where that is not how Options holds them.
struct Typed {
  std::string device = "cpu", diversity = "none", per = "tensor", schedule;
  std::optional<double> strength;
};

std::vector<std::string> diversity_names() {
  std::vector<std::string> names;
  for (const Diversity& one : diversities()) names.emplace_back(one.name);
  return names;
}

std::string strengths() {
  std::string list;
  for (const Diversity& one : diversities()) {
    if (one.term) list += fmt::format("{}{} {}", list.empty() ? "" : ", ", one.name, one.strength);
  }
  return list;
}

void declare_training(CommandLine& line, Options& options, Typed& typed) {
  line.choice("--dataset", options.dataset, {"mnist", "fashion", "synthetic"},
              "The images; synthetic ones are drawn, and need no files");
  line.input_folder("--data", options.data, is_data_file,
                    "Where the four IDX files are, plain or .gz (data/mnist; Fashion: where Debian puts it)");
  line.text(
      "--device", typed.device, [](const std::string& name) { Device::parse(name); },
      "Where to compute: cpu, simt, cuda or cuda:N");
  line.whole("--epochs", options.epochs, 0, 1'000'000, "How often each member sees the training images");
  line.whole("--batch", options.batch, 1, most_units, "Images of a step; an epoch's last batch may be smaller");
  line.whole("--hidden", options.hidden, 1, most_units, "Units of a hidden layer");
  line.whole("--layers", options.layers, 1, 1000, "Hidden layers");
  line.choice("--loss", options.loss, {"cross-entropy", "mse"}, "What is minimised; mse is of the probabilities");
  line.choice("--optimizer", options.optimizer, {"adam", "sgd"}, "What moves the weights");
  line.number("--lr", options.lr, 0, "Learning rate, where the schedule begins");
  line.choice("--schedule", typed.schedule, {"constant", "cosine", "cyclic"},
              "Of the learning rate: constant, the default; down to 0 in one half cosine; or cyclic: in one for each "
              "epoch, with snapshot one for each member");
  line.whole("--seed", options.seed, 0, most - 1'000'000,
             "Of the first weights and the order of images; member k: + k");
  line.whole("--threads", options.threads, 1, 1024, "Threads for the kernels; the numbers do not depend on it");
  line.whole("--train-limit", options.train_limit, 1, most, "Use only so many of the training images");
  line.whole("--test-limit", options.test_limit, 1, most, "Use only so many of the test images");
}

void declare_ensemble(CommandLine& line, Options& options, Typed& typed) {
  line.whole("--ensemble", options.ensemble, 1, 1000, "Members, trained one after another");
  line.choice("--diversity", typed.diversity, diversity_names(),
              "What a member does not to be like the earlier ones, which are frozen. snapshot: it begins where the one "
              "before it ended, with a cyclic learning rate; snapshot-ce: and negative-ce");
  line.choice("--per", typed.per, {"tensor", "model"}, "Over what inverse-l1, cosine and correlation are taken");
  line.number("--strength", typed.strength, std::numeric_limits<double>::lowest(),
              "Factor of the diversity in the loss: " + strengths());
}

void declare_files(CommandLine& line, Options& options) {
  line.input_file("--init", options.init, "Start member 0 from the weights of this safetensors file");
  line.output_folder("--save", options.save, is_run_file,
                     "Keep the members, and after every epoch the state, in this folder");
  line.flag("--overwrite", options.overwrite, "Let --save replace the run that the folder holds");
  line.input_folder("--resume", options.resume, is_run_file,
                    "Continue from the state in this folder, and keep it there unless --save says otherwise. The other "
                    "options must be the same, but --ensemble may grow, and with one member so may --epochs, where no "
                    "schedule depends on their number");
  line.output_file("--json", options.json, "Write settings, members, ensemble and pairs to this JSON file");
  line.output_file("--report", options.report, "Write what happened to this HTML page");
  line.flag("--quiet", options.quiet,
            "Print nothing on standard output but the last lines, one for each member and one for the ensemble");
}

// What is taken over all parameters of a model or for each.
bool has_per(const Diversity& diversity) {
  const std::string name = diversity.name;
  return name == "inverse-l1" || name == "cosine" || name == "correlation";
}

// --epochs 0 is no reason: it asks for the beginning of the run that the other options describe.
void refuse_without_effect(const CommandLine& line, const Options& options) {
  const Diversity& diversity = *options.diversity;
  const std::string named = fmt::format("with --diversity {}", diversity.name);
  if (options.save.empty()) line.has_no_effect({"--overwrite"}, "without --save");
  if (!diversity.term) line.has_no_effect({"--strength"}, named);
  if (!has_per(diversity)) line.has_no_effect({"--per"}, named);
  if (diversity.term && options.ensemble == 1) {
    const char* const alone = "with one member: there is none to push away from (see --ensemble)";
    line.has_no_effect({"--strength"}, alone);
    if (!diversity.snapshot) line.has_no_effect({"--diversity"}, alone);
  }
}

std::string text_of(Device device) {
  TextStream text;
  text << device;
  return text.str();
}

}  // namespace

bool is_data_file(std::string_view name) { return name.starts_with("train-") || name.starts_with("t10k-"); }

void check_data_folder(const CommandLine& line, const std::string& dataset, const std::string& folder) {
  if (dataset == "synthetic") {
    line.has_no_effect({"--data"}, "with --dataset synthetic, which draws its images");
  } else if (folder.empty()) {
    line.also_reads("the images in", data::usual_folder(dataset), is_data_file);
  }
}

Options parse_options(int argc, const char* const* argv) {
  Options options;
  Typed typed;
  CommandLine line(
      "mnist",
      "Trains networks on images of digits or clothes, each pushed away from the earlier ones if asked for, "
      "and says how different they became and whether that helped.");
  declare_training(line, options, typed);
  declare_ensemble(line, options, typed);
  declare_files(line, options);
  line.parse(argc, argv);

  options.device = Device::parse(typed.device);
  options.diversity = &diversity(typed.diversity);
  options.per = typed.per == "model" ? Per::model : Per::tensor;
  options.strength = typed.strength.value_or(options.diversity->strength);
  const std::string usual = options.diversity->snapshot ? "cyclic" : "constant";
  options.schedule = typed.schedule.empty() ? usual : typed.schedule;
  if (options.diversity->snapshot && options.schedule != usual) {
    throw WrongUsage(fmt::format("--diversity {} goes with --schedule cyclic alone, not with {}", typed.diversity,
                                 options.schedule));
  }
  refuse_without_effect(line, options);
  check_data_folder(line, options.dataset, options.data);
  if (options.save.empty()) options.save = options.resume;
  return options;
}

std::vector<Setting> settings(const Options& options) {
  constexpr bool text = true, number = false, decides = true, beside = false;
  const auto whole = [](std::int64_t value) { return fmt::format("{}", value); };
  return {
      {"dataset", options.dataset, text, decides},
      {"data", options.data, text, beside},
      {"device", text_of(options.device), text, decides},
      {"epochs", whole(options.epochs), number, decides},
      {"batch", whole(options.batch), number, decides},
      {"hidden", whole(options.hidden), number, decides},
      {"layers", whole(options.layers), number, decides},
      {"loss", options.loss, text, decides},
      {"optimizer", options.optimizer, text, decides},
      {"lr", fmt::format("{}", options.lr), number, decides},
      {"schedule", options.schedule, text, decides},
      {"seed", whole(options.seed), number, decides},
      {"threads", whole(options.threads), number, beside},
      {"train-limit", options.train_limit ? whole(*options.train_limit) : "", number, decides},
      {"test-limit", options.test_limit ? whole(*options.test_limit) : "", number, decides},
      {"ensemble", whole(options.ensemble), number, decides},
      {"diversity", options.diversity->name, text, decides},
      {"per", options.per == Per::model ? "model" : "tensor", text, decides},
      {"strength", fmt::format("{}", options.strength), number, decides},
      {"init", options.init, text, decides},
      {"save", options.save, text, beside},
      {"resume", options.resume, text, beside},
  };
}

}  // namespace wengert::examples::mnist
