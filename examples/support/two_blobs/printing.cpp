#include "examples/support/two_blobs/printing.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "examples/support/counted.hpp"
#include "examples/support/two_blobs/words.hpp"
#include "kernels/base/text_stream.hpp"

namespace wengert::examples {
namespace {

std::string rounded(const std::string&, float value) { return fmt::format("{:.4g}", value); }

std::vector<std::string> cells(const std::vector<float>& values) {
  std::vector<std::string> texts;
  for (const float value : values) texts.push_back(fmt::format("{:.4f}", value));
  return texts;
}

void print_table(const nn::Module& a, const nn::Module& b) {
  struct Line {
    std::string name;
    std::vector<std::string> a, b;
  };
  std::vector<Line> rows;
  std::size_t width = 8, columns = 0;
  for (const TableRow& row : parameter_table(a, b)) {
    const Line& added = rows.emplace_back(Line{row.name, cells(row.a), cells(row.b)});
    columns = std::max(columns, added.a.size());
    for (const auto* const side : {&added.a, &added.b}) {
      for (const std::string& cell : *side) width = std::max(width, cell.size());
    }
  }
  const auto joined = [&](const std::vector<std::string>& side) {
    std::string text;
    for (const std::string& cell : side) text += fmt::format("  {:>{}}", cell, width);
    return text;
  };
  const std::size_t side = columns * (width + 2) + 3;
  fmt::print("\n{:<14}{:<{}}{}\n", "", joined({"A"}), side, joined({"B"}));
  for (const Line& row : rows) fmt::print("{:<14}{:<{}}{}\n", row.name, joined(row.a), side, joined(row.b));
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

void print_experiment(const TwoBlobsOptions& options, const Blobs& data, const Trained& a, const Trained& b) {
  const std::string start = options.init.empty() ? fmt::format("seed {}", options.seed) : "from " + options.init;
  fmt::print("{} points in two blobs; models Linear(2,4), ReLU, Linear(4,1), sigmoid; {}.\n", data.y.numel(), start);
  if (options.epochs == 0) {
    fmt::print("No epoch was trained: these are the first weights.\n");
  } else {
    fmt::print("Trained for {} of SGD each, lr {}. {}\n", counted(options.epochs, "epoch"), options.lr,
               loss_of_b(options));
  }
  if (!options.zero_grad && options.epochs > 0)
    fmt::print("Gradients were never zeroed: each step used the sum of all gradients so far.\n");
  for (const Trained* model : {&a, &b}) {
    fmt::print("{}\n", what_it_learned(data, *model, rounded));
    for (const std::string& remark : {saturation_remark(data, *model, rounded), clamp_remark(data, *model)}) {
      if (!remark.empty()) fmt::print("{}\n", remark);
    }
  }
  if (options.similarity) fmt::print("{}\n", what_became_of_the_similarity(options, a, b, rounded));
  print_table(a.model, b.model);
}

void print_audit(const Trained& model) {
  TextStream text;
  text << "Gradients on " << model.name << " before the first step:\n" << model.at_start;
  text << "\nand after the last:\n" << audit_of(model.model, model.loss()) << '\n';
  fmt::print("{}", text.str());
}

void print_last_lines(const Trained& a, const Trained& b) {
  fmt::print("A: bce {}\n", a.last->bce);
  fmt::print("B: bce {} similarity {}\n", b.last->bce, b.last->similarity);
}

}  // namespace wengert::examples
