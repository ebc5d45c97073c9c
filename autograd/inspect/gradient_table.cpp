#include "autograd/inspect/gradient_table.hpp"

#include <algorithm>

#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/svg.hpp"

namespace wengert {
namespace {

std::string label_of(const Tape::Row& parameter) {
  const std::string name = parameter.name();
  return name.empty() ? "parameter " + std::to_string(parameter.number) : name;
}

const Tape::Row* find(const Tape& tape, const std::string& label) {
  for (const Tape::Row& row : tape.rows()) {
    if (row.node && row.node->is_leaf && label_of(row) == label) return &row;
  }
  return nullptr;
}

std::vector<std::string> labels_of(const std::vector<const Tape*>& tapes) {
  std::vector<std::string> labels;
  for (const Tape* const tape : tapes) {
    for (const Tape::Row& row : tape->rows()) {
      if (!row.node || !row.node->is_leaf) continue;
      if (std::ranges::find(labels, label_of(row)) == labels.end()) labels.push_back(label_of(row));
    }
  }
  return labels;
}

std::string cell(const Tape& tape, const std::string& title, const std::string& label) {
  const Tape::Row* const row = find(tape, label);
  if (!row) return "<td>- <small>not on this tape</small></td>";
  const std::string why = why_no_gradient(tape, *row);
  if (!why.empty()) return "<td>- <small>" + escaped(why) + "</small></td>";
  const double norm = norm_of(*row->gradient());
  return "<td><data data-name=\"" + escaped(title + ": " + label) + "\" value=\"" + shortest(norm) + "\">" +
         four_digits(norm) + "</data></td>";
}

}  // namespace

std::string why_no_gradient(const Tape& tape, const Tape::Row& parameter) {
  if (parameter.behind_cut && !tape.readers(parameter).empty()) {
    const Tape::Row& cut = tape.row(tape.readers(parameter).front());
    const std::string place = brief(cut.where());
    return std::string("cut by ") + cut.op() + (place.empty() ? "" : " at " + place) +
           (parameter.node->frozen ? ", and frozen" : "");
  }
  if (parameter.node->frozen) return "frozen";
  return parameter.gradient() ? "" : "backward has not run, or it was zeroed since";
}

std::string gradient_table(const std::vector<const Tape*>& tapes, const std::vector<std::string>& titles) {
  std::string html = "<table class=\"reached\"><thead><tr><th scope=\"col\">parameter</th>";
  for (const std::string& title : titles) html += "<th scope=\"col\">" + escaped(title) + "</th>";
  html += "</tr></thead>\n<tbody>\n";
  for (const std::string& label : labels_of(tapes)) {
    html += "<tr><th scope=\"row\">" + escaped(label) + "</th>";
    for (std::size_t k = 0; k < tapes.size(); ++k) html += cell(*tapes[k], titles[k], label);
    html += "</tr>\n";
  }
  return html + "</tbody></table>\n";
}

}  // namespace wengert
