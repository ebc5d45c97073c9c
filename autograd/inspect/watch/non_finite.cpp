#include "autograd/inspect/watch/non_finite.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include "autograd/inspect/tape.hpp"
#include "kernels/base/text_stream.hpp"
#include "kernels/ops/described.hpp"

namespace wengert {
namespace {

using Inputs = std::vector<Remembered::Input>;
using kernels::Description;
using kernels::Element;

std::vector<double> values_of(const Tensor& x) {
  return x.defined() && x.dtype() != DType::i32 ? x.to_vector<double>() : std::vector<double>();
}

// Not "-nan": a NaN's sign says nothing.
std::string spelled(double value) {
  TextStream text;
  text << value;
  return std::isnan(value) ? "nan" : text.str();
}

// "[1, 0]"; nothing where there is but one.
std::string entry(const Shape& shape, std::int64_t at) {
  if (shape.numel() == 1) return "";
  std::string text = "]";
  for (int axis = shape.rank(); axis-- > 0; at /= shape[axis]) {
    text.insert(0, std::to_string(at % shape[axis]));
    text.insert(0, axis > 0 ? ", " : "[");
  }
  return text;
}

// Which element of an operand, broadcast to `result`, takes part in the result's element.
std::int64_t element_of(const Shape& operand, const Shape& result, std::int64_t at) {
  std::int64_t element = 0, stride = 1;
  for (int back = 1; back <= operand.rank(); ++back) {
    element += stride * (operand[-back] == 1 ? 0 : at % result[-back]);
    stride *= operand[-back];
    at /= result[-back];
  }
  return element;
}

std::string name(const Remembered::Input& input) {
  if (input.node && input.node->notes && !input.node->notes->name.empty()) return input.node->notes->name;
  return name_of(input.value);
}

std::string place(const char* op, const Where& where) {
  const std::string line = brief(where);
  return op + (line.empty() ? "" : " (" + line + ")");
}

// What an operand is called in a formula: by its name, by the op that made it, a number by itself.
std::string term(const Remembered::Input& input) {
  if (std::string own = name(input); !own.empty()) return own;
  if (input.node && !input.node->is_leaf) return input.node->op;
  if (!input.node && input.value.numel() == 1) return spelled(input.value.item<double>());
  return input.node ? "a parameter" : "a constant";
}

std::string formula(const char* op, const Inputs& inputs) {
  const Description* const description = kernels::description_of(op);
  const char* const infix = description ? description->words.infix : nullptr;
  std::string text;
  for (const Remembered::Input& input : inputs) {
    if (!text.empty()) text += infix ? infix : ", ";
    text += term(input);
  }
  return infix ? text : op + ("(" + text + ")");
}

// "S = 0 (sum, net.cpp:3)" for each operand that is not a number itself.
std::string with_values(const Inputs& inputs, const Shape& result, std::int64_t at) {
  std::string text;
  for (const Remembered::Input& input : inputs) {
    const Shape& shape = input.value.shape();
    if (!input.node && shape.numel() == 1 && name(input).empty()) continue;
    const std::int64_t element = element_of(shape, result, at);
    text += text.empty() ? " with " : " and ";
    text += term(input) + entry(shape, element) + " = " +
            spelled(values_of(input.value)[static_cast<std::size_t>(element)]);
    if (!input.node || input.node->is_leaf) continue;
    const bool named = !name(input).empty();
    const std::string line = brief(input.node->where);
    if (named || !line.empty())
      text += std::string(" (") + (named ? input.node->op : "") + (named && !line.empty() ? ", " : "") + line + ")";
  }
  return text;
}

bool all_zero(const Tensor& x) {
  const std::vector<double> values = values_of(x);
  return !values.empty() && std::ranges::all_of(values, [](double value) { return value == 0; });
}

// A value that is 0 because it measures how far two equal things are apart: follows it down to their difference.
std::string why_zero(const Remembered::Input& zero) {
  const Remembered::Input* at = &zero;
  while (at->node && all_zero(at->value)) {
    const Remembered* const notes = remembered(*at->node);
    if (!notes) return "";
    const Inputs& inputs = notes->inputs;
    if (at->node->op == std::string_view("sub") && inputs.size() == 2) {
      return " It is 0 because " + term(inputs[0]) + " and " + term(inputs[1]) + " are equal in " +
             place("sub", at->node->where) + ": if these are two models, start them from different weights.";
    }
    const auto next =
        std::ranges::find_if(inputs, [](const Remembered::Input& input) { return static_cast<bool>(input.node); });
    if (next == inputs.end()) return "";
    at = &*next;
  }
  return "";
}

// Of an elementwise op, by the element of the result.
class Elements {
 public:
  explicit Elements(const Remembered& notes) : result_(notes.output.shape()), y_(values_of(notes.output)) {
    for (std::size_t k = 0; k < std::min<std::size_t>(notes.inputs.size(), 2); ++k) {
      shapes_[k] = notes.inputs[k].value.shape();
      operands_[k] = values_of(notes.inputs[k].value);
    }
  }
  Element operator[](std::int64_t at) const { return {operand(0, at), operand(1, at), y_[index(at)]}; }

