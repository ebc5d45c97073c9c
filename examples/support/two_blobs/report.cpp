#include "examples/support/two_blobs/report.hpp"

#include <fmt/format.h>

#include <sstream>

#include "autograd/no_grad.hpp"
#include "examples/support/chart.hpp"
#include "examples/support/plane.hpp"
#include "examples/support/two_blobs/cut_diagram.hpp"
#include "examples/support/two_blobs/printing.hpp"

namespace wengert::examples {
namespace {

constexpr double plane_size = 300, plane_left = 28, plane_top = 30, plane_extent = 4;

void draw_plane(Svg& svg, double left, const Blobs& data, const Trained& model) {
  Plane plane(svg, left, plane_top, plane_size, plane_extent);
  plane.shade([&](const Tensor& points) {
    const NoGrad no_grad;
    return model.predict(points.to(data.x.device())).detach();
  });
  plane.points(data.x, data.y);
  plane.frame(fmt::format("{}: {} of {} points right", model.name, count_right(data, model), data.y.numel()));
}

std::string plane_element(const Blobs& data, const Trained& model) {
  const std::string title = fmt::format("What {} answers where", model.name);
  Svg svg(plane_left + plane_size + 12, plane_top + plane_size + 28, "plane-" + model.name, title,
          "The plane, shaded blue where the model holds target 1 for likelier and orange where it holds target 0 for "
          "likelier, with the 20 points: circles have target 1, squares target 0.");
  draw_plane(svg, plane_left, data, model);
  return svg.element();
}

std::vector<float> column(const Trained& model, float Losses::*which) {
  std::vector<float> values;
  for (const Losses& losses : model.history) values.push_back(losses.*which);
  return values;
}

std::string figure(const std::string& svg, const std::string& caption) {
  return fmt::format("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n", svg, escaped(caption));
}

std::string curves(const Trained& a, const Trained& b, bool pushed) {
  if (a.history.empty()) return "<p>No epoch was trained, so there are no curves.</p>\n";
  const Svg bce = line_chart({"bce", "Binary cross-entropy of A and B",
                              "The loss on the points, epoch by epoch, from 0 up.", "epoch (logarithmic)", "bce"},
                             {{"A", "a", column(a, &Losses::bce)}, {"B", "b", column(b, &Losses::bce)}});
  std::string figures = figure(bce.element(), "How well each model fits the points: less is better.");
  if (pushed) {
    const Svg similarity =
        line_chart({"similarity", "Similarity of B to A", "1 / sum|A - B|, epoch by epoch, from 0 up.",
                    "epoch (logarithmic)", "similarity"},
                   {{"B", "b", column(b, &Losses::similarity)}});
    figures +=
        figure(similarity.element(), "1 / sum|A - B|, without the factor of --strength: less is farther from A.");
  }
  return "<div class=\"pair\">\n" + figures + "</div>\n";
}

std::string cells(const std::vector<float>& values) {
  std::string text;
  for (const float value : values) text += fmt::format("{}{:.4f}", text.empty() ? "" : "&ensp;", value);
  return text;
}

std::string parameters(const Trained& a, const Trained& b) {
  std::string rows;
  for (const TableRow& row : parameter_table(a.model, b.model)) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n", escaped(row.name), cells(row.a),
                        cells(row.b));
  }
  return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Parameters\"><table>\n<thead><tr><th "
         "scope=\"col\">Parameter"
         "</th><th scope=\"col\">A</th><th scope=\"col\">B</th></tr></thead>\n<tbody>\n" +
         rows + "</tbody></table></div>\n";
}

std::string settings(const TwoBlobsOptions& options, const Trained& a, const Trained& b) {
  std::string items;
  const auto item = [&](const char* name, const std::string& value) {
    items += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, escaped(value));
  };
  std::ostringstream device;
  device << options.device;
  item("Epochs, each model", fmt::format("{}", options.epochs));
  item("Learning rate", fmt::format("{}", options.lr));
  item("Points and first weights", options.init.empty() ? fmt::format("seed {}", options.seed) : options.init);
  item("Similarity", options.similarity
                         ? options.inverse_l1.per == Per::tensor ? "inverse-l1, per tensor" : "inverse-l1, per model"
                         : "none");
  item("Strength, eps", fmt::format("{}, {}", options.strength, options.inverse_l1.eps));
  item("Gradients", options.zero_grad ? "zeroed before each step" : "never zeroed");
  item("Device", device.str());
  item("A at the end", fmt::format("bce {}", a.last.bce));
  item("B at the end", fmt::format("bce {}, similarity {}", b.last.bce, b.last.similarity));
  item("Program", fmt::format("two_blobs {} ({})", version(), build()));
  return "<dl>\n" + items + "</dl>\n";
}

