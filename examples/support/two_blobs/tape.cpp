#include <optional>
#include <utility>
#include <vector>

#include "autograd/backward.hpp"
#include "autograd/inspect/show/draw_tape.hpp"
#include "autograd/inspect/show/print_tape.hpp"
#include "autograd/inspect/show/svg.hpp"
#include "autograd/inspect/show/tape_page.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/inspect/watch/lint.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "examples/support/html.hpp"
#include "examples/support/two_blobs/sections.hpp"
#include "examples/support/two_blobs/words.hpp"
#include "kernels/base/text_stream.hpp"

namespace wengert::examples {
namespace {

// While it lives, the parameters are called A.fc1.weight and so on: on one tape two models' would go by the same names.
class TapeNames {
 public:
  TapeNames(const Trained& a, const Trained& b) {
    for (const Trained* model : {&a, &b}) {
      for (const auto& [name, parameter] : model->model.named_parameters()) {
        names_.emplace_back(&parameter.node()->note(), model->name + "." + name);
      }
    }
    exchange();
  }
  ~TapeNames() { exchange(); }
  TapeNames(const TapeNames&) = delete;
  TapeNames& operator=(const TapeNames&) = delete;

 private:
  void exchange() noexcept {
    for (auto& [notes, name] : names_) notes->name.swap(name);
  }
  std::vector<std::pair<Notes*, std::string>> names_;
};

std::string caption(const Loss& loss) {
  return std::string(
             "From left to right as it was computed; backward went from right to left, along the coloured lines. Each "
             "box: name or op, value or shape, gradient (of several numbers their Euclidean norm). Grey: what no "
             "gradient passes.") +
         (loss.pushed() ? " The dashed box is the cut at A: A.detach() lets A's values pass, and no gradient reaches "
                          "A's parameters, left of it."
                        : "");
}

// The model's loss with its terms by name, and backward run over it; inside an Inspect scope.
Loss named_loss(const Trained& model) {
  model.model.zero_grad();
  Loss loss = model.loss();
  named("bce", loss.fit);
  if (loss.pushed()) named("similarity", loss.similarity);
  if (loss.pushed()) named("push", loss.push);
  named(model.name + "'s loss", loss.total);
  backward(loss.total);
  return loss;
}

// The similarity as it would be without detach, step by step: losses::inverse_l1 takes no reference that has a history.
Var attached_similarity(const nn::Module& a, const nn::Module& b, const losses::InverseL1Options& options) {
  const auto inverse = [&](const Var& sum) { return options.eps == 0 ? 1 / sum : 1 / (sum + options.eps); };
  std::optional<Var> total;
  for (std::size_t k = 0; k < b.parameters().size(); ++k) {
    const Var difference = a.parameters()[k] - b.parameters()[k];
    const Var distances = abs(difference);
    const Var distance = sum(distances);
    const Var term = options.per == Per::tensor ? inverse(distance) : distance;
    total = total ? *total + term : term;
  }
  return options.per == Per::tensor ? *total : inverse(*total);
}

// B's loss with gradient into A, which is therefore no longer frozen.
Var attached_loss(const Trained& b, const TwoBlobsOptions& options) {
  b.old->zero_grad();
  b.model.zero_grad();
  const Var fit = named("bce", b.loss().fit);
  const Var similarity = named("similarity", attached_similarity(*b.old, b.model, options.inverse_l1));
  const Var push = named("push", options.strength * similarity);
  Var total = named("loss", fit + push);
  backward(total);
  return total;
}

}  // namespace

std::string tape_section(const Trained& a, const Trained& b) {
  const TapeNames names(a, b);
  const Lint silent;  // the tape is shown, and trains nothing
  const Trained& shown = a.last ? b : a;
  const Inspect inspect;
  const Loss loss = named_loss(shown);

  TextStream text;
  print_tape(text, loss.total);
  const std::string picture = draw_tape(loss.total, {"tape", "The tape of " + shown.name + "'s loss"});
  shown.model.zero_grad();
  return section(
      "The tape of " + shown.name + "'s loss",
      figure(scrolled("The tape as a picture", picture), caption(loss)) +
          details("The same as text", scrolled("The tape as text", "<pre>" + escaped(text.str()) + "</pre>")));
}

std::string tape_page_of(const Trained& a, const Trained& b, const TwoBlobsOptions& options) {
  const TapeNames names(a, b);
  const Lint silent;  // one of the two tapes shows what no program should do
  const Inspect inspect;
  const char* const cut =
      b.old ? " The similarity is made of both models' parameters, and no gradient of it may reach A." : "";
  const char* const when = options.epochs == 0 ? " No epoch was trained." : " After the last step of training.";
  TapePage page("Two blobs: where the gradient of B's loss goes", loss_of_b(options) + cut + when);
  const Loss loss = named_loss(b);
  page.add("B's loss", loss.total,
           loss.pushed() ? "A.detach() hands A's values to inverse_l1 without their history: the cut." : "");
  if (b.old) {
    a.model.unfreeze();
    page.add("Without detach", attached_loss(b, options),
             "The same loss, the similarity step by step, with A's parameters as they are: now A is pushed too.");
    a.model.zero_grad();
    a.model.freeze();
  }
  b.model.zero_grad();
  return page.add(b.zeroing).html();
}

}  // namespace wengert::examples
