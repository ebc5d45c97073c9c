#include "examples/support/two_blobs/report.hpp"

#include <fmt/format.h>

#include "autograd/inspect/show/svg.hpp"
#include "examples/support/counted.hpp"
#include "examples/support/html.hpp"
#include "examples/support/page.hpp"
#include "examples/support/two_blobs/planes.hpp"
#include "examples/support/two_blobs/sections.hpp"
#include "examples/support/two_blobs/words.hpp"

namespace wengert::examples {
namespace {

std::string introduction(const TwoBlobsOptions& options, const Blobs& data) {
  const std::string points = options.init.empty()
                                 ? "Ten points around (-1, -1) have target 1, ten around (+1, +1) have target 0."
                                 : fmt::format("{}, their targets and the first weights are those of {}.",
                                               counted(data.y.numel(), "point"), escaped(options.init));
  const std::string second = options.similarity ? escaped(loss_of_b(options)) + " No gradient of it reaches A."
                                                : "Model B gets the same points, and first weights of its own.";
  return paragraph(points + " Model A, Linear(2,4), ReLU, Linear(4,1), sigmoid, is to tell them apart. " + second);
}

}  // namespace

std::string report_page(const TwoBlobsOptions& options, const Blobs& data, const Trained& a, const Trained& b,
                        const std::string& error) {
  const PlaneAnswers answers = answers_on_plane(data, a, b);
  const Audit at_end = audit_of(b.model, b.loss());
  const Outcome run{options, data, a, b, error, answers, at_end};
  const std::string body =
      introduction(options, data) + section("What one sees", what_one_sees(run)) +
      section("What they answer", plane_figures(data, a, b, answers)) +
      section("How they got there", curve_figures(options, a, b)) +
      section("The parameters, side by side", parameter_figure(a, b)) + tape_section(a, b) +
      (run.b_was_trained() ? section("How hard each term pulls at B", gradient_figures(b.at_start, at_end)) : "") +
      section("Settings", settings(options));
  return page("Two blobs, two models", "", body);
}

}  // namespace wengert::examples
