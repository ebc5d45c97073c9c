// The tape as a page: what its pictures, steps and tables say, and what it refuses.
#include "autograd/inspect/show/tape_page.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "autograd/backward.hpp"
#include "autograd/inspect/show/backward_steps.hpp"
#include "autograd/inspect/show/tape_groups.hpp"
#include "autograd/inspect/show/tape_picture.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/small_tape.hpp"
#include "tests/support/text.hpp"

using namespace wengert;
using testing::count;
using testing::fails_with;
using testing::has;
using testing::parameter;

namespace {

// A network of so many layers, each with its own weight and bias: four rows a layer.
Var deep(int layers, const Tensor& x) {
  Var h = x;
  for (int k = 0; k < layers; ++k) {
    const std::string module = "layers." + std::to_string(k);
    const Var weight = named(module + ".weight", Var::parameter(Tensor::full({2, 2}, 0.5)));
    const Var bias = named(module + ".bias", Var::parameter(Tensor::full({2}, 0.1)));
    h = tanh(linear(h, weight, bias));
  }
  return sum(h);
}

std::string steps_of(const Var& loss) {
  const Tape tape(loss);
  return backward_steps(tape);
}

// Whether one can go round in a circle along the edges.
bool has_circle(const TapePicture& picture) {
  std::vector<std::size_t> waiting_for(picture.boxes.size(), 0);
  for (const TapePicture::Edge& edge : picture.edges) ++waiting_for[edge.to];
  std::size_t done = 0;
  for (bool found = true; found;) {
    found = false;
    for (std::size_t box = 0; box < waiting_for.size(); ++box) {
      if (waiting_for[box] != 0) continue;
      waiting_for[box] = std::numeric_limits<std::size_t>::max();
      found = true;
      ++done;
      for (const TapePicture::Edge& edge : picture.edges) waiting_for[edge.to] -= edge.from == box ? 1 : 0;
    }
  }
  return done < picture.boxes.size();
}

}  // namespace

TEST_CASE("tape_page: upstream, local derivative and product are the engine's, written out") {
  const Inspect scope;
  const Var w = parameter("w", {3});
  const Var b = parameter("b", {-4});
  const Var product = w * 2.0;
  const Var z = named("z", product + b);
  const Var squared = square(z);
  const Var loss = named("loss", squared + w);
  backward(loss);
  const std::string steps = steps_of(loss);
  INFO(steps);
  CHECK(count(steps, "<li class=\"rule\"") == 4);
  CHECK(steps.find("data-row=\"6\"") < steps.find("data-row=\"5\""));
  CHECK(has(steps, "Step 2 of 4: 5 square"));
  CHECK(has(steps, "out = x₁²</code>, out = <code>4</code>, x₁ = <code>2</code> (4 z)"));
  CHECK(has(steps, "<code>2 x₁</code></td><td><code>upstream 1 × local 4 = 4</code></td><td><code>4</code>"));
  CHECK(has(steps, "upstream 4 × local 2 = 8</code></td><td><code>9</code>, the sum of 2 shares"));  // into w
  CHECK(has(steps,
            "<th scope=\"row\">1 w</th><td><code>1</code></td><td><code>upstream 1 × local 1 = 1</code></td><td>1 of 2 "
            "shares"));
  CHECK(has(steps, "nothing: a constant wants no gradient"));
  CHECK(has(steps, "the result's own, with which backward began"));
}

TEST_CASE("tape_page: where a gradient was not zeroed before, the steps say so") {
  const Inspect scope;
  const Var w = parameter("w", {3});
  backward(w * 5.0);
  const Var loss = w * 2.0;
  backward(loss);
  CHECK(has(steps_of(loss), "<code>7</code>, with what earlier backwards left"));
}

