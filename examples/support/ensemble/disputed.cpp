#include "examples/support/ensemble/disputed.hpp"

#include <algorithm>

namespace wengert::examples::ensemble {
namespace {

bool is_disputed(const Verdict& verdict, std::int64_t image) {
  const auto i = static_cast<std::size_t>(image);
  return std::ranges::any_of(
      verdict.answers, [&](const Answers& answers) { return answers.predicted[i] != verdict.answers[0].predicted[i]; });
}

}  // namespace

std::vector<std::int64_t> disputed(const Verdict& verdict) {
  std::vector<std::int64_t> images;
  for (std::int64_t i = 0; i < verdict.vote.count(); ++i) {
    if (is_disputed(verdict, i)) images.push_back(i);
  }
  const auto sureness = [&](std::int64_t image) {
    double total = 0;
    for (const Answers& answers : verdict.answers) total += answers.confidence(image);
    return total;
  };
  std::stable_sort(images.begin(), images.end(),
                   [&](std::int64_t a, std::int64_t b) { return sureness(a) > sureness(b); });
  return images;
}

}  // namespace wengert::examples::ensemble
