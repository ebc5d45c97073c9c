// The drawn tape: what stands in its boxes, and that it is well-formed.
#include "autograd/inspect/show/draw_tape.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <vector>

#include "autograd/backward.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
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

// Every element is closed in its turn, and no < or & stands for itself.
bool well_formed(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t at = xml.find_first_of("<&"); at != std::string::npos; at = xml.find_first_of("<&", at + 1)) {
    const std::size_t end = xml.find_first_of(xml[at] == '<' ? ">" : ";", at);
    if (end == std::string::npos) return false;
    const std::string inside = xml.substr(at + 1, end - at - 1);
    if (xml[at] == '&') {
      if (inside != "lt" && inside != "gt" && inside != "amp" && inside != "quot") return false;
    } else if (inside.front() == '/') {
      if (open.empty() || open.back() != inside.substr(1)) return false;
      open.pop_back();
    } else if (inside.find('<') != std::string::npos || std::isalpha(static_cast<unsigned char>(inside.front())) == 0) {
      return false;
    } else if (inside.back() != '/') {
      open.push_back(inside.substr(0, inside.find(' ')));
    }
  }
  return open.empty();
}

}  // namespace

TEST_CASE("draw_tape: one box for each step, with name, op, value and gradient, and absent is '-', not 0") {
  const Inspect scope;
  const Var a = parameter("a", {2});
  const Var product = a * 3.0;
  const Var loss = named("loss", square(product));
  const std::string before = draw_tape(loss);
  INFO(before);
  CHECK(well_formed(before));
  CHECK(before.starts_with("<svg "));
  CHECK(has(before, ">a</text>"));
  CHECK(has(before, ">mul</text>"));
  CHECK(has(before, ">loss</text>"));
  CHECK(has(before, ">square = 36</text>"));
  CHECK(count(before, ">gradient -</text>") == 3);
  CHECK_FALSE(has(before, "gradient 0"));
  backward(loss);
  const std::string after = draw_tape(loss);
  CHECK_FALSE(has(after, ">gradient -</text>"));
  CHECK(has(after, ">gradient 36</text>"));  // d (3a)^2 / da = 18 a
}

TEST_CASE("draw_tape: of several numbers the shape, and the gradient's norm") {
  const Inspect scope;
  const Var a = parameter("a", {3, -4, 0});
  const Var squares = square(a);
  const Var loss = sum(squares);
  backward(loss);
  const std::string picture = draw_tape(loss);
  INFO(picture);
  CHECK(has(picture, ">parameter (3,)</text>"));
  CHECK(has(picture, ">|gradient| 10</text>"));
}

TEST_CASE("draw_tape: a name is escaped, and a long one abridged between characters") {
  const Inspect scope;
  const Var loss = named("<b> & \"x\"</b>", square(parameter("</text><script>", {2})));
  const std::string picture = draw_tape(loss, {"an id", "1 < 2"});
  INFO(picture);
  CHECK(well_formed(picture));
  CHECK(has(picture, ">&lt;/text&gt;&lt;script&gt;</text>"));
  CHECK_FALSE(has(picture, "<script>"));
  CHECK(has(picture, ">1 &lt; 2</title>"));
  const std::string long_name = "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4";
  const Var other = named(long_name + long_name + long_name, square(loss));
  CHECK(has(draw_tape(other), ">" + long_name + long_name.substr(2) + "\u2026</text>"));
}