TEST_CASE("tape_page: with and without detach, by parameter: the norm, or '-' and why") {
  const Inspect scope;
  const Var a = parameter("a", {3, 0});
  const Var b = parameter("b", {0, 4});
  const Var c = parameter("c", {1, 1});
  c.node()->frozen = true;
  TapePage page("With & without");
  const Var with = sum(square(b - a.detach()) + c);
  const int line = __LINE__ - 1;
  page.add("before", with);
  backward(with);
  page.add("with", with);
  a.zero_grad();
  b.zero_grad();
  const Var without = sum(square(b - a));
  backward(without);
  const std::string html = page.add("without", without).html();
  CHECK(has(html, "<h1>With &amp; without</h1>"));
  CHECK(has(html, "- <small>cut by detach at tape_page.cpp:" + std::to_string(line) + "</small>"));
  CHECK(has(html, "<data data-name=\"without: a\" value=\"10\">10</data>"));
  CHECK(has(html, "<data data-name=\"with: b\" value=\"10\">10</data>"));
  CHECK(has(html, "- <small>frozen</small>"));
  CHECK(has(html, "- <small>not on this tape</small>"));
  CHECK(has(html, "- <small>backward has not run, or it was zeroed since</small>"));
  CHECK(has(html, "Backward has not run over this tape: each gradient is '-', not 0."));
  CHECK(fails_with([&] { page.add("with", with); }, "two tapes are called 'with'"));
}

TEST_CASE("tape_page: bands are as wide as the gradient's norm, and none and the infinite have their own looks") {
  const Inspect scope;
  const Var a = parameter("a", {1});
  const Var b = parameter("b", {0});
  const Var small = a * 0.01;
  const Var loss = sum(small + 1 / b) + b * 0.0;
  backward(loss);
  const std::string html = tape_page(loss);
  CHECK(has(html, "<g class=\"gradient w8\" data-readers=\"6\">\n<title>|gradient| 1</title>"));
  CHECK(has(html, "<g class=\"gradient w4\" data-readers=\"3\">\n<title>|gradient| 0.01</title>"));
  CHECK(has(html, "<g class=\"gradient zero\""));
  CHECK(has(html, "<g class=\"gradient wild\""));
  CHECK(has(html, "-inf"));
  CHECK(has(html, "\"gradient\": [\"-inf\"]"));
}

TEST_CASE("tape_page: markup in names and titles, and broken UTF-8, stay text") {
  const Inspect scope;
  const std::string name = "</script><script>alert('1')</script>\xFF";
  const Var loss = named(name, square(parameter(name + ".weight", {1})));
  backward(loss);
  const std::string html = TapePage(name, name).add(name, loss, name).html();
  CHECK_FALSE(has(html, "alert('1')</script>"));
  CHECK(count(html, "<script") == 2);  // the data and the script
  CHECK(has(html, "&lt;/script&gt;"));
  CHECK_FALSE(has(html, "\xFF"));
  CHECK(has(html, "\xEF\xBF\xBD"));
}

TEST_CASE("tape_page: of nothing it says so, and a page without tapes is one too") {
  const std::string html = TapePage("Nothing").add("constant", Tensor::ones({1})).html();
  CHECK(has(html, "No tape: this value was recorded by nothing."));
  CHECK(TapePage("Nothing").html().ends_with("</html>\n"));
}

TEST_CASE("tape_page: 500 rows begin with modules as boxes, each of which opens") {
  const Inspect scope;
  const Var loss = deep(125, Tensor::ones({1, 2}));
  backward(loss);
  const Tape tape(loss);
  CHECK(tape.rows().size() == 501);
  const std::vector<TapeGroup> groups = groups_of(tape);
  CHECK(groups.size() == 125);
  CHECK(groups[7].name == "layers.7");
  CHECK(groups[7].rows.size() == 4);
  const TapePicture closed = collapsed(picture_of(tape), tape, groups);
  CHECK(closed.boxes.size() == 127);  // and the data and the sum
  CHECK(closed.boxes[7].lines[1] == "linear, tanh");
  const std::string html = tape_page(loss);
  CHECK(count(html, "class=\"view\"") == 127);
  CHECK(count(html, "class=\"view\" data-view=\"\" style") == 1);
  CHECK(count(html, " hidden>\n<svg") == 126);
  CHECK(html.size() < 3'000'000);
  CHECK(has(html, "aria-pressed=\"true\">all closed</button>"));
}

TEST_CASE("tape_page: a tape too large to draw is an error that says what to do") {
  const Inspect scope;
  Var x = parameter("x", {1});
  for (int k = 0; k < 1001; ++k) x = x + x;
  CHECK(fails_with([&] { tape_page(x); }, "'The tape' has 1002 boxes"));
  CHECK(fails_with([&] { tape_page(x); }, "Name parameters by module ('fc1.weight')"));
  CHECK(fails_with([&] { tape_page(x); }, "print_tape or tape_json"));
}

