#include "examples/support/ensemble/scores.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "examples/support/numbers.hpp"
#include "kernels/base/error.hpp"

namespace wengert::examples::ensemble {
namespace {

// Less its largest logit, so that no exponential overflows.
void softmax(std::span<double> row) {
  const double largest = *std::ranges::max_element(row);
  double total = 0;
  for (double& value : row) total += value = std::exp(value - largest);
  for (double& value : row) value /= total;
}

std::span<const double> row(const Answers& answers, std::int64_t image) {
  return std::span(answers.probabilities)
      .subspan(static_cast<std::size_t>(image * answers.classes), static_cast<std::size_t>(answers.classes));
}

void predict(Answers& answers) {
  for (std::int64_t i = 0; i < std::ssize(answers.probabilities) / answers.classes; ++i) {
    const std::span<const double> chances = row(answers, i);
    answers.predicted.push_back(static_cast<std::uint8_t>(std::ranges::max_element(chances) - chances.begin()));
  }
}

}  // namespace

double Answers::confidence(std::int64_t image) const {
  return row(*this, image)[predicted[static_cast<std::size_t>(image)]];
}

Answers answers(const Tensor& logits) {
  const Shape& shape = logits.shape();
  if (shape.rank() != 2 || shape[0] < 1 || shape[1] < 1 || shape[1] > 256) {
    fail("answers: takes logits (images, classes), with 1 to 256 classes, got ", shape);
  }
  Answers result{shape[1], logits.to_vector<double>(), {}};
  const auto classes = static_cast<std::size_t>(result.classes);
  for (std::size_t begin = 0; begin < result.probabilities.size(); begin += classes) {
    softmax(std::span(result.probabilities).subspan(begin, classes));
  }
  predict(result);
  return result;
}

Answers soft_vote(std::span<const Answers> voters) {
  if (voters.empty()) fail("soft_vote: takes at least one voter");
  Answers result{voters[0].classes, voters[0].probabilities, {}};
  for (const Answers& voter : voters.subspan(1)) {
    std::ranges::transform(result.probabilities, voter.probabilities, result.probabilities.begin(), std::plus<>());
  }
  for (double& value : result.probabilities) value /= static_cast<double>(voters.size());
  predict(result);
  return result;
}

double accuracy(const Answers& answers, Labels labels) {
  std::int64_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const bool answered = !std::isnan(answers.confidence(static_cast<std::int64_t>(i)));
    right += answered && answers.predicted[i] == labels[i] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

double nll(const Answers& answers, Labels labels) {
  double total = 0;
  for (std::size_t i = 0; i < labels.size(); ++i)
    total -= std::log(row(answers, static_cast<std::int64_t>(i))[labels[i]]);
  return unsigned_nan(total / static_cast<double>(labels.size()));
}

double ece(const Answers& answers, Labels labels) {
  constexpr std::size_t bins = 15;
  std::array<double, bins> gap{};  // in each bin, the sum of (1 if right, else 0) - confidence
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double confidence = answers.confidence(static_cast<std::int64_t>(i));
    if (std::isnan(confidence)) return unsigned_nan(confidence);
    const double bin = std::ceil(confidence * bins) - 1;
    gap[static_cast<std::size_t>(std::clamp(bin, 0., bins - 1.))] +=
        (answers.predicted[i] == labels[i] ? 1 : 0) - confidence;
  }
  double total = 0;
  for (const double sum : gap) total += std::abs(sum);
  return total / static_cast<double>(labels.size());
}

}  // namespace wengert::examples::ensemble
