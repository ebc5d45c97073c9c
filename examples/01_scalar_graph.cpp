// The tape of a computation with a few numbers, before and after backward.
//
// A parameter is a leaf of the tape; each op on it is recorded as a step, with its inputs and with a rule that turns
// the gradient of its result into the gradients of its inputs. backward runs the steps from the last to the first.
// (Each step is a statement on a line of its own: C++ leaves open in which order the operands of one expression are
// evaluated, and so recorded.)
//
// Output:
//   loss = (w x + b)^2 + w for w = 3, b = -4, x = 2
//
//   The tape as it was recorded; no gradient has been computed, which is not the same as 0:
//
//   #  op         name  inputs         value  gradient  line
//   1  parameter  w                    3      -
//   2  parameter  b                    -4     -
//   3  mul              1, constant 2  6      -         01_scalar_graph.cpp:51
//   4  add        z     3, 2           2      -         01_scalar_graph.cpp:52
//   5  square           4              4      -         01_scalar_graph.cpp:53
//   6  add        loss  5, 1           7      -         01_scalar_graph.cpp:54
//
//   After backward(loss), which went from the last step to the first:
//
//   #  op         name  inputs         value  gradient  line
//   1  parameter  w                    3      9
//   2  parameter  b                    -4     4
//   3  mul              1, constant 2  6      4         01_scalar_graph.cpp:51
//   4  add        z     3, 2           2      4         01_scalar_graph.cpp:52
//   5  square           4              4      1         01_scalar_graph.cpp:53
//   6  add        loss  5, 1           7      1         01_scalar_graph.cpp:54
//
//   w is used twice, and both shares add up:
//     dloss/dw = 2 z x + 1 = 9
//     dloss/db = 2 z       = 4
#include <iostream>
#include <wengert.hpp>

#include "examples/support/program.hpp"

using namespace wengert;

namespace {

Var parameter(const char* name, double value) { return named(name, Var::parameter(Tensor::full({}, value))); }

void scalar_graph() {
  const Inspect inspect;  // the tape also remembers values and gradients of the steps, so that they can be printed
  const Var w = parameter("w", 3);
  const Var b = parameter("b", -4);
  const Tensor x = Tensor::full({}, 2);

  const Var product = w * x;
  const Var z = named("z", product + b);
  const Var squared = square(z);
  const Var loss = named("loss", squared + w);

  std::cout << "loss = (w x + b)^2 + w for w = " << w << ", b = " << b << ", x = " << x << "\n\n";
  std::cout << "The tape as it was recorded; no gradient has been computed, which is not the same as 0:\n\n";
  print_tape(std::cout, loss);

  backward(loss);

  std::cout << "\nAfter backward(loss), which went from the last step to the first:\n\n";
  print_tape(std::cout, loss);
  std::cout << "\nw is used twice, and both shares add up:\n";
  std::cout << "  dloss/dw = 2 z x + 1 = " << *w.grad() << "\n";
  std::cout << "  dloss/db = 2 z       = " << *b.grad() << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  return examples::run_program(argc, argv, "scalar_graph",
                               "Prints the tape of a small computation, before and after backward.", scalar_graph);
}
