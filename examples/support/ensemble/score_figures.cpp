#include <fmt/format.h>

#include "examples/support/bars.hpp"
#include "examples/support/ensemble/sections.hpp"
#include "examples/support/html.hpp"

namespace wengert::examples::ensemble {
namespace {

std::string accuracy_cell(const std::string& name, double accuracy, std::int64_t images) {
  return table_cell(name + ".accuracy", fmt::format("{:.2f} %", 100 * accuracy)) +
         table_cell(name + ".sigma", fmt::format("{:.2f}", 100 * accuracy_sigma(accuracy, images)));
}

std::string score_table(const std::vector<Member>& members, const Verdict& verdict) {
  std::string rows;
  for (std::size_t k = 0; k < members.size(); ++k) {
    const MemberScores& scores = verdict.members[k];
    const std::string name = fmt::format("member.{}", k);
    rows += table_row(members[k].name, accuracy_cell(name, scores.accuracy, verdict.vote.count()) +
                                           table_cell(name + ".nll", fmt::format("{:.4f}", scores.nll)) + "<td></td>");
  }
  const EnsembleScores& vote = verdict.ensemble;
  rows += table_row("soft vote", accuracy_cell("ensemble", vote.accuracy, verdict.vote.count()) +
                                     table_cell("ensemble.nll", fmt::format("{:.4f}", vote.nll)) +
                                     table_cell("ensemble.ece", fmt::format("{:.4f}", vote.ece)));
  return table(
      "Accuracy, NLL and ECE",
      "<th></th><th scope=\"col\">Accuracy</th><th scope=\"col\">&plusmn; points</th><th scope=\"col\">NLL</th>"
      "<th scope=\"col\">ECE</th>",
      rows);
}

std::string error_bars(const std::vector<Member>& members, const Verdict& verdict) {
  std::vector<BarGroup> groups;
  for (std::size_t k = 0; k < members.size(); ++k) {
    groups.push_back({members[k].name, {{100 * (1 - verdict.members[k].accuracy)}}});
  }
  groups.push_back({"soft vote", {{100 * (1 - verdict.ensemble.accuracy)}}});
  const ChartTexts texts{"errors", "Test error of each member and of their vote",
                         "The share of wrong answers, in percent.", "", ""};
  const Svg chart = bar_chart(texts, {{"wrong answers, %", "fit"}}, groups);
  return figure(chart.element(), "Lower is better.");
}

}  // namespace

std::string score_figures(const std::vector<Member>& members, const Verdict& verdict) {
  return side_by_side(figure(score_table(members, verdict),
                             "Plus or minus: one standard error of an accuracy on so many images. NLL: mean negative "
                             "log-likelihood, in nats. ECE: expected calibration error, 15 bins. The vote is by mean "
                             "probability.") +
                      error_bars(members, verdict));
}

}  // namespace wengert::examples::ensemble
