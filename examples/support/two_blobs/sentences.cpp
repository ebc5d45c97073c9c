#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "autograd/inspect/show/svg.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "examples/support/html.hpp"
#include "examples/support/two_blobs/sections.hpp"
#include "examples/support/two_blobs/words.hpp"

namespace wengert::examples {
namespace {

std::string how_it_ended(const Outcome& run) {
  if (run.error.empty()) {
    return run.options.epochs > 0 ? "" : "No epoch was trained: what is shown are the first weights.";
  }
  std::string text = fmt::format(
      "<strong>Training ended early, with an error.</strong> The program said: <q>{}</q> Steps taken: A {}, "
      "B {}. All that follows shows the models as they were then.",
      escaped(run.error), run.a.steps, run.b.steps);
  if (!run.a.last) text += " B was not trained; what is drawn of it are its first weights.";
  return text;
}

// Under its name, for those who read the page by program.
std::string shown(const std::string& name, float value) { return number(name, value); }

double distance(const Trained& a, const Trained& b) {
  return sum(abs(a.model.detach().flat() - b.model.detach().flat())).item<double>();
}

std::string how_far_it_is(const Outcome& run) {
  const std::string text = what_became_of_the_similarity(run.options, run.a, run.b, shown);
  if (text.empty()) return "";
  return fmt::format("{} Over all parameters together, sum|A - B| is {}.", text,
                     number("distance", distance(run.a, run.b)));
}

std::string where_they_disagree(const Outcome& run) {
  if (!run.a.last || !run.b.last) return "";
  const double share = run.answers.disagreement();
  if (share == 0) {
    return fmt::format("Nowhere on the square that is drawn do the two answer differently ({} %).",
                       number("disagreement", 0.));
  }
  return fmt::format("On {} % of the square that is drawn the two answer differently.{}",
                     number("disagreement", 100 * share),
                     run.b.old ? " The push does not ask for that: it sees parameters, not answers." : "");
}

// In which direction the two terms pull at B.
std::string direction(double cosine) {
  const std::string value = number("end.cosine", cosine);
  if (cosine < -0.7) return fmt::format("they pull nearly against each other (cosine {})", value);
  if (cosine > 0.7) return fmt::format("they pull nearly the same way (cosine {})", value);
  return fmt::format("they pull neither the same way nor against each other (cosine {})", value);
}

std::string who_pulls_harder(const Outcome& run) {
  const std::vector<Audit::Pull>& pulls = run.at_end.all.pulls;
  if (!pulls[0].norm || !run.b_was_trained()) return "";
  const double fit = *pulls[0].norm;
  const std::string fit_norm = number("end.bce", fit);
  if (pulls.size() < 2)
    return fmt::format("No push acts on B; bce's gradient on it has length {} at the end.", fit_norm);
  const double push = pulls[1].norm.value_or(0);
  const std::string push_norm = number("end.push", push);
  if (!std::isfinite(fit) || !std::isfinite(push)) {
    return fmt::format("At the end not all gradients on B are finite: bce's has length {}, the push's {}.", fit_norm,
                       push_norm);
  }
  if (fit == 0 && push == 0) return fmt::format("At the end both terms' gradients on B are {}.", fit_norm);
  if (fit == 0) {
    return fmt::format("At the end bce's gradient on B is {}: only the push, of length {}, still moves it.", fit_norm,
                       push_norm);
  }
  std::string text = fmt::format("At the end bce's gradient on B has length {}, the push's {}, {} times as much",
                                 fit_norm, push_norm, number("end.ratio", push / fit));
  if (const std::optional<double> cosine = run.at_end.all.cosines[0]) text += "; " + direction(*cosine);
  return text + ".";
}

std::string whether_it_is_saturated(const Outcome& run, const Trained& model) {
  return saturation_remark(run.data, model, shown) + " " + escaped(clamp_remark(run.data, model));
}

}  // namespace

std::string what_one_sees(const Outcome& run) {
  const std::string gradients = run.options.zero_grad || run.a.steps == 0
                                    ? ""
                                    : "Gradients were never zeroed: each step used the sum of all gradients so far.";
  return paragraph(how_it_ended(run)) + paragraph(gradients) +
         paragraph(what_it_learned(run.data, run.a, shown) + " " + what_it_learned(run.data, run.b, shown)) +
         paragraph(whether_it_is_saturated(run, run.a)) + paragraph(whether_it_is_saturated(run, run.b)) +
         paragraph(how_far_it_is(run)) + paragraph(who_pulls_harder(run)) + paragraph(where_they_disagree(run));
}

}  // namespace wengert::examples
