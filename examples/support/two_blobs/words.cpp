#include "examples/support/two_blobs/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "autograd/no_grad.hpp"
#include "examples/support/counted.hpp"

namespace wengert::examples {
namespace {

struct Answer {
  float chance, target;  // the model's chance of target 1
  bool right() const { return (chance > 0.5F) == (target > 0.5F); }
  bool certain() const { return chance == 0 || chance == 1; }
};

std::vector<Answer> answers(const Blobs& data, const Trained& model) {
  const NoGrad no_grad;
  const std::vector<float> chances = model.predict(data.x).to_vector(), targets = data.y.to_vector();
  std::vector<Answer> result;
  for (std::size_t i = 0; i < chances.size(); ++i) result.push_back({chances[i], targets[i]});
  return result;
}

// "fell from 0.7 to 0.1"
std::string course(const std::string& name, float first, float last, const NumberText& number) {
  if (!(first < last || last < first)) return "stayed at " + number(name, last);  // also at no number
  return fmt::format("{} from {} to {}", last < first ? "fell" : "rose", number(name + ".first", first),
                     number(name, last));
}

std::string verdict(std::int64_t gained, std::int64_t right, std::int64_t points, bool better_bce) {
  if (right == points && (gained > 0 || better_bce)) return "learned the points";
  if (gained == 0) return "gained no point";
  return fmt::format("{} {}", gained > 0 ? "gained" : "lost", counted(std::abs(gained), "point"));
}

double distance(const Tensor& a, const Tensor& b) {
  const std::vector<float> of_a = a.to_vector(), of_b = b.to_vector();
  double sum = 0;
  for (std::size_t i = 0; i < of_a.size(); ++i) sum += std::abs(double{of_a[i]} - double{of_b[i]});
  return sum;
}

// "1 / 20.4 + 1 / 8.1": a quotient for each sum|A - B|.
std::string quotients(const nn::Module& a, const nn::Module& b, const losses::InverseL1Options& options) {
  std::vector<double> sums;
  for (std::size_t k = 0; k < a.parameters().size(); ++k) {
    sums.push_back(distance(a.parameters()[k].detach(), b.parameters()[k].detach()));
  }
  if (options.per == Per::model) {
    double total = 0;
    for (const double sum : sums) total += sum;
    sums = {total};
  }
  std::string text;
  for (const double sum : sums) {
    text += text.empty() ? "" : " + ";
    text += options.eps == 0 ? fmt::format("1 / {:.3g}", sum) : fmt::format("1 / ({:.3g} + {})", sum, options.eps);
  }
  return text;
}

}  // namespace

std::int64_t count_right(const Blobs& data, const Trained& model) {
  return std::ranges::count_if(answers(data, model), &Answer::right);
}

std::string similarity_formula(const losses::InverseL1Options& options) {
  const char* const quotient = options.eps == 0 ? "1 / sum|A - B|" : "1 / (sum|A - B| + eps)";
  if (options.per == Per::model) return fmt::format("{}, with one sum over all parameters", quotient);
  return fmt::format("the sum over the parameter tensors of {}", quotient);
}

std::string loss_of_b(const TwoBlobsOptions& options) {
  if (!options.similarity) return "B's loss is bce alone, as A's is.";
  const char* const direction = options.strength > 0   ? "which pushes B away from A's parameters"
                                : options.strength < 0 ? "which pulls B towards A's parameters"
                                                       : "which does nothing at strength 0";
  return fmt::format("B's loss is bce + strength * similarity, {}. The similarity is {}; the strength is {}.",
                     direction, similarity_formula(options.inverse_l1), options.strength);
}

std::string what_it_learned(const Blobs& data, const Trained& model, const NumberText& number) {
  const std::int64_t right = count_right(data, model), points = data.y.numel();
  if (!model.first)
    return fmt::format("{} was not trained; it classifies {} of {} points correctly.", model.name, right, points);
  if (!model.last) {
    return fmt::format("{} classifies {} of {} points correctly ({} before training).", model.name, right, points,
                       model.first->right);
  }
  const std::string name = model.name + ".bce";
  const float first = model.first->losses.bce, last = model.last->bce;
  if (model.steps == 0) {
    return fmt::format("{} classifies {} of {} points correctly, and its bce is {}.", model.name, right, points,
                       number(name, last));
  }
  return fmt::format("{} {}: it classifies {} of {} correctly ({} before training), and its bce {}.", model.name,
                     verdict(right - model.first->right, right, points, last < first), right, points,
                     model.first->right, course(name, first, last, number));
}

std::string what_became_of_the_similarity(const TwoBlobsOptions& options, const Trained& a, const Trained& b,
                                          const NumberText& number) {
  if (!b.old || !b.last) return "";
  const float first = b.first->losses.similarity, last = b.last->similarity;
  const char* const so = last < first   ? ": by this measure B moved away from A"
                         : last > first ? ": by this measure B came closer to A"
                                        : "";
  return fmt::format("The similarity of B to A {}{}. It is {}, here {}.",
                     b.steps == 0 ? "is " + number("B.similarity", last) : course("B.similarity", first, last, number),
                     so, similarity_formula(options.inverse_l1), quotients(a.model, b.model, options.inverse_l1));
}

std::string saturation_remark(const Blobs& data, const Trained& model, const NumberText& number) {
  const std::vector<Answer> all = answers(data, model);
  const auto certain = std::ranges::count_if(all, &Answer::certain);
  if (2 * certain < std::ssize(all)) return "";
  return fmt::format(
      "{} answers exactly 0 or 1 at {} of {} points. There it is saturated: the sigmoid's gradient is 0, and bce no "
      "longer moves it.",
      model.name, number(model.name + ".saturated", static_cast<float>(certain)), all.size());
}

std::string clamp_remark(const Blobs& data, const Trained& model) {
  const auto clamped = std::ranges::count_if(answers(data, model),
                                             [](const Answer& answer) { return answer.certain() && !answer.right(); });
  if (clamped == 0) return "";
  return fmt::format(
      "{} is certain and wrong about {} of {} points. bce counts the logarithm of 0 as -100, so that this adds {} to "
      "the loss, and its gradient there is 0.",
      model.name, clamped, data.y.numel(), 100. * static_cast<double>(clamped) / static_cast<double>(data.y.numel()));
}

}  // namespace wengert::examples
