#include "autograd/inspect/show/tape_picture.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>

#include "autograd/inspect/numbers.hpp"
#include "kernels/base/text_stream.hpp"

namespace wengert {
namespace {

using Box = TapePicture::Box;
using Edge = TapePicture::Edge;

// An edge along which gradient goes back, one along which none does, and one that was cut.
constexpr const char *flowing = "edge flowing", *still = "edge", *broken = "edge broken";

// One number as it is, several as their shape.
std::string value_text(const Tensor& x) {
  if (!x.defined()) return "";
  if (x.numel() == 1) return "= " + four_digits(x.item<double>());
  TextStream text;
  text << x.shape();
  return text.str();
}

std::string gradient_text(const Tape::Row& row) {
  if (const auto absence = row.absence())
    return absence == Tape::Row::Absence::frozen ? word_of(*absence) : "gradient -";
  const std::optional<Tensor> gradient = row.gradient();
  if (gradient->numel() == 1) return "gradient " + four_digits(gradient->item<double>());
  return "|gradient| " + four_digits(norm_of(*gradient));
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
  return {"box constant", {heading, value_text(value)}, joined({heading, brief(value)}, ": "), {}, {}, false};
}

Box box_of_cut(const Tape::Row& row) {
  const Cut& cut = *row.cut;
  const std::string heading = joined({row.name(), row.op()}, ": ");
  const std::string what = cut.what.empty() ? value_text(row.value) : cut.what;
  return {"box cut",
          {heading, what, "no gradient", brief(cut.where)},
          joined({heading, cut.what, brief(row.value), brief(cut.where)}, ", "),
          {row.number},
          {},
          false};
}

Box box_of_step(const Tape::Row& row) {
  const Node& node = *row.node;
  const std::string name = row.name();
  std::string value = value_text(row.value);
  if (value.empty()) {  // no number is known, but the shape is
    TextStream shape;
    shape << node.shape;
    value = shape.str();
  }
  const std::optional<Tensor> gradient = row.gradient();
  return {joined({"box", node.is_leaf ? "leaf" : "step", row.behind_cut || node.frozen ? "still" : ""}, " "),
          {name.empty() ? node.op : name, joined({name.empty() ? "" : node.op, value}, " "), gradient_text(row)},
          joined({joined({name, node.op}, ": "), brief(row.value),
                  gradient ? "gradient " + brief(*gradient) : gradient_text(row), brief(node.where)},
                 ", "),
          {row.number},
          {},
          row.wants_gradient() && !row.behind_cut};
}

const char* classes_of_edge(const Tape& tape, const Tape::Row& to, const Tape::Input& input) {
  if (to.cut) return broken;
  return input.number > 0 && tape.row(input.number).wants_gradient() ? flowing : still;
}

void draw_last_what_flows(std::vector<Edge>& edges) {  // so that it is on top
  std::stable_partition(edges.begin(), edges.end(), [](const Edge& edge) { return edge.classes != flowing; });
}

std::string description_of(const Tape& tape) {
  TextStream text;
  text << "The " << tape.rows().size() << " steps of the tape, from left to right.";
  for (const Tape::Row& row : tape.rows()) {
    if (!row.cut) continue;
    text << " Cut by " << (row.cut->kind == Cut::Kind::detach ? "detach" : "no_grad") << ":";
    for (const Ref<Node>& from : row.cut->from) text << ' ' << from->label();
    text << '.';
  }
  return text.str();
}

// One box in place of several: what it holds, and the gradients of its parameters as if they were one.
Box box_of_group(const TapeGroup& group, const Tape& tape) {
  std::string ops, names;
  std::size_t parameters = 0;
  std::optional<double> gradient;
  bool frozen = true;
  for (const std::size_t number : group.rows) {
    const Tape::Row& row = tape.row(number);
    const std::string name = row.name();
    names = joined({names, name.empty() ? row.op() : name}, ", ");
    if (!row.node->is_leaf) {
      ops = joined({ops, row.op()}, ", ");
      continue;
    }
    ++parameters;
    frozen = frozen && row.node->frozen;
    if (const std::optional<Tensor> one = row.gradient()) gradient = std::hypot(gradient.value_or(0), norm_of(*one));
  }
  const std::string inside = ops.empty() ? std::to_string(parameters).append(" parameters") : ops;
  const bool is_still = ops.empty() && std::ranges::none_of(group.rows, [&](std::size_t number) {
                          return tape.row(number).wants_gradient() && !tape.row(number).behind_cut;
                        });
  return {joined({"box group", is_still ? "still" : ""}, " "),
          {group.name, inside,
           gradient ? "|gradient| " + four_digits(*gradient)
                    : std::string(frozen && parameters > 0 ? "frozen" : "gradient -")},
          group.name + ": " + names,
          group.rows,
          group.name,
          !is_still};
}

// Several edges between the same two boxes are one, and what was sent along them is one gradient.
std::vector<Edge> merged(const std::vector<Edge>& edges) {
  std::vector<Edge> result;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> places;
  for (const Edge& edge : edges) {
    const auto [found, is_new] = places.try_emplace({edge.from, edge.to}, result.size());
    if (is_new) {
      result.push_back(edge);
      continue;
    }
    Edge& one = result[found->second];
    if (edge.classes == flowing) one.classes = flowing;
    one.readers.insert(one.readers.end(), edge.readers.begin(), edge.readers.end());
    if (edge.gradient) one.gradient = std::hypot(one.gradient.value_or(0), *edge.gradient);
  }
  return result;
}

}  // namespace

TapePicture picture_of(const Tape& tape) {
  TapePicture picture;
  for (const Tape::Row& row : tape.rows()) picture.boxes.push_back(row.cut ? box_of_cut(row) : box_of_step(row));
  for (const Tape::Row& row : tape.rows()) {
    for (const Tape::Input& input : tape.inputs(row)) {
      Edge edge{input.number > 0 ? input.number - 1 : picture.boxes.size(),
                row.number - 1,
                classes_of_edge(tape, row, input),
                {},
                {}};
      if (input.share.defined()) {
        edge.readers = {row.number};
        edge.gradient = norm_of(input.share);
      }
      picture.edges.push_back(std::move(edge));
      if (input.number == 0) picture.boxes.push_back(box_of_constant(input.value));
    }
  }
  draw_last_what_flows(picture.edges);
  picture.description = description_of(tape);
  return picture;
}

TapePicture collapsed(const TapePicture& picture, const Tape& tape, const std::vector<TapeGroup>& groups) {
  TapePicture result;
  result.description = picture.description;
  std::vector<std::size_t> place(picture.boxes.size(), picture.boxes.size());
  for (const TapeGroup& group : groups) {
    for (const std::size_t number : group.rows) place[number - 1] = result.boxes.size();
    result.boxes.push_back(box_of_group(group, tape));
  }
  for (std::size_t k = 0; k < place.size(); ++k) {
    if (place[k] < picture.boxes.size()) continue;
    place[k] = result.boxes.size();
    result.boxes.push_back(picture.boxes[k]);
  }
  for (const Edge& edge : picture.edges) {
    Edge moved = edge;
    moved.from = place[edge.from];
    moved.to = place[edge.to];
    if (moved.from != moved.to) result.edges.push_back(std::move(moved));
  }
  result.edges = merged(result.edges);
  draw_last_what_flows(result.edges);
  return result;
}

TapePicture surroundings(const TapePicture& picture, const std::vector<std::size_t>& rows) {
  const auto is_inside = [&](std::size_t box) {
    return std::ranges::find_first_of(picture.boxes[box].rows, rows) != picture.boxes[box].rows.end();
  };
  std::vector<Edge> edges;
  std::vector<bool> kept(picture.boxes.size(), false);
  for (std::size_t box = 0; box < kept.size(); ++box) kept[box] = is_inside(box);
  for (const Edge& edge : picture.edges) {
    if (!is_inside(edge.from) && !is_inside(edge.to)) continue;
    edges.push_back(edge);
    kept[edge.from] = kept[edge.to] = true;
  }
  TapePicture result;
  result.description = picture.description;
  std::vector<std::size_t> place(kept.size());
  for (std::size_t box = 0; box < kept.size(); ++box) {
    place[box] = result.boxes.size();
    if (kept[box]) result.boxes.push_back(picture.boxes[box]);
  }
  for (Edge& edge : edges) {
    edge.from = place[edge.from];
    edge.to = place[edge.to];
  }
  result.edges = std::move(edges);
  return result;
}

}  // namespace wengert
