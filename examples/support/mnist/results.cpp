#include "examples/support/mnist/results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "examples/support/ensemble/json.hpp"
#include "examples/support/mnist/evaluation.hpp"
#include "examples/support/program.hpp"

namespace wengert::examples::mnist {
namespace {

std::string json_text(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(result), "\\u{:04x}", static_cast<int>(c));
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "null"; }

std::string json_of(const Setting& setting) {
  std::string name = setting.name;
  std::ranges::replace(name, '-', '_');
  const std::string value = setting.value.empty() ? "null" : setting.is_text ? json_text(setting.value) : setting.value;
  return json_text(name) + ": " + value;
}

double seconds(const History& history) {
  return std::accumulate(history.begin(), history.end(), 0.,
                         [](double sum, const Tested& epoch) { return sum + epoch.training.seconds; });
}

}  // namespace

std::string results_json(const Options& options, const std::vector<History>& histories,
                         const ensemble::Verdict& verdict) {
  std::vector<std::string> config, members;
  for (const Setting& setting : settings(options)) config.push_back(json_of(setting));
  for (std::size_t k = 0; k < verdict.members.size(); ++k) {
    members.push_back(fmt::format(R"({{"test_accuracy": {}, "test_nll": {}, "train_seconds": {}}})",
                                  number(verdict.members[k].accuracy), number(verdict.members[k].nll),
                                  number(seconds(histories[k]))));
  }
  return fmt::format("{{\"config\": {{{}}},\n \"members\": [{}],\n \"ensemble\": {},\n \"pairs\": {}}}\n",
                     fmt::join(config, ", "), fmt::join(members, ",\n  "), ensemble::ensemble_json(verdict),
                     ensemble::pairs_json(verdict));
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

ensemble::Story story(const Options& options, const data::Dataset& data, const std::vector<std::string>& remarks) {
  ensemble::Story result;
  const bool several = options.ensemble > 1;
  result.title =
      fmt::format("{} on {}", several ? fmt::format("{} networks", options.ensemble) : "One network", options.dataset);
  result.introduction.push_back(fmt::format(
      "{} trained for {} epochs each on {} images, and tested on {} others. A network has {} hidden layer{} "
      "of {} units.",
      several ? "Members of an ensemble, one after another, were" : "A network was", options.epochs, data.train.count(),
      data.test.count(), options.layers, options.layers == 1 ? "" : "s", options.hidden));
  if (several && options.diversity->term) {
    result.introduction.push_back(fmt::format(
        "Each member but the first was pushed away from the earlier ones, which were frozen, by {} times {}.",
        options.strength, options.diversity->name));
  }
  result.remarks = remarks;
  for (const Setting& setting : settings(options)) {
    if (!setting.value.empty()) result.settings.emplace_back("--" + setting.name, setting.value);
  }
  result.settings.emplace_back("Program", fmt::format("mnist {} ({})", version(), build()));
  result.hidden_rows = fmt::format("the first {} test images", std::min(hidden_rows, data.test.count()));
  return result;
}

}  // namespace wengert::examples::mnist
