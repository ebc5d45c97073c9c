// Which way of making an ensemble's members different makes them better together? Every one that mnist knows, for several
// seeds and widths, beside plain random initialisation and snapshots. docs/which_similarity.md shows a whole run.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "autograd/inspect/show/json.hpp"
#include "examples/support/command_line.hpp"
#include "examples/support/counted.hpp"
#include "examples/support/ensemble/json.hpp"
#include "examples/support/files.hpp"
#include "examples/support/mnist/ensemble.hpp"
#include "examples/support/program.hpp"
#include "examples/support/progress.hpp"
#include "kernels/base/error.hpp"
#include "kernels/base/parallel.hpp"

using namespace wengert;
using namespace wengert::examples;
using mnist::Diversity;

constexpr std::array<std::int64_t, 3> widths = {16, 64, 256};
constexpr const char* usual = "which_similarity.json";

struct Study {
  std::string dataset = "mnist", data, json;
  std::int64_t seeds = 5, members = 3, epochs = 20, train_limit = 5000, threads = 1;
};

Study parse(int argc, const char* const* argv) {
  Study study;
  CommandLine line("which_similarity",
                   "Trains ensembles in every way that mnist knows, for several seeds and widths of the hidden layer, "
                   "and writes what came of each.");
  line.choice("--dataset", study.dataset, {"mnist", "fashion", "synthetic"}, "The images");
  line.input_folder("--data", study.data, mnist::is_data_file, "Where the four IDX files are");
  line.whole("--seeds", study.seeds, 1, 1000, "Ensembles of each kind, which differ in their random numbers");
  line.whole("--ensemble", study.members, 2, 100, "Members of each");
  line.whole("--epochs", study.epochs, 1, 100'000, "How often each member sees the training images");
  line.whole("--train-limit", study.train_limit, 1, 1'000'000, "Training images, the first of the data set");
  line.whole("--threads", study.threads, 1, 1024, "Threads for the kernels; the numbers do not depend on it");
  line.output_file("--json", study.json, fmt::format("The file to write (default {}, unless that is there)", usual));
  line.parse(argc, argv);
  mnist::check_data_folder(line, study.dataset, study.data);
  if (study.json.empty()) {
    study.json = usual;
    if (std::filesystem::exists(usual)) {
      fail(usual, ": is there already; --json ", usual, " replaces it, and any other name keeps it");
    }
  }
  return study;
}

/// A way of making an ensemble.
struct Kind {
  std::string name;
  const Diversity* diversity;
  double strength;
};

/// Each at its default strength; and inverse-ce ten times as hard, to see what much diversity costs.
std::vector<Kind> kinds() {
  std::vector<Kind> all;
  for (const Diversity& one : mnist::diversities()) {
    all.push_back({one.name, &one, one.strength});
    if (all.back().name == "inverse-ce") all.push_back({"inverse-ce x 10", &one, 10 * one.strength});
  }
  return all;
}

/// Member k's seed is the ensemble's + k: no two ensembles share one.
mnist::Options options_of(const Study& study, const Kind& kind, std::int64_t width, std::int64_t seed) {
  mnist::Options options;
  options.dataset = study.dataset;
  options.data = study.data;
  options.epochs = study.epochs;
  options.hidden = width;
  options.schedule = kind.diversity->snapshot ? "cyclic" : "constant";
  options.seed = seed * study.members;
  options.threads = study.threads;
  options.train_limit = study.train_limit;
  options.ensemble = study.members;
  options.diversity = kind.diversity;
  options.strength = kind.strength;
  options.quiet = true;
  return options;
}

/// An ensemble's result, as the table at the end and the file have it.
struct Run {
  std::string kind;
  std::int64_t width;
  ensemble::EnsembleScores scores;
  std::string diverged;  ///< empty where it did not
  std::string json;
};

std::string number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "null"; }

/// The largest pull of its term in any epoch beside each member's scores.
std::string members_json(const ensemble::Verdict& verdict, const std::vector<mnist::History>& histories) {
  std::string list;
  for (std::size_t k = 0; k < histories.size(); ++k) {
    double pull = 0;
    for (const mnist::Tested& epoch : histories[k]) pull = std::max(pull, epoch.training.pull);
    list += fmt::format(R"({}{{"accuracy": {}, "nll": {}, "pull": {}}})", list.empty() ? "" : ", ",
                        number(verdict.members[k].accuracy), number(verdict.members[k].nll), number(pull));
  }
  return "[" + list + "]";
}

