#include <algorithm>
#include <cmath>

#include "autograd/inspect/ask/probe.hpp"
#include "autograd/inspect/numbers.hpp"
#include "kernels/base/text_stream.hpp"

namespace wengert {
namespace {

bool is_close(double a, double b) { return std::abs(a - b) <= 1e-3 * std::abs(b); }

// How much the slopes on the two sides differ.
double gap(const Probe& probe, const Slope& slope, double step) {
  const double here = probe.here();
  const double ahead = probe.moved(slope.input, slope.direction, step) - here;
  const double behind = here - probe.moved(slope.input, slope.direction, -step);
  return std::abs(ahead - behind) / step;
}

// That of a curve shrinks with the step, that of a kink does not.
bool has_kink(const Probe& probe, const Slope& slope, double step) {
  const double wide = gap(probe, slope, step), narrow = gap(probe, slope, step / 4);
  return wide > 10 * slope.noise && narrow > 0.5 * wide;
}

std::string random_or_not(const Probe& probe) {
  const double once = probe.here(), again = probe.here();
  if (once == again || std::isnan(once)) return "";
  return "f gives " + four_digits(once) + " and then " + four_digits(again) + " at the same place: it is random, or " +
         "keeps a state";
}

std::string cut_or_not(const Explanation& explanation) {
  if (explanation.cuts.empty() && explanation.has_path()) return "";
  TextStream text;
  text << "a cut: " << explanation;
  const std::string lines = text.str();
  return lines.substr(0, lines.find_last_not_of('\n') + 1);
}

std::string factor(double ratio, const Probe& probe, const Slope& slope) {
  if (ratio == 0) return "the gradient is zero though f moves";
  if (is_close(ratio, -1)) return "the sign";
  if (is_close(ratio, 2)) return "a factor 2: a contribution counted twice, or a 2 too many";
  if (is_close(ratio, 0.5)) return "a factor 1/2: one of two contributions is missing, or a 2 of the derivative";
  for (const std::int64_t n : {probe.results(), probe.shape(slope.input).numel()}) {
    const auto count = static_cast<double>(n);
    if (n < 2 || !(is_close(ratio, count) || is_close(ratio, 1 / count))) continue;
    return "a factor " +
           std::to_string(n).append(", a number of elements: a sum in place of a mean, or a mean of a sum");
  }
  return "";
}

}  // namespace

// The reasons that can be seen come before those that a ratio suggests.
std::string cause_of_mismatch(const Probe& probe, const Slope& slope, double step) {
  if (std::string cause = random_or_not(probe); !cause.empty()) return cause;
  if (!std::isfinite(slope.numeric)) return "f is not finite here";
  if (slope.analytic && !std::isfinite(*slope.analytic)) return "the gradient is not finite where f is";
  if (has_kink(probe, slope, step)) return "a kink: f has another slope on each side of this place";
  if (std::string cause = cut_or_not(probe.explain(slope.input)); !cause.empty()) return cause;
  return factor(slope.analytic.value_or(0) / slope.numeric, probe, slope);
}

}  // namespace wengert
