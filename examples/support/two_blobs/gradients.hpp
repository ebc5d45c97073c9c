// How hard each term of the loss pulls at the model, and in which direction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "examples/support/two_blobs/loss.hpp"
#include "nn/module.hpp"

namespace wengert::examples {

/// The Euclidean norms of two gradients; empty where none reached, which is not the same as zero.
struct TermNorms {
  std::string parameter;
  std::optional<double> fit, push;
};

struct TermGradients {
  std::vector<TermNorms> parameters;
  TermNorms all;                 ///< over all parameters
  std::optional<double> cosine;  ///< of the angle between the two; empty where one is absent, 0 or not finite
};

/// The gradients of fit and of push, each by a backward of its own. Gradients that the model held before are gone, and
/// it holds none afterwards.
TermGradients gradients_of_terms(const nn::Module& model, const Loss& loss);

}  // namespace wengert::examples
