#include "autograd/inspect/show/print_tape.hpp"

#include <algorithm>
#include <ostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/show/columns.hpp"
#include "autograd/inspect/tape.hpp"
#include "kernels/base/text_stream.hpp"

namespace wengert {
namespace {

using Row = Tape::Row;

struct Column {
  const char* heading;
  std::string (*cell)(const Row&, const Tape&);
};

void append(std::string& list, const std::string& item) { list += (list.empty() ? "" : ", ") + item; }

std::string name_cell(const Row& row, const Tape&) {
  const std::string name = row.name();
  return !row.cut || row.cut->what.empty() ? name : name + (name.empty() ? "" : ": ") + row.cut->what;
}

std::string inputs_cell(const Row& row, const Tape& tape) {
  std::string list;
  for (const Tape::Input& input : tape.inputs(row)) {
    const std::string name = name_of(input.value);
    std::string item = input.number > 0 ? std::to_string(input.number) : name.empty() ? "constant" : name;
    if (input.number == 0 && input.value.defined()) item.append(" ").append(brief(input.value));
    append(list, item);
  }
  return (row.cut ? "cut from " : "") + list;
}

std::string readers_cell(const Row& row, const Tape& tape) {
  std::string list;
  for (const std::size_t reader : tape.readers(row)) append(list, std::to_string(reader));
  return list;
}

std::string shape_cell(const Row& row, const Tape&) {
  TextStream text;
  if (const std::optional<Shape> shape = row.shape()) text << *shape;
  return text.str();
}

std::string gradient_cell(const Row& row, std::string (*text)(const Tensor&)) {
  const auto absence = row.absence();
  return absence ? word_of(*absence) : text(*row.gradient());
}

std::string norm_text(const Tensor& x) { return x.defined() ? four_digits(norm_of(x)) : ""; }

std::string sent_cell(const Row& row, const Tape& tape) {
  std::string list;
  for (const Tape::Input& input : tape.inputs(row)) {
    if (row.cut || input.number == 0 || !tape.row(input.number).wants_gradient()) continue;
    const std::string norm = norm_text(input.share);
    append(list, std::to_string(input.number).append(": ").append(norm.empty() ? "-" : norm));
  }
  return list;
}

std::string kept_cell(const Row& row, const Tape& tape) {
  const std::optional<std::size_t> bytes = tape.kept_bytes(row);
  return bytes && row.node && !row.node->is_leaf ? std::to_string(*bytes) : "";
}

std::string number_cell(const Row& row, const Tape&) { return std::to_string(row.number); }
std::string op_cell(const Row& row, const Tape&) { return row.op(); }
std::string value_cell(const Row& row, const Tape&) { return brief(row.value); }
std::string value_norm_cell(const Row& row, const Tape&) { return norm_text(row.value); }
std::string numbers_cell(const Row& row, const Tape&) { return gradient_cell(row, brief); }
std::string gradient_norm_cell(const Row& row, const Tape&) { return gradient_cell(row, norm_text); }
std::string line_cell(const Row& row, const Tape&) { return brief(row.where()); }

constexpr Column in_short[] = {{"#", number_cell},      {"op", op_cell},       {"name", name_cell},
                               {"inputs", inputs_cell}, {"value", value_cell}, {"gradient", numbers_cell},
                               {"line", line_cell}};
constexpr Column in_full[] = {
    {"#", number_cell},        {"op", op_cell},       {"name", name_cell},          {"inputs", inputs_cell},
    {"read by", readers_cell}, {"shape", shape_cell}, {"|value|", value_norm_cell}, {"|gradient|", gradient_norm_cell},
    {"sent", sent_cell},       {"kept", kept_cell},   {"line", line_cell}};

// A column in which all cells are empty is left out.
void print_table(std::ostream& out, const Tape& tape, std::span<const Column> columns) {
  std::vector<std::vector<std::string>> table(tape.rows().size() + 1);
  for (const Column& column : columns) {
    std::vector<std::string> cells{column.heading};
    for (const Row& row : tape.rows()) cells.push_back(column.cell(row, tape));
    if (std::all_of(cells.begin() + 1, cells.end(), [](const std::string& cell) { return cell.empty(); })) continue;
    for (std::size_t k = 0; k < cells.size(); ++k) table[k].push_back(std::move(cells[k]));
  }
  write_columns(out, table);
}

}  // namespace

void print_tape(std::ostream& out, const Var& root, const PrintTapeOptions& options) {
  const Tape tape(root);
  if (tape.rows().empty()) {
    out << "no tape: this value was recorded by nothing\n";
    return;
  }
  print_table(out, tape, options.full ? std::span<const Column>(in_full) : std::span<const Column>(in_short));
  if (options.full) out << "kept until backward: " << tape.kept_bytes() << " bytes\n";
}

}  // namespace wengert
