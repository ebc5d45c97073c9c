#include <sstream>

#include "autograd/backward.hpp"
#include "autograd/inspect/draw_tape.hpp"
#include "autograd/inspect/inspect.hpp"
#include "autograd/inspect/print_tape.hpp"
#include "autograd/inspect/svg.hpp"
#include "examples/support/html.hpp"
#include "examples/support/two_blobs/sections.hpp"

namespace wengert::examples {
namespace {

// On one tape two models' parameters would go by the same names.
void name_parameters(const Trained& model) {
  for (const auto& [name, parameter] : model.model.named_parameters()) {
    named(model.name + "." + name, parameter);
  }
}

std::string caption(const Loss& loss) {
  return std::string(
             "From left to right as it was computed; backward went from right to left, along the coloured lines. Each "
             "box: name or op, value or shape, gradient (of several numbers their Euclidean norm). Grey: what no "
             "gradient passes.") +
         (loss.pushed() ? " The dashed box is the cut at A: A.detach() lets A's values pass, and no gradient reaches "
                          "A's parameters, left of it."
                        : "");
}

}  // namespace

std::string tape_section(const Trained& a, const Trained& b) {
  name_parameters(a);
  name_parameters(b);
  const Trained& shown = a.last ? b : a;
  const Inspect inspect;
  shown.model.zero_grad();
  const Loss loss = shown.loss();
  named("bce", loss.fit);
  if (loss.pushed()) named("similarity", loss.similarity);
  if (loss.pushed()) named("push", loss.push);
  named(shown.name + "'s loss", loss.total);
  backward(loss.total);

  std::ostringstream text;
  print_tape(text, loss.total);
  const std::string picture = draw_tape(loss.total, {"tape", "The tape of " + shown.name + "'s loss"});
  shown.model.zero_grad();
  return section(
      "The tape of " + shown.name + "'s loss",
      figure(scrolled("The tape as a picture", picture), caption(loss)) +
          details("The same as text", scrolled("The tape as text", "<pre>" + escaped(text.str()) + "</pre>")));
}

}  // namespace wengert::examples
