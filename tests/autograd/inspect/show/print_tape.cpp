// The printed tape: every step, its inputs, and the cut by name.
#include <doctest/doctest.h>

#include <sstream>

#include "autograd/backward.hpp"
#include "autograd/inspect/show/print_tape.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/unary.hpp"
#include "tests/support/text.hpp"

using namespace wengert;
using testing::has;

namespace {

std::string tape_of(const Var& root) {
  std::ostringstream out;
  print_tape(out, root);
  return out.str();
}

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
  SUBCASE("detach of a result that the loss reaches in no other way") {
    const Var h = named("h", exp(a));
    const Var loss = b * h.detach();
    for (const char* when : {"before backward", "after it"}) {
      const std::string text = tape_of(loss);
      INFO(when, '\n', text);
      CHECK(has(text, "cut from 3"));
      CHECK(has(text, "\n3  exp        h "));
      if (loss.grad() == std::nullopt) backward(loss);
    }
  }
  SUBCASE("several detached values that became one") {
    const Tensor old_a = a.detach();
    const Tensor old_b = b.detach();
    const Var both = Var(old_a) + Var(old_b);
    const Var once = b * both;
    const std::string text = tape_of(once * both);
    INFO(text);
    CHECK((has(text, "detach     add   cut from 2, 1") || has(text, "detach     add   cut from 1, 2")));
  }
  SUBCASE("the memory's name, where it has one") {
    const Tensor old = named("old", a.detach().clone());
    const std::string text = tape_of(b * old);
    INFO(text);
    CHECK(has(text, "detach     old   cut from 2"));
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

TEST_CASE("a NoGrad scope's result was cut from all that was given, also from what was cut before") {
  const Inspect scope;
  const Var a = named("a", Var::parameter(Tensor::from({2.}, {1})));
  const Var b = named("b", Var::parameter(Tensor::from({5.}, {1})));
  Var quiet = a;
  {
    const NoGrad guard;
    quiet = b + Var(a.detach());
  }
  const std::string text = tape_of(b * quiet);
  INFO(text);
  CHECK(has(text, "no_grad    add   cut from 1, 2"));
}

TEST_CASE("constants go by the name of their memory, and a number is one") {
  const Inspect scope;
  const Var a = named("a", Var::parameter(Tensor::from({2.}, {1})));
  CHECK(has(tape_of(a * named("x", Tensor::from({5.}, {1}))), "1, x [5] "));
  CHECK(has(tape_of(a * Tensor::from({5.}, {1})), "1, constant [5] "));
  CHECK(has(tape_of(a * 3.0), "1, constant 3 "));
  CHECK(has(tape_of(3.0 / a), " constant 3, 1 "));
  CHECK(has(tape_of(3.0 - a), " constant 3, 1 "));
  CHECK(has(tape_of(pow(a, 3)), "1, constant 3 "));
  CHECK_FALSE(has(tape_of(abs(a)), "constant"));
}

TEST_CASE("a step that was named outside an Inspect scope shows what it was made from") {
  const Var a = named("a", Var::parameter(Tensor::from({2.}, {1})));
  const Var h = named("h", exp(a));
  const std::string before = tape_of(h);
  INFO(before);
  CHECK(has(before, "\n1  parameter  a "));
  CHECK(has(before, "\n2  exp        h     1 "));
  backward(h);
  const std::string after = tape_of(h);
  INFO(after);
  CHECK(has(after, "exp  h"));
  CHECK_FALSE(has(after, "constant"));  // it is not known any more, which says nothing about what it was
}

TEST_CASE("a value without history prints as such") { CHECK(has(tape_of(Tensor::ones({1})), "no tape")); }
