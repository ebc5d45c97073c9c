#include "examples/support/mnist/results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "autograd/inspect/show/json.hpp"
#include "examples/support/counted.hpp"
#include "examples/support/ensemble/json.hpp"
#include "examples/support/mnist/evaluation.hpp"
#include "examples/support/program.hpp"

namespace wengert::examples::mnist {
namespace {

std::string number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "null"; }

std::string json_of(const Setting& setting) {
  std::string name = setting.name;
  std::ranges::replace(name, '-', '_');
  const std::string value = setting.value.empty() ? "null"
                            : setting.is_text     ? json_string(setting.value)
                                                  : setting.value;
  return json_string(name) + ": " + value;
}

double seconds(const History& history) {
  return std::accumulate(history.begin(), history.end(), 0.,
                         [](double sum, const Tested& epoch) { return sum + epoch.training.seconds; });
}

}  // namespace

std::string results_json(const Options& options, const Ensemble& trained, const ensemble::Verdict& verdict) {
  std::vector<std::string> config, members;
  for (const Setting& setting : settings(options)) config.push_back(json_of(setting));
  for (std::size_t k = 0; k < verdict.members.size(); ++k) {
    members.push_back(fmt::format(R"({{"test_accuracy": {}, "test_nll": {}, "train_seconds": {}}})",
                                  number(verdict.members[k].accuracy), number(verdict.members[k].nll),
                                  number(seconds(trained.histories[k]))));
  }
  const std::string error =
      trained.diverged.empty() ? "" : fmt::format(",\n \"error\": {}", json_string(trained.diverged));
  return fmt::format("{{\"config\": {{{}}},\n \"members\": [{}],\n \"ensemble\": {},\n \"pairs\": {}{}}}\n",
                     fmt::join(config, ", "), fmt::join(members, ",\n  "), ensemble::ensemble_json(verdict),
                     ensemble::pairs_json(verdict), error);
}

std::string not_finite(const ensemble::Verdict& verdict) {
  for (std::size_t k = 0; k < verdict.members.size(); ++k) {
    if (!std::isnan(verdict.members[k].nll)) continue;
    return fmt::format("member {} answers with no number at some test image: are all its weights finite?", k);
  }
  return "";
}

std::string last_lines(const ensemble::Verdict& verdict) {
  std::string lines;
  for (std::size_t k = 0; k < verdict.members.size(); ++k) {
    const ensemble::MemberScores& member = verdict.members[k];
    lines += fmt::format("member {}: accuracy {} nll {}\n", k, member.accuracy, member.nll);
  }
  const ensemble::EnsembleScores& together = verdict.ensemble;
  return lines + fmt::format("ensemble: accuracy {} nll {} ece {}\n", together.accuracy, together.nll, together.ece);
}

std::vector<std::string> remarks(const Options& options, const Ensemble& trained) {
  std::vector<std::string> texts;
  if (!trained.diverged.empty()) {
    texts.push_back(fmt::format("The run ended with an error: {}. What is shown of the last member is as it was then.",
                                trained.diverged));
  }
  for (std::size_t k = 0; k < trained.histories.size(); ++k) {
    const std::string text = without_effect(options, trained.histories[k], k);
    if (!text.empty()) texts.push_back(text);
  }
  return texts;
}

ensemble::Story story(const Options& options, const data::Dataset& data, const Ensemble& trained) {
  ensemble::Story result;
  const auto members = std::ssize(trained.members);
  result.title =
      fmt::format("{} on {}", members > 1 ? fmt::format("{} networks", members) : "One network", options.dataset);
  result.introduction.push_back(
      fmt::format("{} trained for {}{} on {}, and tested on {} others. A network has {} of {}.",
                  members > 1 ? "Members of an ensemble, one after another, were" : "A network was",
                  counted(options.epochs, "epoch"), members > 1 ? " each" : "", counted(data.train.count(), "image"),
                  data.test.count(), counted(options.layers, "hidden layer"), counted(options.hidden, "unit")));
  if (members > 1 && options.diversity->term) {
    result.introduction.push_back(fmt::format(
        "The loss of each member but the first has {} times {} added, {} the earlier members, which were frozen.",
        options.strength, options.diversity->name,
        options.strength > 0   ? "which pushes it away from"
        : options.strength < 0 ? "which pulls it towards"
                               : "which does nothing against"));
  }
  result.remarks = remarks(options, trained);
  for (const Setting& setting : settings(options)) {
    if (!setting.value.empty()) result.settings.emplace_back("--" + setting.name, setting.value);
  }
  result.settings.emplace_back("Program", fmt::format("mnist {} ({})", version(), build()));
  result.hidden_rows = fmt::format("the first {} test images", std::min(hidden_rows, data.test.count()));
  return result;
}

}  // namespace wengert::examples::mnist
