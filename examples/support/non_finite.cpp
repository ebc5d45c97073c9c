#include "examples/support/non_finite.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <vector>

namespace wengert::examples {
namespace {

struct Earlier {
  bool operator()(const Node* a, const Node* b) const { return a->sequence < b->sequence; }
};

// The latest unseen step is always taken next, so that none is met before all that uses it.
std::vector<Node*> steps_of(const Var& loss) {
  std::vector<Node*> steps;
  std::set<Node*, Earlier> open;
  if (loss.node() && !loss.node()->is_leaf) open.insert(loss.node().get());
  while (!open.empty()) {
    Node* const latest = *open.rbegin();
    open.erase(latest);
    steps.push_back(latest);
    for (const Ref<Node>& input : latest->inputs()) {
      if (input && !input->is_leaf) open.insert(input.get());
    }
  }
  std::ranges::reverse(steps);
  return steps;
}

const double* find_non_finite(const std::vector<double>& values) {
  const auto found = std::ranges::find_if_not(values, [](double value) { return std::isfinite(value); });
  return found == values.end() ? nullptr : &*found;
}

// Not "-nan": a NaN's sign says nothing.
std::string spelled(double value) { return std::isnan(value) ? "nan" : fmt::format("{}", value); }

std::string describe(const Node& step, const std::string& culprit) {
  const std::string file = std::filesystem::path(step.where.file).filename().string();
  return fmt::format("{} ({}:{}) {}", step.label(), file, step.where.line, culprit);
}

}  // namespace

std::string first_non_finite(const Var& loss) {
  for (const Node* const step : steps_of(loss)) {
    if (!step->notes) continue;
    for (const Notes::Input& input : step->notes->inputs) {  // a leaf or a constant: steps before this one are in order
      const std::vector<double> values = input.value.to_vector<double>();
      if (const double* bad = find_non_finite(values)) {
        const bool named = input.node && input.node->notes && !input.node->notes->name.empty();
        return describe(*step,
                        fmt::format("is given {} in {}", spelled(*bad), named ? input.node->label() : "an operand"));
      }
    }
    const std::vector<double> values = step->notes->output.to_vector<double>();
    if (const double* bad = find_non_finite(values)) return describe(*step, fmt::format("gives {}", spelled(*bad)));
  }
  return {};
}

}  // namespace wengert::examples