TEST_CASE("tape groups: a module is its parameters, the ops on them, and what follows one to one") {
  const Inspect scope;
  const Var weight = named("net.fc1.weight", Var::parameter(Tensor::ones({3, 2})));
  const Var bias = named("net.fc1.bias", Var::parameter(Tensor::ones({3})));
  const Var other = named("fc2.weight", Var::parameter(Tensor::ones({3})));
  const Var lone = named("lone", Var::parameter(Tensor::ones({3})));
  const auto rows_of = [](const Var& root) {
    const Tape tape(root);
    std::string text;
    for (const TapeGroup& group : groups_of(tape)) {
      text += group.name + ":";
      for (const std::size_t row : group.rows) {
        text += std::string(" ") + (tape.row(row).name().empty() ? tape.row(row).op() : tape.row(row).name());
      }
      text += ";";
    }
    return text;
  };
  const Var x = Tensor::ones({4, 2});
  SUBCASE("a layer and its activation, but not what it is reduced to") {
    const Var h = relu(linear(x, weight, bias));
    CHECK(rows_of(sum(h)) == "net.fc1: net.fc1.weight net.fc1.bias linear relu;");
  }
  SUBCASE("not what has a name of its own, nor what has another reader beside it") {
    const Var h = linear(x, weight, bias);
    CHECK(rows_of(sum(named("hidden", relu(h)))) == "net.fc1: net.fc1.weight net.fc1.bias linear;");
    CHECK(rows_of(sum(relu(h) * h)) == "net.fc1: net.fc1.weight net.fc1.bias linear;");
  }
  SUBCASE("an op on parameters of two modules belongs to neither") {
    CHECK(rows_of(sum(bias * other)) == "");
    CHECK(rows_of(sum(bias * lone)) == "");
  }
  SUBCASE("parameters behind a cut") {
    const Tensor cut_weight = weight.detach(), cut_bias = bias.detach();
    CHECK(rows_of(sum(linear(x, cut_weight, lone) * cut_bias)) == "net.fc1: net.fc1.bias net.fc1.weight;");
  }
  SUBCASE("a second use that depends on the first is a group of its own, so that no circle closes") {
    const Var square_weight = named("cell.weight", Var::parameter(Tensor::ones({2, 2})));
    Var state = matmul(x, square_weight);
    state = sum(state, 0, true) + x;  // of another shape, and so outside
    state = matmul(state, square_weight);
    const Var loss = sum(state);
    CHECK(rows_of(loss) == "cell: cell.weight matmul;");
    const Tape tape(loss);
    const TapePicture picture = collapsed(picture_of(tape), tape, groups_of(tape));
    CHECK_FALSE(has_circle(picture));
  }
  SUBCASE("two modules that take turns") {
    const Var p = named("p.weight", Var::parameter(Tensor::ones({2, 2})));
    const Var q = named("q.weight", Var::parameter(Tensor::ones({2, 2})));
    Var h = x;
    for (int turn = 0; turn < 3; ++turn) {
      h = tanh(matmul(h, p));
      h = tanh(matmul(h, q));
    }
    const Var loss = sum(h);
    CHECK(rows_of(loss) ==
          "p: p.weight matmul tanh;q: q.weight matmul tanh;p (2): matmul tanh;q (2): matmul tanh;"
          "p (3): matmul tanh;q (3): matmul tanh;");
    const Tape tape(loss);
    CHECK_FALSE(has_circle(collapsed(picture_of(tape), tape, groups_of(tape))));
  }
}

TEST_CASE("zeroing bars: a pair for each step, the tallest to the top, and what is not finite in a word") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const std::string svg = zeroing_bars({{1, 2, 1}, {1, 4, inf}}, "bars");
  INFO(svg);
  CHECK(count(svg, "class=\"step\"") == 3);
  CHECK(count(svg, "class=\"bar zeroed\"") == 3);
  CHECK(count(svg, "class=\"bar accumulated\"") == 2);
  CHECK(has(svg, "<title>step 2: zeroed 2, never zeroed 4</title>"));
  CHECK(has(svg, "height=\"200\" class=\"bar accumulated\""));
  CHECK(has(svg, ">inf</text>"));
  CHECK(fails_with([] { zeroing_bars({{1}, {}}, "bars"); }, "1 steps with zeroing and 0 without"));
  const std::string html = TapePage("Zeroing").add(ZeroingSteps{{1, 2}, {1, 4}}).html();
  CHECK(has(html, "Why gradients are zeroed"));
  CHECK(has(html, "<td>2</td><td>4</td>"));
}
