#include <vector>

#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/show/json.hpp"
#include "autograd/inspect/show/tape_json.hpp"
#include "autograd/inspect/tape.hpp"
#include "kernels/base/text_stream.hpp"

namespace wengert {
namespace {

std::string id(char kind, std::size_t number) { return std::string(1, kind).append(std::to_string(number)); }

// In quotes, with what Graphviz reads otherwise written so that it stands for itself: the quote, the backslash (\N is a
// node's name in a label), and the ampersand (&lt; is read as in HTML).
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : valid_utf8(text)) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '&') {
      result += "&amp;";
    } else if (c == '\n') {
      result += "\\n";
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      result += c;
    }
  }
  return result + '"';
}

std::string shape_text(const std::optional<Shape>& shape) {
  TextStream text;
  if (shape) text << *shape;
  return text.str();
}

std::string norm_text(const char* what, const Tensor& x) {
  return x.defined() ? std::string("\n|").append(what).append("| ").append(four_digits(norm_of(x))) : "";
}

std::string label_of(const Tape::Row& row) {
  const std::string name = row.name();
  std::string label = std::to_string(row.number) + ": " + (name.empty() ? "" : name + ", ") + row.op();
  if (row.cut && !row.cut->what.empty()) label.append(" of ").append(row.cut->what);
  label.append(" ").append(shape_text(row.shape())).append(norm_text("value", row.value));
  if (row.cut) return label + "\nno gradient";
  if (row.node->frozen) return label + "\nfrozen";
  const std::optional<Tensor> gradient = row.gradient();
  return label + (gradient ? norm_text("gradient", *gradient) : "\ngradient -");
}

std::string place_of(const Tape::Row& row) {
  const std::string place = brief(row.where());
  return place.empty() ? "" : ", tooltip=" + quoted(place);
}

std::string constant_label(const Tensor& value) {
  const std::string name = name_of(value);
  return (name.empty() ? "constant " : name + " ") + brief(value);
}

const char* looks_of(const Tape::Row& row) {
  if (row.cut) return ", style=\"rounded,dashed\", color=gray40, fontcolor=gray40";
  if (row.behind_cut || row.node->frozen) return ", style=\"rounded,filled\", color=gray60, fillcolor=gray93";
  return row.node->is_leaf ? ", style=\"rounded,filled\", color=teal, fillcolor=azure" : ", color=teal";
}

std::string edge(const std::string& from, const Tape::Row& to, const Tape::Input& input, const Tape& tape) {
  const std::string arrow = "  " + from + " -> " + id('n', to.number);
  if (to.cut) return arrow + " [style=dashed, color=gray40];\n";
  if (input.number == 0 || !tape.row(input.number).wants_gradient()) return arrow + " [color=gray60];\n";
  const std::string share = input.share.defined() ? four_digits(norm_of(input.share)) : "-";
  return arrow + " [color=teal, label=" + quoted(share) + "];\n";
}

}  // namespace

std::string tape_dot(const Var& root) {
  const Tape tape(root);
  std::string nodes, edges;
  std::size_t constants = 0;
  for (const Tape::Row& row : tape.rows()) {
    nodes += "  " + id('n', row.number) + " [label=" + quoted(label_of(row)) + place_of(row) + looks_of(row) + "];\n";
    for (const Tape::Input& input : tape.inputs(row)) {
      std::string from = id('n', input.number);
      if (input.number == 0) {
        from = id('c', ++constants);
        nodes += "  " + from + " [label=" + quoted(constant_label(input.value)) + ", shape=plaintext];\n";
      }
      edges += edge(from, row, input, tape);
    }
  }
  if (nodes.empty()) nodes = "  n0 [label=\"no tape: this value was recorded by nothing\", shape=plaintext];\n";
  return "digraph tape {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];\n" +
         std::string("  edge [fontname=\"sans-serif\", fontsize=10];\n") + nodes + edges + "}\n";
}

}  // namespace wengert
