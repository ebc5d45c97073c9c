// Why gradients are zeroed, as a picture: a pair of bars for each step.
#pragma once

#include <string>
#include <vector>

namespace wengert {

/// The norm of a model's gradient at each of the same first steps of training: with gradients zeroed before each, and
/// with none ever zeroed, so that each step uses the sum of all before it.
struct ZeroingSteps {
  std::vector<double> zeroed, accumulated;
};

/// An <svg> element of class "bars"; step k's bars have data-step, and tooltips with their numbers. What is not finite
/// has no bar and a word instead. Error: lists of different lengths.
std::string zeroing_bars(const ZeroingSteps& steps, const std::string& id);

}  // namespace wengert
