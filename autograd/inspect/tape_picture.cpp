#include "autograd/inspect/tape_picture.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <sstream>

namespace wengert {
namespace {

using Box = TapePicture::Box;
using Edge = TapePicture::Edge;

// An edge along which gradient goes back, one along which none does, and one that was cut.
constexpr const char *flowing = "edge flowing", *still = "edge", *broken = "edge broken";

std::string four_digits(double value) {
  if (std::isnan(value)) return "nan";  // its sign says nothing
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 4);
  return {text.data(), end.ptr};
}

// One number as it is, several as their shape.
std::string value_text(const Tensor& x) {
  if (!x.defined()) return "";
  if (x.numel() == 1) return "= " + four_digits(x.item<double>());
  std::ostringstream text;
  text << x.shape();
  return text.str();
}

std::string gradient_text(const Node& node) {
  if (node.frozen) return "frozen";
  if (!node.has_gradient) return "gradient -";
  const std::vector<double> values = node.gradient.to_vector<double>();
  if (values.size() == 1) return "gradient " + four_digits(values[0]);
  double squares = 0;
  for (const double value : values) squares += value * value;
  return "|gradient| " + four_digits(std::sqrt(squares));
}

std::string joined(std::initializer_list<std::string> words, const char* between) {
  std::string text;
  for (const std::string& word : words) {
    if (!word.empty()) text += (text.empty() ? "" : between) + word;
  }
  return text;
}

Box box_of_constant(const Tensor& value) {
  const std::string name = name_of(value), heading = name.empty() ? "constant" : name;
  return {"box constant", {heading, value_text(value)}, joined({heading, brief(value)}, ": ")};
}

Box box_of_cut(const Tape::Row& row) {
  const Cut& cut = *row.cut;
  const std::string heading = joined({name_of(row.value), cut.kind == Cut::Kind::detach ? "detach" : "no_grad"}, ": ");
  const std::string what = cut.what.empty() ? value_text(row.value) : cut.what;
  return {"box cut",
          {heading, what, "no gradient", brief(cut.where)},
          joined({heading, cut.what, brief(row.value), brief(cut.where)}, ", ")};
}

Box box_of_step(const Tape::Row& row) {
  const Node& node = *row.node;
  const std::string name = node.notes ? node.notes->name : "";
  std::string value = value_text(row.value);
  if (value.empty()) {  // no number is known, but the shape is
    std::ostringstream shape;
    shape << node.shape;
    value = shape.str();
  }
  const std::string gradient = node.has_gradient && !node.frozen ? brief(node.gradient) : gradient_text(node);
  return {joined({"box", node.is_leaf ? "leaf" : "step", row.behind_cut || node.frozen ? "still" : ""}, " "),
          {name.empty() ? node.op : name, joined({name.empty() ? "" : node.op, value}, " "), gradient_text(node)},
          joined({joined({name, node.op}, ": "), brief(row.value), "gradient " + gradient, brief(node.where)}, ", ")};
}

const char* classes_of_edge(const Tape& tape, const Tape::Row& to, const Tape::Input& input) {
  if (to.cut) return broken;
  if (input.number == 0) return still;
  const Tape::Row& from = tape.rows()[input.number - 1];
  return from.cut || !from.node->wants_gradient() ? still : flowing;
}

std::string description_of(const Tape& tape) {
  std::ostringstream text;
  text << "The " << tape.rows().size() << " steps of the tape, from left to right.";
  for (const Tape::Row& row : tape.rows()) {
    if (!row.cut) continue;
    text << " Cut by " << (row.cut->kind == Cut::Kind::detach ? "detach" : "no_grad") << ":";
    for (const Ref<Node>& from : row.cut->from) text << ' ' << from->label();
    text << '.';
  }
  return text.str();
}

}  // namespace

TapePicture picture_of(const Tape& tape) {
  TapePicture picture;
  for (const Tape::Row& row : tape.rows()) picture.boxes.push_back(row.cut ? box_of_cut(row) : box_of_step(row));
  for (std::size_t to = 0; to < tape.rows().size(); ++to) {
    const Tape::Row& row = tape.rows()[to];
    for (const Tape::Input& input : tape.inputs(row)) {
      picture.edges.push_back({input.number > 0 ? input.number - 1 : picture.boxes.size(), to,  //
                               classes_of_edge(tape, row, input)});
      if (input.number == 0) picture.boxes.push_back(box_of_constant(input.value));
    }
  }
  std::stable_partition(picture.edges.begin(), picture.edges.end(),
                        [](const Edge& edge) { return edge.classes != flowing; });  // drawn last: on top
  picture.description = description_of(tape);
  return picture;
}

}  // namespace wengert