std::string introduction(const TwoBlobsOptions& options) {
  const std::string second =
      options.similarity
          ? "Model B learns the same points and is pushed away from A's parameters: its loss is bce + "
            "strength &times; similarity, where the similarity, 1 / sum|A - B|, grows as B comes close to "
            "A. No gradient of it reaches A."
          : "Model B learns the same points from other first weights.";
  return "<p>Ten points around (-1, -1) have target 1, ten around (+1, +1) have target 0. Model A, Linear(2,4), ReLU, "
         "Linear(4,1), sigmoid, learns to tell them apart. " +
         second + "</p>\n";
}

std::string remarks(const TwoBlobsOptions& options, const Blobs& data, const Trained& a, const Trained& b) {
  std::string text;
  if (!options.zero_grad)
    text += "<p>Gradients were never zeroed: each step used the sum of all gradients so far.</p>\n";
  for (const Trained* model : {&a, &b}) {
    if (const std::string remark = clamp_remark(data, *model); !remark.empty())
      text += "<p>" + escaped(remark) + "</p>\n";
  }
  return text;
}

std::string page_style() {
  return chart_style() + cut_diagram_style() +
         R"(body { margin: 0; background: var(--card); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0.5rem 0; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 0.6rem; }
p { max-width: 44rem; margin: 0.6rem 0; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1rem; }
figure { margin: 0; padding: 0.8rem; background: var(--page); border: 1px solid var(--rule); border-radius: 10px; }
figure svg { display: block; width: 100%; max-width: 30rem; height: auto; margin: 0 auto; }
figcaption { color: var(--faint); font-size: 0.85rem; margin-top: 0.4rem; }
.scroll { overflow-x: auto; background: var(--page); border: 1px solid var(--rule); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: 0.85rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
th, td { text-align: left; padding: 0.35rem 0.8rem; border-top: 1px solid var(--rule); }
thead th { border-top: 0; color: var(--faint); }
pre { margin: 0; padding: 0.8rem; font-size: 0.78rem; line-height: 1.5; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 0.6rem 1.2rem; margin: 0; }
dt { color: var(--faint); font-size: 0.8rem; }
dd { margin: 0; overflow-wrap: anywhere; }
)";
}

}  // namespace

std::string report_page(const TwoBlobsOptions& options, const Blobs& data, const Trained& a, const Trained& b) {
  const std::string planes =
      figure(plane_element(data, a),
             "Circles have target 1, squares target 0. Blue: A answers 1; orange: 0; the paler, the less sure.") +
      figure(plane_element(data, b),
             "The same points, as B sees them. The line is where it holds both answers for equally likely.");
  const std::string head =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Two blobs, two "
      "models</title>\n<style>\n" +
      page_style() + "</style>\n</head>\n<body>\n<main>\n";
  const std::string body =
      "<h1>Two blobs, two models</h1>\n" + introduction(options) + remarks(options, data, a, b) +
      "<h2>What they answer</h2>\n<div class=\"pair\">\n" + planes + "</div>\n<h2>How they got there</h2>\n" +
      curves(a, b, options.similarity) + "<h2>Where the gradient goes</h2>\n" +
      figure(cut_diagram(options.similarity).element(),
             "The arrows point the way that the gradient of B's loss takes.") +
      "<p>The same from the program itself: the tape of B's loss, as it was recorded after training.</p>\n"
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Tape\"><pre>" +
      escaped(b.tape) + "</pre></div>\n<h2>The parameters, side by side</h2>\n" + parameters(a, b) +
      "<h2>Settings</h2>\n" + settings(options, a, b);
  return head + body + "</main>\n</body>\n</html>\n";
}

std::string planes_picture(const Blobs& data, const Trained& a, const Trained& b) {
  const double second = plane_left + plane_size + 44;
  Svg svg(second + plane_size + 12, plane_top + plane_size + 28, "planes", "What the two models answer where",
          "Two pictures of the plane, for A and for B, each shaded blue where the model holds target 1 for likelier "
          "and orange where it holds target 0 for likelier, with the 20 points.");
  draw_plane(svg, plane_left, data, a);
  draw_plane(svg, second, data, b);
  return svg.document(chart_style());
}

}  // namespace wengert::examples
