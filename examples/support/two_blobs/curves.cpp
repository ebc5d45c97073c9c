#include <fmt/format.h>

#include <algorithm>

#include "examples/support/chart.hpp"
#include "examples/support/html.hpp"
#include "examples/support/two_blobs/sections.hpp"
#include "examples/support/two_blobs/words.hpp"

namespace wengert::examples {
namespace {

std::vector<float> column(const Trained& model, float Losses::*which) {
  std::vector<float> values;
  for (const Losses& losses : model.history) values.push_back(losses.*which);
  return values;
}

std::string bce_figure(const Trained& a, const Trained& b) {
  const ChartTexts texts{"bce", "Binary cross-entropy of A and B", "The loss on the points, epoch by epoch, from 0 up.",
                         "epoch (logarithmic)", "bce"};
  const Svg chart = line_chart(texts, {{"A", "a", column(a, &Losses::bce)}, {"B", "b", column(b, &Losses::bce)}});
  return figure(chart.element(), "How well each model fits the points: less is better.");
}

std::string similarity_figure(const TwoBlobsOptions& options, const Trained& b) {
  const std::string formula = similarity_formula(options.inverse_l1);
  const ChartTexts texts{"similarity", "Similarity of B to A", "Epoch by epoch, from 0 up: " + formula + ".",
                         "epoch (logarithmic)", "similarity"};
  const Svg chart = line_chart(texts, {{"B", "b", column(b, &Losses::similarity)}});
  return figure(chart.element(),
                "The similarity is " + formula + ", without the factor of --strength: less is farther from A.");
}

std::string cell(const Trained& model, std::size_t epoch, const char* what, float Losses::*which) {
  const bool known = epoch < model.history.size();
  return table_cell(fmt::format("{}.{}.{}", model.name, what, epoch),
                    known ? in_full(model.history[epoch].*which) : "-");
}

// The first epoch, each power of ten, and the last.
std::string numbers(const Trained& a, const Trained& b, bool pushed) {
  const std::size_t epochs = std::max(a.history.size(), b.history.size());
  std::string rows;
  const auto add = [&](std::size_t epoch) {
    std::string cells = cell(a, epoch, "bce", &Losses::bce) + cell(b, epoch, "bce", &Losses::bce);
    if (pushed) cells += cell(b, epoch, "similarity", &Losses::similarity);
    rows += table_row(fmt::format("{}", epoch), cells);
  };
  add(0);
  for (std::size_t epoch = 1; epoch + 1 < epochs; epoch *= 10) add(epoch);
  if (epochs > 1) add(epochs - 1);
  std::string head =
      "<th scope=\"col\">Before the step of epoch</th><th scope=\"col\">A's bce</th><th scope=\"col\">B's bce</th>";
  if (pushed) head += "<th scope=\"col\">Similarity</th>";
  return details("Some of the numbers", table("Losses", head, rows));
}

}  // namespace

std::string curve_figures(const TwoBlobsOptions& options, const Trained& a, const Trained& b) {
  if (a.history.empty()) return paragraph("No epoch was trained, so there are no curves.");
  return side_by_side(bce_figure(a, b) +
                      (options.similarity && !b.history.empty() ? similarity_figure(options, b) : "")) +
         numbers(a, b, options.similarity);
}

}  // namespace wengert::examples
