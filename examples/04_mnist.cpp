// Networks that learn to read digits, one after another, each pushed away from the earlier ones; and what came of it. A
// training step is in support/mnist/training.cpp, the pushes are in support/mnist/diversity.cpp.
#include <fmt/core.h>

#include <cmath>

#include "examples/support/ensemble/printing.hpp"
#include "examples/support/files.hpp"
#include "examples/support/mnist/results.hpp"
#include "examples/support/program.hpp"
#include "kernels/base/parallel.hpp"
#include "kernels/devices/devices.hpp"

using namespace wengert::examples;
using namespace wengert::examples::mnist;

/// All that can go wrong before training does so here.
void check(const Options& options) {
  wengert::require_available(options.device);
  require_free_folder(options);
  if (!options.save.empty()) make_folder(options.save);  // first: the other files may lie in it
  for (const std::string& file : {options.json, options.report}) {
    if (!file.empty()) require_writable(file);
  }
}

std::string pull_text(const Options& options, double pull) {
  if (std::isinf(pull)) return fmt::format(", {} alone has a gradient", options.diversity->name);
  return fmt::format(", {}'s gradient {:.1e} of the loss's", options.diversity->name, pull);
}

void print_epoch(const Options& options, const Tested& epoch, std::int64_t member, std::int64_t number) {
  const Epoch& training = epoch.training;
  const bool pushed = options.diversity->term && member > 0;
  fmt::print("member {}: epoch {} of {}: loss {:.4f}, test accuracy {:.2f} %, NLL {:.4f}, {:.3g} s{}\n", member,
             number + 1, options.epochs, training.loss, 100 * epoch.accuracy, epoch.nll, training.seconds,
             pushed ? pull_text(options, training.pull) : "");
  std::fflush(stdout);
}

// How a run that Ctrl-C ended can be continued.
std::string way_on(const Options& options) {
  if (options.save.empty()) return "nothing was kept; with --save DIR the state is kept after every epoch";
  if (options.save == options.resume) return "the same command continues";
  return fmt::format("to continue, give --resume {} and no --save{} beside the other options", options.save,
                     options.overwrite ? " or --overwrite" : "");
}

void run(const Options& options) {
  wengert::set_threads(static_cast<int>(options.threads));
  State before = options.resume.empty() ? State() : load_state(options);
  check(options);
  const wengert::data::Dataset data = load_data(options);
  require_same_data(options, data, before);
  const CatchInterrupt ctrl_c;  // from here on there is something that could be left half done

  const auto print = [&](const Tested& epoch, std::int64_t member, std::int64_t number) {
    if (!options.quiet) print_epoch(options, epoch, member, number);
  };
  Ensemble trained;
  std::vector<ensemble::Member> members;
  try {
    trained = train(options, data, before, print);
    members = answers_of(trained, data.test);
  } catch (const Interrupted&) {
    throw Interrupted{way_on(options)};
  }
  const ensemble::Verdict verdict = ensemble::judge(members, data.test.labels);
  if (trained.diverged.empty()) trained.diverged = not_finite(verdict);

  if (!options.json.empty()) write_file(options.json, results_json(options, trained, verdict));
  if (!options.report.empty()) {
    write_file(options.report, ensemble::report_page(story(options, data, trained), members, verdict, data.test));
  }
  if (!trained.diverged.empty()) throw Diverged(trained.diverged);
  if (!options.quiet) {
    fmt::print("\n{}\n", ensemble::verdict_text(members, verdict));
    for (const std::string& remark : remarks(options, trained)) fmt::print("{}\n\n", remark);
    fmt::print("{}\n", ensemble::disputed_text(members, verdict, data.test, 4));
  }
  fmt::print("{}", last_lines(verdict));
}

int main(int argc, char** argv) {
  return run_program("mnist", [&] { run(parse_options(argc, argv)); });
}
