#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "examples/support/bars.hpp"
#include "examples/support/html.hpp"
#include "examples/support/two_blobs/sections.hpp"

namespace wengert::examples {
namespace {

// No bar for what is absent.
double height(const std::optional<double>& norm) { return norm.value_or(std::numeric_limits<double>::quiet_NaN()); }

bool pushed(const Audit& audit) { return audit.terms.size() > 1; }

std::string chart(const std::string& id, const std::string& when, const Audit& audit) {
  std::vector<BarSeries> series{{"bce", "fit"}};
  if (pushed(audit)) series.push_back({"push", "push"});
  std::vector<BarGroup> groups;
  for (const Audit::Row& row : audit.parameters) {
    std::vector<double> place;
    for (const Audit::Pull& pull : row.pulls) place.push_back(height(pull.norm));
    groups.push_back({row.parameter, {place}});
  }
  const ChartTexts texts{id, "Gradients on B " + when, "For each parameter of B the norm of each term's gradient.", "",
                         "norm of the gradient"};
  const bool finite = std::ranges::all_of(audit.all.pulls,
                                          [](const Audit::Pull& pull) { return std::isfinite(pull.norm.value_or(0)); });
  return figure(bar_chart(texts, series, groups).element(), "On B, " + when + ". Each picture has its own scale." +
                                                                (finite ? "" : " \u00d7 marks what is not finite."));
}

std::string cell(const std::string& name, const std::optional<double>& norm) {
  return table_cell(name, norm ? in_full(*norm) : "-");
}

std::string cells(const std::string& when, const Audit::Row& row) {
  const std::string name = when + "." + row.parameter;
  return cell(name + ".bce", row.pulls[0].norm) +
         cell(name + ".push", row.pulls.size() > 1 ? row.pulls[1].norm : std::nullopt);
}

}  // namespace

std::string gradient_figures(const Audit& at_start, const Audit& at_end) {
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
