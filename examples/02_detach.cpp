// Where the gradient goes, and what cuts it: detach, a frozen parameter, a NoGrad scope.
//
// Are a model's parameters() variables? Yes: each is a Var, a leaf of the tape, and may stand in a loss like any other.
// When can autograd figure out the gradient? Where recorded steps lead from the loss back to the parameter.
// Where is it cut? Where a value enters without its history; the printed tape names the place.
//
// With --page FILE it also writes the two tapes of 2. as a page, side by side, to step through backward, and what becomes
// of gradients that are never zeroed.
//
// Output:
//   1. A loss made of parameters alone, sum|weight|
//
//   weight: gradient [[1, -1]]
//   bias: gradient absent
//
//   No step leads from the loss to bias, so its gradient is absent. That is not 0: it says that there is no path.
//
//   2. The same loss, 1 / sum|a - b|
//
//   without detach: both sides get a gradient
//   #  op         name  inputs         value     gradient            line
//   1  parameter  a                    [1, 2]    [0.0625, 0.0625]
//   2  parameter  b                    [2, 5]    [-0.0625, -0.0625]
//   3  sub              1, 2           [-1, -3]  [0.0625, 0.0625]    02_detach.cpp:78
//   4  abs              3              [1, 3]    [-0.0625, -0.0625]  02_detach.cpp:79
//   5  sum        S     4              4         -0.0625             02_detach.cpp:80
//   6  div              constant 1, 5  0.25      1                   02_detach.cpp:81
//
//   with a.detach(): the value is the same, and a gets none
//   #  op         name  inputs         value     gradient            line
//   1  parameter  a                              -
//   2  detach           cut from 1     [1, 2]    cut                 02_detach.cpp:112
//   3  parameter  b                    [2, 5]    [-0.0625, -0.0625]
//   4  sub              2, 3           [-1, -3]  [0.0625, 0.0625]    02_detach.cpp:78
//   5  abs              4              [1, 3]    [-0.0625, -0.0625]  02_detach.cpp:79
//   6  sum        S     5              4         -0.0625             02_detach.cpp:80
//   7  div              constant 1, 6  0.25      1                   02_detach.cpp:81
//
//   3. detach, frozen and NoGrad are three things. y = w x, for x = 2 and w = 3:
//
//                               dy/dx     dy/dw
//   nothing is cut              [[3]]     [[2]]
//   detach cuts one use of x    absent    [[2]]
//   w is frozen, x is not       [[3]]     absent
//   NoGrad records nothing      absent    absent
//
//   4. detach() is a view of a living parameter; clone() is the snapshot that stays
//
//   before a step of SGD  w = [[3]]
//   after it              w = [[0]], the view [[0]], the snapshot [[3]]
#include <iomanip>
#include <iostream>
#include <wengert.hpp>

#include "examples/support/command_line.hpp"
#include "examples/support/files.hpp"
#include "examples/support/program.hpp"
#include "examples/support/zeroing.hpp"
#include "kernels/base/text_stream.hpp"

using namespace wengert;

