#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "examples/support/bars.hpp"
#include "examples/support/html.hpp"
#include "examples/support/two_blobs/sections.hpp"

namespace wengert::examples {
namespace {

// No bar for what is absent.
double height(const std::optional<double>& norm) { return norm.value_or(std::numeric_limits<double>::quiet_NaN()); }

bool pushed(const TermGradients& gradients) { return gradients.all.push.has_value(); }

std::string chart(const std::string& id, const std::string& when, const TermGradients& gradients) {
  std::vector<BarSeries> series{{"bce", "fit"}};
  if (pushed(gradients)) series.push_back({"push", "push"});
  std::vector<BarGroup> groups;
  for (const TermNorms& norms : gradients.parameters) {
    std::vector<double> place{height(norms.fit)};
    if (pushed(gradients)) place.push_back(height(norms.push));
    groups.push_back({norms.parameter, {place}});
  }
  const ChartTexts texts{id, "Gradients on B " + when, "For each parameter of B the norm of each term's gradient.", "",
                         "norm of the gradient"};
  const bool finite = std::isfinite(gradients.all.fit.value_or(0)) && std::isfinite(gradients.all.push.value_or(0));
  return figure(bar_chart(texts, series, groups).element(), "On B, " + when + ". Each picture has its own scale." +
                                                                (finite ? "" : " \u00d7 marks what is not finite."));
}

std::string cell(const std::string& name, const std::optional<double>& norm) {
  return table_cell(name, norm ? in_full(*norm) : "-");
}

std::string cells(const std::string& when, const TermNorms& norms) {
  const std::string name = when + "." + norms.parameter;
  return cell(name + ".bce", norms.fit) + cell(name + ".push", norms.push);
}

}  // namespace

std::string gradient_figures(const TermGradients& at_start, const TermGradients& at_end) {
  std::string rows;
  for (std::size_t k = 0; k < at_start.parameters.size(); ++k) {
    rows += table_row(at_start.parameters[k].parameter,
                      cells("start", at_start.parameters[k]) + cells("end", at_end.parameters[k]));
  }
  rows += table_row("all", cells("start", at_start.all) + cells("end", at_end.all));
  const char* const head =
      "<th scope=\"col\">Parameter of B</th><th scope=\"col\">bce, at the start</th><th scope=\"col\">push</th>"
      "<th scope=\"col\">bce, at the end</th><th scope=\"col\">push</th>";
  return paragraph(pushed(at_end)
                       ? "The loss has two terms, bce and the push, which is strength &times; similarity. Each alone "
                         "was sent backward from B; the bars are the lengths of what arrived at each parameter."
                       : "The loss has one term, bce; no push. The bars are the lengths of what arrived at each "
                         "parameter of B.") +
         side_by_side(chart("start", "at the start", at_start) + chart("end", "at the end", at_end)) +
         details("The numbers", table("Gradients", head, rows));
}

}  // namespace wengert::examples
