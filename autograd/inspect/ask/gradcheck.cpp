#include "autograd/inspect/ask/gradcheck.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>

#include "autograd/inspect/ask/probe.hpp"
#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/tape.hpp"
#include "autograd/recorder.hpp"

namespace wengert {
namespace {

using Along = GradcheckOptions::Along;

constexpr std::size_t most_explained = 10;

Slope measure(const Probe& probe, std::size_t input, std::vector<std::int64_t> entry, const Tensor& direction,
              double step) {
  const double ahead = probe.moved(input, direction, step), behind = probe.moved(input, direction, -step);
  const double noise = 4 * std::numeric_limits<double>::epsilon() * std::max(std::abs(ahead), std::abs(behind)) / step;
  return {input, std::move(entry), direction, probe.slope(input, direction), (ahead - behind) / (2 * step), noise};
}

std::vector<std::int64_t> index_of(std::int64_t k, const Shape& shape) {
  std::vector<std::int64_t> index(static_cast<std::size_t>(shape.rank()));
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    index[static_cast<std::size_t>(axis)] = k % shape[axis];
    k /= shape[axis];
  }
  return index;
}

std::vector<Slope> slopes_of(Probe& probe, std::size_t input, const GradcheckOptions& options) {
  const Shape& shape = probe.shape(input);
  if (options.along == Along::directions) return {measure(probe, input, {}, probe.random(shape), options.step)};
  std::vector<Slope> slopes;
  std::vector<double> unit(static_cast<std::size_t>(shape.numel()));
  for (std::int64_t k = 0; k < shape.numel(); ++k) {
    double& entry = unit[static_cast<std::size_t>(k)];
    entry = 1;
    slopes.push_back(measure(probe, input, index_of(k, shape), Tensor::from(unit, shape, DType::f64), options.step));
    entry = 0;
  }
  return slopes;
}

double largest_of(const std::vector<Slope>& slopes) {
  double largest = 0;
  for (const Slope& slope : slopes) {
    if (std::isfinite(slope.numeric)) largest = std::max(largest, std::abs(slope.numeric));
  }
  return largest;
}

std::string name_of_input(const std::vector<Tensor>& inputs, std::size_t i) {
  const std::string name = name_of(inputs[i]);
  return name.empty() ? "input " + std::to_string(i) : name;
}

void check(const GradcheckOptions& options, const std::vector<Tensor>& inputs) {
  refuse_in_capture("gradcheck");
  if (inputs.empty()) fail("gradcheck: takes at least one input");
  require_all_defined("gradcheck", "input", inputs);
  if (!(options.step > 0) || std::isinf(options.step)) fail("gradcheck: step must be above 0, got ", options.step);
  if (!(options.tolerance >= 0)) fail("gradcheck: tolerance must be 0 or more, got ", options.tolerance);
  for (const Tensor& input : inputs) {
    if (input.dtype() == DType::i32) fail("gradcheck: an int32 input has no gradient; let f hold it");
  }
}

}  // namespace

Gradcheck gradcheck(const std::function<Var(const std::vector<Var>&)>& f, const std::vector<Tensor>& inputs,
                    const GradcheckOptions& options) {
  if (!f) fail("gradcheck: takes a function, and this one is empty");
  check(options, inputs);
  Probe probe(f, inputs, options.seed);
  Gradcheck result;
  std::vector<std::vector<Slope>> slopes;  // of each input
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    slopes.push_back(slopes_of(probe, i, options));
    result.checked += slopes[i].size();
    result.largest = std::max(result.largest, largest_of(slopes[i]));
  }
  for (const std::vector<Slope>& of_input : slopes) {
    const double scale = options.along == Along::entries ? largest_of(of_input) : result.largest;
    for (const Slope& slope : of_input) {
      const double analytic = slope.analytic.value_or(0);
      const double most = options.tolerance * scale + slope.noise;
      if (std::isfinite(slope.numeric) && std::abs(analytic - slope.numeric) <= most) continue;
      const bool is_explained = result.mismatches.size() < most_explained;
      result.mismatches.push_back({name_of_input(inputs, slope.input), slope.entry, slope.analytic, slope.numeric,
                                   analytic / slope.numeric,
                                   is_explained ? cause_of_mismatch(probe, slope, options.step) : ""});
    }
  }
  return result;
}

std::ostream& operator<<(std::ostream& out, const Gradcheck& result) {
  out << "gradcheck: " << result.mismatches.size() << " of " << result.checked << " slopes differ\n";
  for (const Gradcheck::Mismatch& mismatch : result.mismatches) {
    const auto told = static_cast<std::size_t>(&mismatch - result.mismatches.data());
    if (told == most_explained) return out << "  and " << result.mismatches.size() - told << " more\n";
    out << "  " << mismatch.input;
    for (const std::int64_t i : mismatch.entry) out << '[' << i << ']';
    out << ": analytic " << (mismatch.analytic ? four_digits(*mismatch.analytic) : "absent") << ", numeric "
        << four_digits(mismatch.numeric) << ", ratio " << four_digits(mismatch.ratio)
        << (mismatch.cause.empty() ? "" : "; likely ") << mismatch.cause << '\n';
  }
  return out;
}

}  // namespace wengert
