#include "autograd/inspect/print_tape.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <vector>

#include "autograd/inspect/tape.hpp"

namespace wengert {
namespace {

std::string inputs_of(const Tape::Row& row, const Tape& tape) {
  std::string text;
  for (const Tape::Input& input : tape.inputs(row)) {
    if (!text.empty()) text += ", ";
    const std::string name = name_of(input.value);
    text += input.number > 0 ? std::to_string(input.number) : name.empty() ? "constant" : name;
    if (input.number == 0 && input.value.defined()) text.append(" ").append(brief(input.value));
  }
  return text;
}

using Cells = std::array<std::string, 7>;

Cells cells_of(const Tape::Row& row, const Tape& tape) {
  if (row.cut) {
    const bool detached = row.cut->kind == Cut::Kind::detach;
    const std::string name = name_of(row.value);
    return {std::to_string(tape.number(*row.cut)),
            detached ? "detach" : "no_grad",
            name + (name.empty() || row.cut->what.empty() ? "" : ": ") + row.cut->what,
            "cut from " + inputs_of(row, tape),
            brief(row.value),
            "cut",
            brief(row.cut->where)};
  }
  Node& node = *row.node;
  const std::string gradient = node.frozen ? "frozen" : node.has_gradient ? brief(node.gradient) : "-";
  const std::string name = node.notes ? node.notes->name : "";
  return {std::to_string(tape.number(node)),
          node.op,
          name,
          inputs_of(row, tape),
          brief(row.value),
          gradient,
          brief(node.where)};
}

}  // namespace

void print_tape(std::ostream& out, const Var& root) {
  const Tape tape(root);
  std::vector<Cells> table{{"#", "op", "name", "inputs", "value", "gradient", "line"}};
  for (const Tape::Row& row : tape.rows()) table.push_back(cells_of(row, tape));
  if (tape.rows().empty()) {
    out << "no tape: this value was recorded by nothing\n";
    return;
  }
  std::array<std::size_t, std::tuple_size_v<Cells>> widths{};
  for (const Cells& cells : table) {
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());
  }
  for (const Cells& cells : table) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (widths[i] == 0) continue;
      line += cells[i] + std::string(widths[i] - cells[i].size() + 2, ' ');
    }
    out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
  }
}

}  // namespace wengert