namespace {

Var parameter(const char* name, std::initializer_list<Tensor::AnyNumber> values) {
  return named(name, Var::parameter(Tensor::from(values, {static_cast<std::int64_t>(values.size())})));
}

std::string text(const std::optional<Tensor>& gradient) {
  TextStream out;
  if (gradient) out << *gradient;
  return gradient ? out.str() : "absent";
}

// 1 / sum|old - now|, step by step. Old is a Var, with its history, or a Tensor, which has none.
template <class Old>
Var similarity(const Old& old, const Var& now) {
  const Var difference = old - now;
  const Var distances = abs(difference);
  const Var sum_of_all = named("S", sum(distances));
  return 1 / sum_of_all;
}

void parameters_are_variables() {
  std::cout << "1. A loss made of parameters alone, sum|weight|\n\n";
  nn::Linear layer(2, 1);
  layer.weight.detach().assign({3, -2});
  const Var sizes = abs(layer.weight);
  const Var loss = sum(sizes);
  backward(loss);
  for (const auto& [name, parameter] : layer.named_parameters()) {
    std::cout << name << ": gradient " << text(parameter.grad()) << "\n";
  }
  std::cout << "\nNo step leads from the loss to bias, so its gradient is absent. That is not 0: it says that there is "
               "no path.\n\n";
}

void with_and_without_detach() {
  std::cout << "2. The same loss, 1 / sum|a - b|\n\n";
  const Inspect inspect;  // the tape also remembers values and cuts, so that they can be printed
  const Var a = parameter("a", {1, 2});
  const Var b = parameter("b", {2, 5});

  std::cout << "without detach: both sides get a gradient\n";
  const Var both = similarity(a, b);
  backward(both);
  print_tape(std::cout, both);

  a.zero_grad();
  b.zero_grad();
  std::cout << "\nwith a.detach(): the value is the same, and a gets none\n";
  const Var one = similarity(a.detach(), b);
  backward(one);
  print_tape(std::cout, one);
  std::cout << "\n";
}

// What reaches an input x and a layer's weight w through y = w x, with x = 2, w = 3.
template <class Forward>
void show_gradients(const char* what, Forward forward) {
  const Var x = Var::parameter(Tensor::from({2.}, {1, 1}));
  nn::Linear layer(1, 1);
  layer.weight.detach().assign({3});
  layer.bias.detach().assign({0});
  const Var y = forward(layer, x);
  if (y.requires_grad()) backward(y);
  std::cout << std::left << std::setw(28) << what << std::setw(10) << text(x.grad()) << text(layer.weight.grad())
            << "\n";
}

void three_different_things() {
  std::cout << "3. detach, frozen and NoGrad are three things. y = w x, for x = 2 and w = 3:\n\n";
  std::cout << std::left << std::setw(28) << "" << std::setw(10) << "dy/dx"
            << "dy/dw\n";
  show_gradients("nothing is cut", [](const nn::Linear& w, const Var& x) { return w(x); });
  show_gradients("detach cuts one use of x", [](const nn::Linear& w, const Var& x) { return w(x.detach()); });
  show_gradients("w is frozen, x is not", [](const nn::Linear& w, const Var& x) {
    w.freeze();
    return w(x);
  });
  show_gradients("NoGrad records nothing", [](const nn::Linear& w, const Var& x) {
    const NoGrad no_grad;
    return w(x);
  });
  std::cout << "\n";
}

void handle_and_clone() {
  std::cout << "4. detach() is a view of a living parameter; clone() is the snapshot that stays\n\n";
  nn::Linear layer(1, 1);
  layer.weight.detach().assign({3});
  const Tensor view = layer.weight.detach();
  const Tensor snapshot = layer.weight.detach().clone();

  optim::SGD sgd(layer.parameters(), {.lr = 0.5});
  const Var loss = sum(square(layer.weight));
  backward(loss);
  sgd.step();

  std::cout << "before a step of SGD  w = [[3]]\n";
  std::cout << "after it              w = " << layer.weight << ", the view " << view << ", the snapshot " << snapshot
            << "\n";
}

// The tapes of 2. as a page. It is read as each tape is added, so that both may share their parameters.
std::string page_of_both() {
  const Inspect inspect;
  const Var a = parameter("a", {1, 2});
  const Var b = parameter("b", {2, 5});
  TapePage page(
      "1 / sum|a - b|, with and without detach",
      "The forum thread's loss in its smallest form. a is the old model, b the new one, which is to move away.");
  const Var one = similarity(a.detach(), b);
  backward(one);
  page.add("With a.detach()", one, "a's value passes, and no gradient reaches it.");
  a.zero_grad();
  b.zero_grad();
  const Var both = similarity(a, b);
  backward(both);
  page.add("Without detach", both, "Both sides are pushed apart: a, the model that was to stay, moves too.");
  const auto push = [&] { return similarity(a.detach(), b); };
  return page.add(examples::zeroing_of({b}, push, 4, 12)).html();
}

void detach_shown(const std::string& page) {
  if (!page.empty()) examples::require_writable(page);
  parameters_are_variables();
  with_and_without_detach();
  three_different_things();
  handle_and_clone();
  if (!page.empty()) examples::write_file(page, page_of_both());
}

}  // namespace

int main(int argc, char** argv) {
  return examples::run_program("detach", [&] {
    std::string page;
    examples::CommandLine line("detach", "Shows where gradients go, and what cuts them.");
    line.output_file("--page", page,
                     "Write a loss with and without detach to this HTML page, to step through backward");
    line.parse(argc, argv);
    detach_shown(page);
  });
}
