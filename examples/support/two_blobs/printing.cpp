#include "examples/support/two_blobs/printing.hpp"

#include <fmt/core.h>

#include <sstream>

#include "autograd/no_grad.hpp"

namespace wengert::examples {
namespace {

// The chance of target 1 and the target, point by point.
std::vector<std::pair<float, float>> answers(const Blobs& data, const Trained& model) {
  const NoGrad no_grad;
  const std::vector<float> chance = model.predict(data.x).to_vector();
  const std::vector<float> target = data.y.to_vector();
  std::vector<std::pair<float, float>> result;
  for (std::size_t i = 0; i < chance.size(); ++i) result.push_back({chance[i], target[i]});
  return result;
}

std::string in_columns(const std::vector<float>& values) {
  std::string text;
  for (const float value : values) text += fmt::format("{:>10.4f}", value);
  return text;
}

void print_table(const nn::Module& a, const nn::Module& b) {
  fmt::print("\n{:<14}{:>10}{:<33}{:>10}\n", "", "A", "", "B");
  for (const TableRow& row : parameter_table(a, b)) {
    fmt::print("{:<14}{:<43}{}\n", row.name, in_columns(row.a), in_columns(row.b));
  }
  fmt::print("\n");
}

}  // namespace

std::vector<TableRow> parameter_table(const nn::Module& a, const nn::Module& b) {
  std::vector<TableRow> table;
  const auto of_a = a.named_parameters();
  const auto of_b = b.named_parameters();
  for (std::size_t k = 0; k < of_a.size(); ++k) {
    const Shape& shape = of_a[k].parameter.shape();
    const std::vector<float> values_a = of_a[k].parameter.to_vector();
    const std::vector<float> values_b = of_b[k].parameter.to_vector();
    const auto width = static_cast<std::ptrdiff_t>(shape[-1]);
    for (std::ptrdiff_t begin = 0; begin < std::ssize(values_a); begin += width) {
      const auto row = [&](const std::vector<float>& values) {
        return std::vector<float>(values.begin() + begin, values.begin() + begin + width);
      };
      const std::string index = shape.rank() > 1 ? fmt::format("[{}]", begin / width) : "";
      table.push_back({of_a[k].name + index, row(values_a), row(values_b)});
    }
  }
  return table;
}

std::int64_t count_right(const Blobs& data, const Trained& model) {
  std::int64_t right = 0;
  for (const auto& [chance, target] : answers(data, model)) right += (chance > 0.5F) == (target > 0.5F) ? 1 : 0;
  return right;
}

std::string clamp_remark(const Blobs& data, const Trained& model) {
  int clamped = 0;
  for (const auto& [chance, target] : answers(data, model)) {
    clamped += (chance == 0 && target == 1) || (chance == 1 && target == 0) ? 1 : 0;
  }
  if (clamped == 0) return {};
  return fmt::format(
      "{} is certain and wrong about {} of {} points. bce counts the logarithm of 0 as -100, so that this adds {} to "
      "the loss, and its gradient there is 0.",
      model.name, clamped, data.y.numel(), 100. * clamped / static_cast<double>(data.y.numel()));
}

void print_experiment(const TwoBlobsOptions& options, const Blobs& data, const Trained& a, const Trained& b) {
  fmt::print(
      "{} points in two blobs; models Linear(2,4), ReLU, Linear(4,1), sigmoid; {} epochs of SGD, lr {}, seed {}.\n",
      data.y.numel(), options.epochs, options.lr, options.seed);
  fmt::print("A learned the points. B learned them too{}.\n",
             options.similarity ? ", and was pushed away from A's parameters by 1 / sum|A - B|" : "");
  fmt::print("Points on the right side: A {}, B {}.\n", count_right(data, a), count_right(data, b));
  if (!options.zero_grad) fmt::print("Gradients were never zeroed: each step used the sum of all gradients so far.\n");
  for (const Trained* model : {&a, &b}) {
    if (const std::string remark = clamp_remark(data, *model); !remark.empty()) fmt::print("{}\n", remark);
  }
  print_table(a.model, b.model);
}

void print_audit(const Trained& model) {
  std::ostringstream text;
  text << "Gradients on " << model.name << " before the first step:\n" << model.at_start;
  text << "\nand after the last:\n" << audit_of(model.model, model.loss()) << '\n';
  fmt::print("{}", text.str());
}

void print_last_lines(const Trained& a, const Trained& b) {
  fmt::print("A: bce {}\n", a.last->bce);
  fmt::print("B: bce {} similarity {}\n", b.last->bce, b.last->similarity);
}

}  // namespace wengert::examples
