#include "autograd/inspect/print_tape.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <ostream>
#include <sstream>
#include <string_view>
#include <vector>

#include "autograd/node.hpp"

namespace wengert {
namespace {

// A step, or a cut: a row of the table.
struct Row {
  Node* node = nullptr;
  const Cut* cut = nullptr;
  Tensor value;
};

// What the tape holds behind one Var: leaves and cuts in the order in which they are met, then ops as they were
// recorded.
class Tape {
 public:
  explicit Tape(const Var& root) {
    if (root.node()) add(*root.node(), root.detach());
    visit();
    std::ranges::stable_sort(rows_, {}, [](const Row& row) { return row.node ? row.node->sequence : 0; });
    for (std::size_t i = 0; i < rows_.size(); ++i) numbers_[key(rows_[i])] = i + 1;
  }

  const std::vector<Row>& rows() const { return rows_; }
  std::size_t number(const void* node_or_cut) const { return numbers_.at(node_or_cut); }

 private:
  static const void* key(const Row& row) { return row.node ? static_cast<const void*>(row.node) : row.cut; }

  void add(Node& node, const Tensor& value) {
    if (!numbers_.try_emplace(&node, 0).second) return;
    rows_.push_back({&node, nullptr, node.notes && node.notes->output.defined() ? node.notes->output : value});
    waiting_.push_back(&node);
  }
  void add(const Cut& cut, const Tensor& value) {
    if (!numbers_.try_emplace(&cut, 0).second) return;
    if (cut.from && numbers_.try_emplace(cut.from.get(), 0).second) {  // it, but not the history behind it
      rows_.push_back({cut.from.get(), nullptr, cut.from->notes ? cut.from->notes->output : Tensor()});
    }
    rows_.push_back({nullptr, &cut, value});
  }
  // An explicit stack, as in backward: depth is no limit.
  void visit() {
    while (!waiting_.empty()) {
      Node* const node = waiting_.back();
      waiting_.pop_back();
      if (node->notes) {
        for (const Notes::Input& input : node->notes->inputs) {
          if (input.node) {
            add(*input.node, input.value);
          } else if (input.value.cut()) {
            add(*input.value.cut(), input.value);
          }
        }
      } else {
        for (const Ref<Node>& input : node->inputs()) {
          if (input) add(*input, Tensor());
        }
      }
    }
  }

  std::vector<Row> rows_;
  std::vector<Node*> waiting_;
  std::map<const void*, std::size_t> numbers_;
};

// Up to four numbers as they are, more as their shape.
std::string brief(const Tensor& x) {
  std::ostringstream text;
  if (!x.defined()) return "";
  if (x.numel() <= 4) {
    text << x;
  } else {
    text << x.dtype() << ' ' << x.shape();
  }
  return text.str();
}

std::string place(const Where& where) {
  if (where.line == 0) return "";
  const std::string_view path = where.file;
  return std::string(path.substr(path.rfind('/') + 1)) + ":" + std::to_string(where.line);
}

std::string inputs_of(const Node& node, Node& open, const Tape& tape) {
  std::string text;
  const auto append = [&](const std::string& one) { text += (text.empty() ? "" : ", ") + one; };
  if (node.notes && !node.notes->inputs.empty()) {
    for (const Notes::Input& input : node.notes->inputs) {
      if (input.node) {
        append(std::to_string(tape.number(input.node.get())));
      } else if (input.value.cut()) {
        append(std::to_string(tape.number(input.value.cut().get())));
      } else {
        append("constant " + brief(input.value));
      }
    }
  } else {
    for (const Ref<Node>& input : open.inputs()) append(input ? std::to_string(tape.number(input.get())) : "constant");
  }
  return text;
}

using Cells = std::array<std::string, 7>;

Cells cells_of(const Row& row, const Tape& tape) {
  if (row.cut) {
    const std::string from = row.cut->from ? std::to_string(tape.number(row.cut->from.get())) : "";
    const bool detached = row.cut->kind == Cut::Kind::detach;
    return {std::to_string(tape.number(row.cut)),
            detached ? "detach" : "no_grad",
            row.cut->what,
            "cut from " + from,
            brief(row.value),
            "cut",
            place(row.cut->where)};
  }
  Node& node = *row.node;
  const std::string gradient = node.frozen ? "frozen" : node.has_gradient ? brief(node.gradient) : "-";
  const std::string name = node.notes ? node.notes->name : "";
  return {std::to_string(tape.number(&node)),
          node.op,
          name,
          inputs_of(node, node, tape),
          brief(row.value),
          gradient,
          place(node.where)};
}

}  // namespace

void print_tape(std::ostream& out, const Var& root) {
  const Tape tape(root);
  std::vector<Cells> table{{"#", "op", "name", "inputs", "value", "gradient", "line"}};
  for (const Row& row : tape.rows()) table.push_back(cells_of(row, tape));
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
