#include "examples/support/two_blobs/report.hpp"

#include "examples/support/html.hpp"
#include "examples/support/page.hpp"
#include "examples/support/two_blobs/planes.hpp"
#include "examples/support/two_blobs/sections.hpp"

namespace wengert::examples {
namespace {

std::string introduction(const TwoBlobsOptions& options) {
  const std::string second =
      options.similarity
          ? "Model B learns the same points and is pushed away from A's parameters: its loss is bce + "
            "strength &times; similarity, where the similarity, 1 / sum|A - B|, grows as B comes close to "
            "A. No gradient of it reaches A."
          : "Model B learns the same points from other first weights.";
  return paragraph(
      "Ten points around (-1, -1) have target 1, ten around (+1, +1) have target 0. Model A, Linear(2,4), ReLU, "
      "Linear(4,1), sigmoid, learns to tell them apart. " +
      second);
}

}  // namespace

std::string report_page(const TwoBlobsOptions& options, const Blobs& data, const Trained& a, const Trained& b,
                        const std::string& error) {
  const PlaneAnswers answers = answers_on_plane(data, a, b);
  const Audit at_end = audit_of(b.model, b.loss());
  const Outcome run{options, data, a, b, error, answers, at_end};
  const std::string body =
      introduction(options) + section("What one sees", what_one_sees(run)) +
      section("What they answer", plane_figures(data, a, b, answers)) +
      section("How they got there", curve_figures(a, b, options.similarity)) +
      section("The parameters, side by side", parameter_figure(a, b)) + tape_section(a, b) +
      (run.b_was_trained() ? section("How hard each term pulls at B", gradient_figures(b.at_start, at_end)) : "") +
      section("Settings", settings(options));
  return page("Two blobs, two models", "", body);
}

}  // namespace wengert::examples
