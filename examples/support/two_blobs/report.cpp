#include "examples/support/two_blobs/report.hpp"

#include "examples/support/chart.hpp"
#include "examples/support/html.hpp"
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

constexpr const char* page_style =
    R"(body { margin: 0; background: var(--card); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0.5rem 0; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 0.6rem; }
p { max-width: 46rem; margin: 0.6rem 0; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1rem; }
figure { margin: 0; padding: 0.8rem; background: var(--page); border: 1px solid var(--rule); border-radius: 10px; min-width: 0; }
figure svg { display: block; width: 100%; max-width: 32rem; height: auto; margin: 0 auto; }
figure .scroll svg { min-width: 44rem; max-width: 60rem; }
figure .scroll svg.tape { min-width: 60rem; max-width: 72rem; }
figcaption { color: var(--faint); font-size: 0.85rem; margin-top: 0.4rem; }
.scroll { overflow-x: auto; }
details { margin: 0.6rem 0; }
summary { cursor: pointer; color: var(--faint); font-size: 0.9rem; }
details .scroll { margin-top: 0.5rem; background: var(--page); border: 1px solid var(--rule); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.35rem 0.8rem; border-top: 1px solid var(--rule); }
thead th { border-top: 0; color: var(--faint); }
pre { margin: 0; padding: 0.8rem; font-size: 0.78rem; line-height: 1.5; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 0.6rem 1.2rem; margin: 0; }
dt { color: var(--faint); font-size: 0.8rem; }
dd { margin: 0; overflow-wrap: anywhere; }
)";

}  // namespace

std::string report_page(const TwoBlobsOptions& options, const Blobs& data, const Trained& a, const Trained& b,
                        const std::string& error) {
  const PlaneAnswers answers = answers_on_plane(data, a, b);
  const Audit at_end = audit_of(b.model, b.loss());
  const Outcome run{options, data, a, b, error, answers, at_end};
  const std::string head =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Two blobs, two "
      "models</title>\n<style>\n" +
      chart_style() + page_style + "</style>\n</head>\n<body>\n<main>\n<h1>Two blobs, two models</h1>\n";
  const std::string body =
      introduction(options) + section("What one sees", what_one_sees(run)) +
      section("What they answer", plane_figures(data, a, b, answers)) +
      section("How they got there", curve_figures(a, b, options.similarity)) +
      section("The parameters, side by side", parameter_figure(a, b)) + tape_section(a, b) +
      (run.b_was_trained() ? section("How hard each term pulls at B", gradient_figures(b.at_start, at_end)) : "") +
      section("Settings", settings(options));
  return head + body + "</main>\n</body>\n</html>\n";
}

}  // namespace wengert::examples
