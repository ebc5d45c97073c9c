// Which way of making an ensemble's members different makes them better together? Every one that mnist knows, for several
// seeds and widths, beside plain random initialisation and snapshots. docs/which_similarity.md shows a whole run.
#include <fmt/format.h>

#include <array>
#include <chrono>

#include "examples/support/command_line.hpp"
#include "examples/support/ensemble/json.hpp"
#include "examples/support/files.hpp"
#include "examples/support/mnist/ensemble.hpp"
#include "examples/support/program.hpp"
#include "kernels/parallel.hpp"

using namespace wengert;
using namespace wengert::examples;
using mnist::Diversity;

constexpr std::array<std::int64_t, 3> widths = {16, 64, 256};

struct Study {
  std::string dataset = "mnist", data, json = "which_similarity.json";
  std::int64_t seeds = 5, members = 3, epochs = 20, train_limit = 5000, threads = 1;
};

Study parse(int argc, const char* const* argv) {
  Study study;
  CommandLine line("which_similarity",
                   "Trains ensembles in every way that mnist knows, for several seeds and widths of the hidden layer, "
                   "and writes what came of each.");
  line.choice("--dataset", study.dataset, {"mnist", "fashion", "synthetic"}, "The images");
  line.folder("--data", study.data, "Where the four IDX files are");
  line.whole("--seeds", study.seeds, 1, 1000, "Ensembles of each kind, which differ in their random numbers");
  line.whole("--ensemble", study.members, 2, 100, "Members of each");
  line.whole("--epochs", study.epochs, 1, 100'000, "How often each member sees the training images");
  line.whole("--train-limit", study.train_limit, 1, 1'000'000, "Training images, the first of the data set");
  line.whole("--threads", study.threads, 1, 1024, "Threads for the kernels; the numbers do not depend on it");
  line.file("--json", study.json, "The file to write");
  line.parse(argc, argv);
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

/// The largest pull of its term in any epoch beside each member's scores.
std::string members_json(const ensemble::Verdict& verdict, const std::vector<mnist::History>& histories) {
  std::string list;
  for (std::size_t k = 0; k < histories.size(); ++k) {
    double pull = 0;
    for (const mnist::Tested& epoch : histories[k]) pull = std::max(pull, epoch.training.pull);
    list += fmt::format(R"({}{{"accuracy": {}, "nll": {}, "pull": {}}})", list.empty() ? "" : ", ",
                        verdict.members[k].accuracy, verdict.members[k].nll, pull);
  }
  return "[" + list + "]";
}

/// Only the end is looked at, so that there is next to nothing to be tested after each epoch.
std::string run_json(const Kind& kind, const mnist::Options& options, const data::Dataset& data) {
  const data::Dataset for_training = {data.train, data::first(data.test, 1)};
  const mnist::Ensemble trained = mnist::train(options, for_training, {}, [](const auto&, auto, auto) {});
  const std::vector<ensemble::Member> members = mnist::answers_of(trained, data.test);
  const ensemble::Verdict verdict = ensemble::judge(members, data.test.labels);
  return fmt::format(
      R"({{"kind": "{}", "loss": "{}", "strength": {}, "width": {}, "seed": {}, "members": {}, "ensemble": {}, "pairs": {}}})",
      kind.name, options.diversity->name, options.strength, options.hidden, options.seed,
      members_json(verdict, trained.histories), ensemble::ensemble_json(verdict), ensemble::pairs_json(verdict));
}

std::string today() {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  return fmt::format("{}-{:02}-{:02}", int{date.year()}, unsigned{date.month()}, unsigned{date.day()});
}

std::string study_json(const Study& study, const data::Dataset& data, std::int64_t seeds_done, double seconds,
                       const std::string& runs) {
  return fmt::format(
      "{{\"config\": {{\"dataset\": \"{}\", \"seeds\": {}, \"members\": {}, \"epochs\": {}, \"train_images\": {}, "
      "\"test_images\": {}, \"threads\": {}, \"device\": \"cpu\", \"seconds\": {:.0f}, \"date\": \"{}\", \"program\": "
      "\"which_similarity {} ({})\"}},\n"
      "\"runs\": [\n{}\n]}}\n",
      study.dataset, seeds_done, study.members, study.epochs, data.train.count(), data.test.count(), study.threads,
      seconds, today(), version(), build(), runs);
}

/// The file is written after every seed, so that a run that ends early has all kinds of ensembles all the same.
void which_similarity(const Study& study) {
  const CatchInterrupt ctrl_c;
  set_threads(static_cast<int>(study.threads));
  require_writable(study.json);
  const data::Dataset data = mnist::load_data(options_of(study, kinds()[0], widths[0], 0));
  const auto begin = std::chrono::steady_clock::now();
  std::string runs;
  for (std::int64_t seed = 0; seed < study.seeds; ++seed) {
    for (const std::int64_t width : widths) {
      for (const Kind& kind : kinds()) {
        runs.append(runs.empty() ? "" : ",\n").append(run_json(kind, options_of(study, kind, width, seed), data));
      }
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    write_file(study.json, study_json(study, data, seed + 1, seconds, runs));
    fmt::print("{} of {} seeds: {:.0f} s\n", seed + 1, study.seeds, seconds);
    std::fflush(stdout);
  }
}

int main(int argc, char** argv) {
  return run_program("which_similarity", [&] { which_similarity(parse(argc, argv)); });
}