/// Only the end is looked at, so that there is next to nothing to be tested after each epoch.
Run train(const Kind& kind, const mnist::Options& options, const data::Dataset& data) {
  const data::Dataset for_training = {data.train, data::first(data.test, 1)};
  const mnist::Ensemble trained = mnist::train(options, for_training, {}, [](const auto&, auto, auto) {});
  const std::vector<ensemble::Member> members = mnist::answers_of(trained, data.test);
  const ensemble::Verdict verdict = ensemble::judge(members, data.test.labels);
  const std::string json = fmt::format(
      R"({{"kind": "{}", "loss": "{}", "strength": {}, "width": {}, "seed": {}, "members": {}, "ensemble": {}, "pairs": {}{}}})",
      kind.name, options.diversity->name, options.strength, options.hidden, options.seed,
      members_json(verdict, trained.histories), ensemble::ensemble_json(verdict), ensemble::pairs_json(verdict),
      trained.diverged.empty() ? "" : ", \"error\": " + json_string(trained.diverged));
  return {kind.name, options.hidden, verdict.ensemble, trained.diverged, json};
}

/// No times are in it: the file is the same for every run of the study.
std::string study_json(const Study& study, const data::Dataset& data, std::int64_t seeds_done,
                       const std::vector<Run>& runs) {
  std::vector<std::string> lines;
  for (const Run& run : runs) lines.push_back(run.json);
  return fmt::format(
      "{{\"config\": {{\"dataset\": \"{}\", \"seeds\": {}, \"members\": {}, \"epochs\": {}, \"train_images\": {}, "
      "\"test_images\": {}, \"threads\": {}, \"device\": \"cpu\", \"program\": \"which_similarity {} ({})\"}},\n"
      "\"runs\": [\n{}\n]}}\n",
      study.dataset, seeds_done, study.members, study.epochs, data.train.count(), data.test.count(), study.threads,
      version(), build(), fmt::join(lines, ",\n"));
}

/// "95.12 %  0.1743": the means over the seeds.
std::string cell(const std::vector<Run>& runs, const std::string& kind, std::int64_t width) {
  double accuracy = 0, nll = 0;
  std::int64_t seeds = 0;
  for (const Run& run : runs) {
    if (run.kind != kind || run.width != width) continue;
    if (!run.diverged.empty()) return fmt::format("{:>20}", "diverged");
    accuracy += run.scores.accuracy;
    nll += run.scores.nll;
    ++seeds;
  }
  const auto count = static_cast<double>(seeds);
  return fmt::format("{:>9.2f} %{:>9.4f}", 100 * accuracy / count, nll / count);
}

void print_table(const Study& study, const data::Dataset& data, const std::vector<Run>& runs) {
  fmt::print("Accuracy and NLL of the soft vote of {} members on {} test images, mean over {}:\n\n{:<18}",
             study.members, data.test.count(), counted(study.seeds, "seed"), "");
  for (const std::int64_t width : widths) fmt::print("{:>20}", fmt::format("{} hidden units", width));
  fmt::print("\n");
  for (const Kind& kind : kinds()) {
    fmt::print("{:<18}", kind.name);
    for (const std::int64_t width : widths) fmt::print("{}", cell(runs, kind.name, width));
    fmt::print("\n");
  }
}

/// The file is written after every seed, so that a run that ends early has all kinds of ensembles all the same.
void which_similarity(const Study& study) {
  set_threads(static_cast<int>(study.threads));
  require_writable(study.json);
  const data::Dataset data = mnist::load_data(options_of(study, kinds()[0], widths[0], 0));
  const CatchInterrupt ctrl_c;
  std::vector<Run> runs;
  Progress progress(Progress::Where::everywhere);
  const double begin = now();
  for (std::int64_t seed = 0; seed < study.seeds; ++seed) {
    for (const std::int64_t width : widths) {
      for (const Kind& kind : kinds()) {
        if (progress.due()) {
          progress.show(fmt::format("ensemble {} of {}: {}, {} hidden units, seed {} of {}; {:.0f} s so far",
                                    runs.size() + 1, study.seeds * std::ssize(widths) * std::ssize(kinds()), kind.name,
                                    width, seed + 1, study.seeds, now() - begin));
        }
        runs.push_back(train(kind, options_of(study, kind, width, seed), data));
      }
    }
    write_file(study.json, study_json(study, data, seed + 1, runs));
  }
  progress.wipe();
  print_table(study, data, runs);
  for (const Run& run : runs) {
    if (run.diverged.empty()) continue;
    fail("an ensemble by ", run.kind, " with ", run.width, " hidden units came to nothing: ", run.diverged);
  }
}

int main(int argc, char** argv) {
  return run_program("which_similarity", [&] { which_similarity(parse(argc, argv)); });
}
