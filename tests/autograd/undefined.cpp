// Undefined Tensors and Vars: wherever one is handed in, the error says so, and which argument it is. Elementwise ops:
// elementwise.cpp.
#include <doctest/doctest.h>

#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "autograd/backward.hpp"
#include "autograd/inspect/ask/audit.hpp"
#include "autograd/inspect/ask/explain.hpp"
#include "autograd/inspect/ask/freeze_certificate.hpp"
#include "autograd/inspect/ask/gradcheck.hpp"
#include "autograd/inspect/ask/gradients.hpp"
#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/show/draw_tape.hpp"
#include "autograd/inspect/show/print_tape.hpp"
#include "autograd/inspect/show/tape_json.hpp"
#include "autograd/inspect/show/tape_page.hpp"
#include "autograd/inspect/tape.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/layout.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/softmax.hpp"
#include "autograd/ops/unary.hpp"
#include "tests/support/error_text.hpp"

using namespace wengert;
using testing::error_of;

namespace {

const Tensor t, x = Tensor::ones({2, 2}), b = Tensor::ones({2});
const Var v, w = Var::parameter(Tensor::ones({2, 2}));

struct Use {
  std::string words;  // what its error says before "is an undefined tensor"
  std::function<void()> action;
};

void check(const std::vector<Use>& uses) {
  for (const Use& use : uses) {
    CAPTURE(use.words);
    CHECK(error_of(use.action).find(use.words + " is an undefined tensor") == 0);
  }
}

}  // namespace

TEST_CASE("undefined operands of ops are named by op and place") {
  check({{"sum: operand 1", [] { sum(t); }},
         {"sum: operand 1", [] { sum(v, 0); }},
         {"mean: operand 1", [] { mean(t); }},
         {"mean: operand 1", [] { mean(v); }},
         {"mean: operand 1", [] { mean(t, 0); }},
         {"mean: operand 1", [] { mean(v, 0); }},
         {"max: operand 1", [] { max(v); }},
         {"max: operand 1", [] { max(t, 0); }},
         {"argmax: operand 1", [] { argmax(t); }},
         {"argmax: operand 1", [] { argmax(v, 0); }},
         {"softmax: operand 1", [] { softmax(v); }},
         {"log_softmax: operand 1", [] { log_softmax(t); }},
         {"matmul: operand 1", [] { matmul(t, x); }},
         {"matmul: operand 2", [] { matmul(w, v); }},
         {"linear: operand 1", [] { linear(v, w, b); }},
         {"linear: operand 2", [] { linear(x, t, b); }},
         {"linear: operand 3", [] { linear(x, w, v); }}});
  check({{"reshape: operand 1", [] { reshape(t, {1}); }},
         {"reshape: operand 1", [] { reshape(v, {-1}); }},
         {"transpose: operand 1", [] { transpose(t); }},
         {"transpose: operand 1", [] { transpose(v); }},
         {"slice: operand 1", [] { slice(t, 0, 0, 1); }},
         {"slice: operand 1", [] { slice(v, 0, 0, 1); }},
         {"select: operand 1", [] { select(t, 0, 0); }},
         {"select: operand 1", [] { select(v, 0, 0); }},
         {"cat: part 2",
          [] {
            cat({x, t});
          }},
         {"cat: part 1", [] {
            cat({v, w});
          }}});
  Var total;
  check({{"add: operand 1", [&] { total += w; }}, {"mul: operand 1", [&] { total *= 2; }}});
}

TEST_CASE("undefined tensors have no members to read or to change") {
  check({{"clone: this", [] { (void)t.clone(); }},
         {"to: this", [] { (void)t.to(DType::f64); }},
         {"to: this", [] { (void)t.to(Device::parse("simt")); }},
         {"item: this", [] { (void)t.item(); }},
         {"item: this", [] { (void)v.item(); }},
         {"to_vector: this", [] { (void)t.to_vector(); }},
         {"to_vector: this", [] { (void)v.to_vector<int>(); }},
         {"assign: this", [] { t.assign(x); }},
         {"assign: the other", [] { x.assign(t); }},
         {"assign of host values: this", [] { t.assign({1.}); }},
         {"assign of host values: this", [] { t.assign(std::vector<float>{1}); }},
         {"parameter: the value", [] { Var::parameter(t); }},
         {"detach: this", [] { (void)v.detach(); }},
         {"grad: this", [] { (void)v.grad(); }},
         {"zero_grad: this", [] { v.zero_grad(); }}});
  for (const std::function<void()>& use : std::vector<std::function<void()>>{
           [] { (void)t.shape(); }, [] { (void)v.shape(); }, [] { (void)t.numel(); }, [] { (void)v.numel(); },
           [] { (void)t.dtype(); }, [] { (void)v.dtype(); }, [] { (void)t.device(); }, [] { (void)v.device(); },
           [] { (void)t.data<float>(); }}) {
    CHECK(error_of(use).find("undefined tensor") == 0);
  }
  CHECK_FALSE(t.defined());
  CHECK_FALSE(v.defined());
  CHECK_FALSE(v.requires_grad());
  CHECK(Var(x).defined());
}

TEST_CASE("backward and the tools refuse what is undefined") {
  const auto identity = [](const std::vector<Var>& inputs) { return inputs[0] * 1.0; };
  std::ostringstream out;
  check({{"backward: the value", [] { backward(v); }},
         {"backward: the value", [] { backward(v, x); }},
         {"backward: the upstream gradient", [] { backward(w * 1.0, t); }},
         {"gradients: the loss", [] { (void)gradients(v, std::vector{w}); }},
         {"gradients: parameter 2",
          [] {
            (void)gradients(sum(w), std::vector{w, v});
          }},
         {"named: the value", [] { named("a", v); }},
         {"named: the value", [] { named("a", t); }},
         {"explain: the loss", [] { (void)explain(v, w); }},
         {"explain: the parameter", [] { (void)explain(sum(w), v); }},
         {"explain: the loss", [] { (void)explain(v, std::vector{w}); }},
         {"explain: parameter 1", [] { (void)explain(sum(w), std::vector{v}); }},
         {"audit: term 2",
          [] {
            (void)audit({{"a", sum(w)}, {"b", v}}, {w});
          }},
         {"audit: parameter 2",
          [] {
            (void)audit({{"a", sum(w)}}, {w, v});
          }},
         {"gradcheck: input 1", [=] { (void)gradcheck(identity, {t}); }},
         {"gradcheck: the function's result", [] { (void)gradcheck([](const auto&) { return Var(); }, {x}); }},
         {"freeze certificate: parameter 2",
          [] {
            const FreezeCertificate certificate({w, v});
          }},
         {"tape: the value", [] { const Tape tape(v); }},
         {"tape: the value", [&] { print_tape(out, v); }},
         {"tape: the value", [] { (void)draw_tape(v); }},
         {"tape: the value", [] { (void)tape_page(v); }},
         {"tape: the value", [] { (void)tape_json(v); }},
         {"tape: the value", [] { (void)tape_dot(v); }},
         {"to_vector: this", [] { (void)norm_of(t); }}});
  CHECK(out.str().empty());
  CHECK(error_of([] { (void)gradcheck({}, {x}); }).find("gradcheck: takes a function") == 0);
}
