#include "autograd/inspect/ask/explain.hpp"

#include <algorithm>

#include "autograd/inspect/ask/paths.hpp"
#include "autograd/inspect/cut.hpp"
#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/tape.hpp"
#include "autograd/recorder.hpp"

namespace wengert {
namespace {

using Reason = Explanation::Reason;
using Step = Explanation::Step;
using Kind = TapeGraph::Edge::Kind;

constexpr std::size_t most_constants = 8, most_cuts = 100;

Step step_of(const Node* node) {
  if (!node) return {};
  return {node->op, node->notes ? node->notes->name : "", node->where};
}

bool is_zero(const Node& node) { return node.has_gradient && norm_of(node.gradient) == 0; }

Explanation::FirstCut first_cut(const Cut& cut, const Step& user, std::size_t distance) {
  std::string of = cut.what;
  if (of.empty() && cut.from.size() == 1) of = cut.from.front()->label();
  const Reason kind = cut.kind == Cut::Kind::detach ? Reason::detach : Reason::no_grad;
  return {kind, cut.where, std::move(of), user, distance};
}

// The edges that leave what the gradient reaches and from behind which the goal could be reached: each cut once, the
// nearest first.
std::vector<TapeGraph::Edge> first_cut_edges(const Paths& paths, Paths::Index goal) {
  const std::vector<bool> leads = paths.leading_to(goal, Paths::Through::all);
  std::vector<bool> met(paths.graph().size());
  std::vector<TapeGraph::Edge> crossing;
  for (const Paths::Index from : paths.live()) {
    for (const TapeGraph::Edge& edge : paths.graph().edges(from)) {
      if (edge.kind == Kind::live || !leads[edge.to]) continue;
      if (edge.kind == Kind::cut && met[edge.to]) continue;
      met[edge.to] = true;
      crossing.push_back(edge);
    }
  }
  return crossing;
}

void look_for_cuts(const Paths& paths, Paths::Index goal, Explanation& found) {
  for (const TapeGraph::Edge& edge : first_cut_edges(paths, goal)) {
    if (++found.cuts_in_all > most_cuts) continue;
    const Step user = step_of(paths.node(edge.from));
    const std::size_t distance = paths.distance(edge.from);
    const Cut* const cut = paths.graph()[edge.to].cut;
    found.cuts.push_back(cut ? first_cut(*cut, user, distance)
                             : Explanation::FirstCut{Reason::frozen, {}, paths.node(edge.to)->label(), user, distance});
  }
}

// Where a gradient that is there comes in and one that is zero goes out, on the way to the goal.
std::vector<Step> zero_makers(const Paths& paths, Paths::Index goal) {
  const std::vector<bool> leads = paths.leading_to(goal, Paths::Through::live);
  std::vector<Step> result;
  for (const Paths::Index from : paths.live()) {
    for (const TapeGraph::Edge& edge : paths.graph().edges(from)) {
      if (edge.kind != Kind::live || !leads[edge.to]) continue;
      const Node& step = *paths.node(from);
      if (step.has_gradient && is_zero(*paths.node(edge.to)) && !is_zero(step)) result.push_back(step_of(&step));
    }
  }
  return result;
}

// Whether backward has run over the tape is seen at its end: used up, or with a gradient, which a step that has notes
// keeps.
bool has_run(const Node& loss) { return loss.released || (!loss.is_leaf && loss.has_gradient); }

Reason reason_with_path(const Node& parameter, const Node& loss) {
  const bool surely_not_run = !has_run(loss) && loss.notes && !loss.is_leaf;
  if (parameter.has_gradient && !surely_not_run) return is_zero(parameter) ? Reason::zero : Reason::reached;
  return has_run(loss) ? Reason::cleared : Reason::backward_not_run;
}

// It has let go of its inputs.
bool is_used_up(const TapeGraph::Vertex& vertex) { return vertex.forgets && vertex.node->released; }

Reason reason_without_path(const Explanation& found, const Paths& paths) {
  if (!found.cuts.empty()) return found.cuts.front().kind;
  if (!paths.node(0)) return Reason::empty_tape;
  if (std::ranges::any_of(paths.live(), [&](Paths::Index i) { return is_used_up(paths.graph()[i]); }))
    return Reason::used_up;
  return found.forgetful > 0 ? Reason::not_remembered : Reason::not_used;
}

void look_for(const Node& parameter, const Paths& paths, Explanation& found) {
  const std::optional<Paths::Index> goal = paths.graph().index_of(&parameter);
  if (goal) look_for_cuts(paths, *goal, found);
  if (goal && paths.is_live(*goal) && !parameter.frozen) {
    found.path.push_back(step_of(paths.node(0)));
    for (const TapeGraph::Edge& edge : paths.path_to(*goal)) found.path.push_back(step_of(paths.node(edge.to)));
    found.reason = reason_with_path(parameter, *paths.node(0));
  } else {
    found.reason = parameter.frozen ? Reason::frozen : reason_without_path(found, paths);
  }
  if (found.reason == Reason::zero) found.zero_at = zero_makers(paths, *goal);
  if (found.reason != Reason::not_used) return;
  for (const Paths::Index i : paths.live()) {
    if (!paths.graph()[i].takes_constant || found.constants.size() == most_constants) continue;
    found.constants.push_back(step_of(paths.node(i)));
  }
}

// Of a node, or without one of a constant. The value may be undefined where the tape does not keep it.
Explanation explain(const Node* node, const Tensor& value, const Paths& paths) {
  const Node* const loss = paths.node(0);
  Explanation found;
  found.loss = loss ? loss->label() : "the loss";
  found.steps = paths.live().size();
  found.forgetful = static_cast<std::size_t>(
      std::ranges::count_if(paths.live(), [&](Paths::Index i) { return paths.graph()[i].forgets; }));
  found.backward_seen = loss && has_run(*loss);
  if (node) {
    found.parameter = node->label();
    found.is_parameter = node->is_leaf;
    found.in_module = node->is_leaf && value.defined() && value.storage()->whole;
    if (node->has_gradient) found.gradient = norm_of(node->gradient);
    look_for(*node, paths, found);
  } else {
    const std::string name = name_of(value);
    found.parameter = name.empty() ? "the constant" : "'" + name + "'";
    found.reason = Reason::constant;
    if (const Cut* const cut = cut_of(value)) found.cuts.push_back(first_cut(*cut, {}, 0));
  }
  return found;
}

Explanation explain(const Var& parameter, const Paths& paths) {
  return explain(parameter.node().get(), Operand(parameter).value, paths);
}

}  // namespace

Explanation explain(const Var& loss, const Var& parameter) {
  refuse_in_capture("explain");
  require_defined("explain", "the loss", loss);
  require_defined("explain", "the parameter", parameter);
  const TapeGraph graph(loss);
  return explain(parameter, Paths(graph));
}

Explanations explain(const Var& loss, const std::vector<Var>& parameters) {
  refuse_in_capture("explain");
  require_defined("explain", "the loss", loss);
  require_all_defined("explain", "parameter", parameters);
  const TapeGraph graph(loss);
  const Paths paths(graph);
  Explanations result;
  for (const Var& parameter : parameters) result.parameters.push_back(explain(parameter, paths));
  return result;
}

Explanations explain(const Tape& tape) {
  refuse_in_capture("explain");
  const Paths paths(tape.graph());
  Explanations result;
  for (const Tape::Row& row : tape.rows()) {
    if (row.node && row.node->is_leaf) result.parameters.push_back(explain(row.node, row.value, paths));
  }
  return result;
}

}  // namespace wengert
