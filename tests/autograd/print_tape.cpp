// The printed tape: every step, its inputs, and the cut by name.
#include <doctest/doctest.h>

#include <sstream>

#include "autograd/backward.hpp"
#include "autograd/inspect/inspect.hpp"
#include "autograd/inspect/print_tape.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/unary.hpp"

using namespace wengert;

namespace {

std::string tape_of(const Var& root) {
  std::ostringstream out;
  print_tape(out, root);
  return out.str();
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the printed tape shows names, values, gradients and source lines") {
  const Inspect scope;
  const Var a = named("a", Var::parameter(Tensor::from({2.}, {1})));
  const Var loss = named("loss", a * 3.0);
  const int line = __LINE__ - 1;
  CHECK(has(tape_of(loss), "-"));
  backward(loss);
  const std::string text = tape_of(loss);
  INFO(text);
  CHECK(has(text, "parameter"));
  CHECK(has(text, "loss"));
  CHECK(has(text, "[6]"));
  CHECK(has(text, "[3]"));
  CHECK(has(text, "print_tape.cpp:" + std::to_string(line)));
}

TEST_CASE("a cut is named with what it was cut from") {
  const Inspect scope;
  const Var a = named("a", Var::parameter(Tensor::from({2.}, {1})));
  const Var b = named("b", Var::parameter(Tensor::from({5.}, {1})));
  SUBCASE("detach") {
    const Tensor cut = a.detach();
    const int line = __LINE__ - 1;
    const Var loss = b * cut;
    const std::string text = tape_of(loss);
    INFO(text);
    CHECK(has(text, "detach"));
    CHECK(has(text, "cut from 2"));
    CHECK(has(text, "print_tape.cpp:" + std::to_string(line)));
  }
  SUBCASE("a NoGrad scope") {
    Var quiet = a;
    {
      const NoGrad guard;
      quiet = exp(a);
    }
    const std::string text = tape_of(b * quiet);
    INFO(text);
    CHECK(has(text, "no_grad"));
    CHECK(has(text, "exp"));
    CHECK(has(text, "cut from"));
  }
}

TEST_CASE("a value without history prints as such") { CHECK(has(tape_of(Tensor::ones({1})), "no tape")); }
