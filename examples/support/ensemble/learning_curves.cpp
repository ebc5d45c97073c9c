#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "examples/support/chart.hpp"
#include "examples/support/ensemble/sections.hpp"
#include "examples/support/html.hpp"

namespace wengert::examples::ensemble {
namespace {

// Epochs are counted from 1: before the first one nothing was measured.
template <class Value>
std::vector<Series> series(const std::vector<Member>& members, Value value) {
  std::vector<Series> all;
  for (std::size_t k = 0; k < members.size(); ++k) {
    Series one{fmt::format("{}", k), fmt::format("m{}", k % 8), {std::numeric_limits<float>::quiet_NaN()}};
    for (const EpochScores& scores : members[k].history) one.values.push_back(static_cast<float>(value(scores)));
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

std::string learning_curves(const std::vector<Member>& members) {
  if (std::ranges::all_of(members, [](const Member& member) { return member.history.empty(); })) return "";
  const ChartTexts error{"curve-error", "Test error after each epoch", "One line for each member, from 0 up.", "epoch",
                         "wrong answers, %"};
  const ChartTexts nll{"curve-nll", "Test NLL after each epoch", "One line for each member, from 0 up.", "epoch",
                       "NLL"};
  const auto error_of = [](const EpochScores& scores) { return 100 * (1 - scores.accuracy); };
  const auto nll_of = [](const EpochScores& scores) { return scores.nll; };
  return section(
      "How they got there",
      side_by_side(figure(line_chart(error, series(members, error_of), StepAxis::even).element(),
                          "Test error of each member, by its number.") +
                   figure(line_chart(nll, series(members, nll_of), StepAxis::even).element(),
                          "Test NLL. Where it rises while the error falls, a member grows too sure of itself.")));
}

}  // namespace wengert::examples::ensemble