TEST_CASE("draw_tape: a cut is grey and dashed, has its name, and shows what it was made from") {
  const Inspect scope;
  const Var a = parameter("a", {2});
  const Var b = parameter("b", {5});
  SUBCASE("detach") {
    const Tensor cut = a.detach();
    const Var loss = b * cut;
    const std::string picture = draw_tape(loss);
    INFO(picture);
    CHECK(has(picture, "Cut by detach: 'a'."));
    CHECK(has(picture, "<g class=\"box cut\">"));
    CHECK(has(picture, ">detach</text>"));
    CHECK(has(picture, "<g class=\"box leaf still\">\n<title>a: parameter"));
    CHECK(count(picture, "class=\"edge broken\"") == 1);
    CHECK(count(picture, "class=\"edge flowing\"") == 1);
    CHECK(count(picture, "class=\"edge\"") == 1);
  }
  SUBCASE("detach of a result, whose own history is not shown") {
    const Var result = exp(a);
    const Tensor cut = result.detach();
    const std::string picture = draw_tape(b * cut);
    CHECK(has(picture, ">exp</text>"));
    CHECK_FALSE(has(picture, ">a</text>"));
  }
  SUBCASE("detach of one use, where another is not cut") {
    const Tensor cut = a.detach();
    const std::string picture = draw_tape(a * cut);
    CHECK(count(picture, ">a</text>") == 1);
    CHECK(count(picture, "class=\"edge flowing\"") == 1);
    CHECK(count(picture, "class=\"edge broken\"") == 1);
  }
  SUBCASE("a NoGrad scope, and all that entered it") {
    Var quiet = a;
    {
      const NoGrad guard;
      quiet = a + b;
    }
    const std::string picture = draw_tape(b * quiet);
    CHECK(has(picture, "Cut by no_grad: 'a' 'b'."));
    CHECK(has(picture, ">add</text>"));
    CHECK(count(picture, "class=\"edge broken\"") == 2);
  }
  SUBCASE("several detached values that became one, under a name") {
    const Var both = named("both", Var(a.detach()) + Var(b.detach()));
    const std::string picture = draw_tape(b * both);
    INFO(picture);
    CHECK(has(picture, "Cut by detach: 'a' 'b'."));
    CHECK(has(picture, ">both: detach</text>"));
    CHECK(has(picture, ">add</text>"));
    CHECK(count(picture, "class=\"edge broken\"") == 2);
  }
  SUBCASE("a snapshot, which goes by the name of its memory") {
    const Tensor old = named("old", a.detach().clone());
    const std::string picture = draw_tape(b * old);
    INFO(picture);
    CHECK(has(picture, "Cut by detach: 'a'."));
    CHECK(has(picture, ">old: detach</text>"));
  }
  SUBCASE("frozen") {
    a.node()->frozen = true;
    const std::string picture = draw_tape(a * b);
    CHECK(has(picture, ">frozen</text>"));
    CHECK(count(picture, "class=\"edge\"") == 1);
  }
}

TEST_CASE("draw_tape: constants are light, and go by the name of their memory") {
  const Inspect scope;
  const Tensor x = named("x", Tensor::ones({2, 3}));
  const Var product = Var::parameter(Tensor::ones({2, 3})) * x;
  const Var sum_of_both = product + Tensor::full({2, 3}, 4);
  const std::string picture = draw_tape(sum_of_both / 2.5);
  INFO(picture);
  CHECK(count(picture, "<g class=\"box constant\">") == 3);
  CHECK(has(picture, ">= 2.5</text>"));
  CHECK(has(picture, ">x</text>"));
  CHECK(has(picture, ">constant</text>"));
}

TEST_CASE("draw_tape: a step that was named outside an Inspect scope shows what it was made from") {
  const Var h = named("h", exp(parameter("a", {2})));
  CHECK(count(draw_tape(h), "class=\"edge flowing\"") == 1);
}

TEST_CASE("draw_tape: outside an Inspect scope it shows what the tape keeps, and of nothing says so") {
  const Var a = Var::parameter(Tensor::ones({2}));
  const std::string picture = draw_tape(sum(a * a));
  CHECK(well_formed(picture));
  CHECK(count(picture, "<g class=\"box step\">") == 2);
  CHECK(count(picture, "class=\"edge flowing\"") == 3);
  CHECK(has(draw_tape(Tensor::ones({1})), "no tape"));
}

TEST_CASE("draw_tape: no two boxes overlap, no edge runs backwards, and too many steps are an error") {
  const Inspect scope;
  Var x = parameter("x", {1});
  const Var first = x;
  for (int k = 0; k < 12; ++k) {
    const Var y = x * first;
    x = y + x;
  }
  const std::string picture = draw_tape(x);
  struct Corner {
    double x, y;
  };
  std::vector<Corner> corners;
  for (std::size_t at = 0; (at = picture.find("<rect x=\"", at)) != std::string::npos; ++at) {
    const std::size_t y = picture.find(" y=\"", at);
    corners.push_back({std::stod(picture.substr(at + 9)), std::stod(picture.substr(y + 4))});
  }
  CHECK(corners.size() == 25);
  for (std::size_t i = 0; i < corners.size(); ++i) {
    CHECK(corners[i].x >= 0);
    CHECK(corners[i].y >= 0);
    for (std::size_t k = i + 1; k < corners.size(); ++k) {
      const double across = std::abs(corners[i].x - corners[k].x), down = std::abs(corners[i].y - corners[k].y);
      CHECK((across > 126 || down > 59));
    }
  }
  for (int k = 0; k < 1000; ++k) x = x + 1.0;
  CHECK(fails_with([&] { draw_tape(x); }, "draw_tape", "1000", "print_tape"));
}
