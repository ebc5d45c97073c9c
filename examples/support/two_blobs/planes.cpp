#include "examples/support/two_blobs/planes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "autograd/no_grad.hpp"
#include "examples/support/chart.hpp"
#include "examples/support/html.hpp"
#include "examples/support/plane.hpp"
#include "examples/support/two_blobs/words.hpp"

namespace wengert::examples {
namespace {

constexpr double size = 300, left = 28, top = 30, extent = 4;
constexpr double width = left + size + 12, height = top + size + 28;

std::vector<float> answers_of(const Blobs& data, const Trained& model) {
  const NoGrad no_grad;
  return model.predict(Plane::centres(extent).to(data.x.device())).to_vector();
}

std::string heading(const Blobs& data, const Trained& model) {
  return fmt::format("{}{}: {} of {} points right", model.name, model.steps > 0 ? "" : ", not trained",
                     count_right(data, model), data.y.numel());
}

std::string caption(const Trained& model, const std::vector<float>& chances) {
  std::string text = fmt::format(
      "Blue: {} answers 1; orange: 0; the fainter, the less sure. On the line it holds both for equally likely. "
      "Circles have target 1, squares target 0.",
      model.name);
  if (std::ranges::any_of(chances, [](float chance) { return std::isnan(chance); })) {
    text += " Where its answer is no number, there is no colour.";
  }
  return text;
}

void draw_model(Svg& svg, double at, const Blobs& data, const Trained& model, const std::vector<float>& chances) {
  Plane plane(svg, at, top, size, extent);
  std::vector<float> leans;
  for (const float chance : chances) leans.push_back(2 * chance - 1);
  plane.shade(leans, "one", "zero");
  plane.border(chances, "border");
  plane.points(data.x, data.y);
  plane.frame(heading(data, model));
}

std::string model_figure(const Blobs& data, const Trained& model, const std::vector<float>& chances) {
  Svg svg(width, height, "plane-" + model.name, fmt::format("What {} answers where", model.name),
          "The plane, shaded blue where the model holds target 1 for likelier and orange where it holds target 0 for "
          "likelier, with the points: circles have target 1, squares target 0.");
  draw_model(svg, left, data, model, chances);
  return figure(svg.element(), caption(model, chances));
}

std::string difference_figure(const Blobs& data, const PlaneAnswers& answers) {
  Svg svg(width, height, "plane-difference", "Where A and B disagree",
          "The plane, shaded where the models' chances of target 1 differ, with the borders of both.");
  Plane plane(svg, left, top, size, extent);
  std::vector<float> leans;
  for (std::size_t k = 0; k < answers.a.size(); ++k) leans.push_back(answers.a[k] - answers.b[k]);
  plane.shade(leans, "a", "b");
  plane.border(answers.a, "border a");
  plane.border(answers.b, "border b");
  plane.points(data.x, data.y);
  plane.frame(fmt::format("Different answers in {:.3g} % of the square", 100 * answers.disagreement()));
  return figure(
      svg.element(),
      "The thick line is A's border, the thin one B's; between them they answer differently. Green: A gives 1 "
      "the higher chance; purple: B does; the fainter, the smaller the difference.");
}

}  // namespace

double PlaneAnswers::disagreement() const {
  std::size_t differ = 0;
  for (std::size_t k = 0; k < a.size(); ++k) differ += (a[k] > 0.5F) != (b[k] > 0.5F) ? 1 : 0;
  return static_cast<double>(differ) / static_cast<double>(a.size());
}

PlaneAnswers answers_on_plane(const Blobs& data, const Trained& a, const Trained& b) {
  return {answers_of(data, a), answers_of(data, b)};
}

std::string plane_figures(const Blobs& data, const Trained& a, const Trained& b, const PlaneAnswers& answers) {
  return side_by_side(model_figure(data, a, answers.a) + model_figure(data, b, answers.b) +
                      difference_figure(data, answers));
}

std::string planes_picture(const Blobs& data, const Trained& a, const Trained& b) {
  const PlaneAnswers answers = answers_on_plane(data, a, b);
  const double second = left + size + 44;
  Svg svg(second + size + 12, height, "planes", "What the two models answer where",
          "Two pictures of the plane, for A and for B, each shaded blue where the model holds target 1 for likelier "
          "and orange where it holds target 0 for likelier, with the points.");
  draw_model(svg, left, data, a, answers.a);
  draw_model(svg, second, data, b, answers.b);
  return svg.element(chart_style());
}

}  // namespace wengert::examples
