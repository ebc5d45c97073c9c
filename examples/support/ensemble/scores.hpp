// How good answers are.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "autograd/tensor.hpp"

namespace wengert::examples::ensemble {

/// What a classifier says about n images, in double precision.
struct Answers {
  std::int64_t classes = 0;
  std::vector<double> probabilities;    ///< (n, classes), row-major; each row sums to 1
  std::vector<std::uint8_t> predicted;  ///< (n): the most likely class, the first of equals

  std::int64_t count() const { return static_cast<std::int64_t>(predicted.size()); }
  double confidence(std::int64_t image) const;  ///< the predicted class's probability
};

/// The softmax of logits (n, classes). Errors: another rank; no image; more than 256 classes.
Answers answers(const Tensor& logits);
/// Soft vote: the mean of the probabilities. All are of the same images. Error: no voter.
Answers soft_vote(std::span<const Answers> voters);

/// All three take the true classes (n), below `classes`.
using Labels = std::span<const std::uint8_t>;

/// The fraction of images whose predicted class is the true one.
double accuracy(const Answers&, Labels);
/// Negative log-likelihood, the mean of -log p(true class), in nats. Infinite where a true class got probability 0.
double nll(const Answers&, Labels);
/// Expected calibration error (Guo et al. 2017, "On Calibration of Modern Neural Networks"): 15 bins of equal width by
/// confidence, bin m holding ((m - 1) / 15, m / 15]; the sum of |bin| / n * |accuracy in bin - mean confidence in bin|.
double ece(const Answers&, Labels);

}  // namespace wengert::examples::ensemble