 private:
  static std::size_t index(std::int64_t at) { return static_cast<std::size_t>(at); }
  double operand(std::size_t k, std::int64_t at) const {
    const std::vector<double>& values = operands_[k];
    return values.empty() ? std::numeric_limits<double>::quiet_NaN()
                          : values[index(element_of(shapes_[k], result_, at))];
  }
  Shape result_;
  std::array<Shape, 2> shapes_;
  std::array<std::vector<double>, 2> operands_;
  std::vector<double> y_;
};

std::string limit_of(DType dtype) {
  return dtype == DType::f64 ? "float64, which ends at 1.8e308" : "float32, which ends at 3.4e38";
}

// Where no cause is known by name: only size is left, or a NaN that came of it.
std::string of_size(double value, DType dtype) {
  if (std::isinf(value)) return "too large for " + limit_of(dtype) + ". Scale the operands down";
  return "inf - inf or 0 * inf, because something on the way is too large for " + limit_of(dtype) +
         ". Scale the operands down";
}

std::string given(const Performed& step) {
  for (const Remembered::Input& input : step.notes.inputs) {
    const auto bad = first_non_finite(input.value);
    if (!bad) continue;
    const bool parameter = input.node && input.node->is_leaf;
    return place(step.op, step.where) + " is given " + spelled(bad->value) + " in " + term(input) +
           entry(input.value.shape(), bad->at) +
           (parameter ? ", a parameter: an earlier step of the optimiser left it so, or its first values were"
                      : ", which was made outside this scope: look at where it comes from");
  }
  return "";
}

std::string why_value(const Performed& step, const NonFinite& bad) {
  const Inputs& inputs = step.notes.inputs;
  const Shape& result = step.notes.output.shape();
  if (std::string own = step.node ? step.node->why_not_finite() : ""; !own.empty()) return own;
  if (!inputs.empty() && inputs.front().value.numel() == 0)
    return formula(step.op, inputs) + ": 0 / 0, because there are no elements";
  const std::string size = of_size(bad.value, step.notes.output.dtype());
  const Description* const op = kernels::description_of(step.op);
  if (!op || !op->elementwise()) return formula(step.op, inputs) + ": " + size;
  const std::string text = formula(step.op, inputs) + with_values(inputs, result, bad.at) + ": ";
  const kernels::Singular singular = op->singular(Elements(step.notes)[bad.at]);
  if (!singular.cause) return text + size;
  return text + singular.cause + "." + why_zero(inputs.back()) + " " + singular.way_out;
}

// What one element of the result sends back to an operand.
struct Share {
  std::int64_t at;
  double upstream, factor;
};

bool fits(double value, DType dtype) {
  return std::isfinite(dtype == DType::f32 ? static_cast<double>(static_cast<float>(value)) : value);
}

// The first that is not finite of those that are summed into element `at` of the operand's gradient.
std::optional<Share> first_bad_share(const Node& step, const Description& op, std::size_t operand, const Shape& shape,
                                     std::int64_t at) {
  const std::vector<double> upstream = values_of(step.gradient);
  const Elements elements(*remembered(step));
  for (std::int64_t i = 0; i < step.shape.numel(); ++i) {
    if (element_of(shape, step.shape, i) != at) continue;
    const Share share{i, upstream[static_cast<std::size_t>(i)], op.slope(operand, elements[i])};
    if (!fits(share.upstream * share.factor, step.dtype)) return share;
  }
  return std::nullopt;
}

std::string why_gradient(const Node& step, std::size_t operand, const NonFinite& bad) {
  if (std::string own = step.why_not_finite(); !own.empty()) return own;
  const Description* const op = kernels::description_of(step.op);
  const kernels::Steep steep = op && operand < op->words.steep.size() ? op->words.steep[operand] : kernels::Steep();
  const Remembered::Input& input = remembered(step)->inputs[operand];
  const auto share = steep.slope ? first_bad_share(step, *op, operand, input.value.shape(), bad.at) : std::nullopt;
  if (!share) return of_size(bad.value, step.dtype);
  std::string text = "upstream " + spelled(share->upstream) + " times the slope " + steep.slope + " = " +
                     spelled(share->factor) + with_values(remembered(step)->inputs, step.shape, share->at);
  if (std::isnan(share->upstream * share->factor)) text += ", and 0 * inf is nan";
  return text + "." + why_zero(input) + " " + steep.way_out;
}

}  // namespace

std::optional<NonFinite> first_non_finite(const Tensor& x) {
  const std::vector<double> values = values_of(x);
  const auto found = std::ranges::find_if_not(values, [](double value) { return std::isfinite(value); });
  if (found == values.end()) return std::nullopt;
  return NonFinite{found - values.begin(), *found};
}

std::string why_not_finite(const Performed& step) {
  if (std::string operand = given(step); !operand.empty()) return operand;
  const auto bad = first_non_finite(step.notes.output);
  if (!bad) return "";
  return place(step.op, step.where) + " gives " + spelled(bad->value) + entry(step.notes.output.shape(), bad->at) +
         ": " + why_value(step, *bad);
}

std::string why_gradients_not_finite(Node& step) {
  const Inputs& operands = remembered(step)->inputs;
  for (const Ref<Node>& input : step.inputs()) {
    if (!input || !input->has_gradient) continue;
    const auto bad = first_non_finite(input->gradient);
    const auto operand = std::ranges::find(operands, input, &Remembered::Input::node);
    if (!bad || operand == operands.end()) continue;
    return "the gradient of " + place(step.op, step.where) + " for " + term(*operand) + entry(input->shape, bad->at) +
           " is " + spelled(bad->value) + ": " +
           why_gradient(step, static_cast<std::size_t>(operand - operands.begin()), *bad);
  }
  return "";
}

}  // namespace wengert
