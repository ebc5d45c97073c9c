#include "autograd/inspect/show/gradient_table.hpp"

#include <algorithm>

#include "autograd/inspect/ask/explain.hpp"
#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/show/svg.hpp"

namespace wengert {
namespace {

std::string label_of(const Tape::Row& parameter) {
  const std::string name = parameter.name();
  return name.empty() ? "parameter " + std::to_string(parameter.number) : name;
}

// In a few words; empty where a gradient has come from this tape's loss.
std::string why_absent(const Explanation& parameter) {
  using Reason = Explanation::Reason;
  const auto is_frozen = [](const Explanation::FirstCut& cut) { return cut.kind == Reason::frozen; };
  const std::vector<Explanation::FirstCut>& cuts = parameter.cuts;
  if (!parameter.has_path() && !cuts.empty() && std::ranges::none_of(cuts, is_frozen)) {
    const std::string place = brief(cuts.front().where);
    return std::string("cut by ") + name_of(cuts.front().kind) + (place.empty() ? "" : " at " + place) +
           (parameter.reason == Reason::frozen ? ", and frozen" : "");
  }
  if (parameter.reason == Reason::frozen) return "frozen";
  return parameter.gradient ? "" : "backward has not run, or it was zeroed since";
}

std::string cell(const Explanation& parameter, const std::string& name) {
  if (const std::string why = why_absent(parameter); !why.empty())
    return "<td>- <small>" + escaped(why) + "</small></td>";
  const double norm = *parameter.gradient;
  return "<td><data data-name=\"" + escaped(name) + "\" value=\"" + shortest(norm) + "\">" + four_digits(norm) +
         "</data></td>";
}

}  // namespace

GradientColumn gradient_column(const Tape& tape, const std::string& title) {
  GradientColumn column{title, {}, {}};
  const Explanations all = explain(tape);
  auto parameter = all.parameters.begin();
  for (const Tape::Row& row : tape.rows()) {
    if (!row.node || !row.node->is_leaf) continue;
    column.labels.push_back(label_of(row));
    column.cells.push_back(cell(*parameter++, title + ": " + label_of(row)));
  }
  return column;
}

std::string gradient_table(const std::vector<GradientColumn>& columns) {
  std::vector<std::string> labels;
  std::string html = "<table class=\"reached\"><thead><tr><th scope=\"col\">parameter</th>";
  for (const GradientColumn& column : columns) {
    html += "<th scope=\"col\">" + escaped(column.title) + "</th>";
    for (const std::string& label : column.labels) {
      if (std::ranges::find(labels, label) == labels.end()) labels.push_back(label);
    }
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const std::string& label : labels) {
    html += "<tr><th scope=\"row\">" + escaped(label) + "</th>";
    for (const GradientColumn& column : columns) {
      const auto at = std::ranges::find(column.labels, label) - column.labels.begin();
      const bool is_there = at < std::ssize(column.labels);
      html += is_there ? column.cells[static_cast<std::size_t>(at)] : "<td>- <small>not on this tape</small></td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table>\n";
}

}  // namespace wengert
