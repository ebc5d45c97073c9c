// The tape in words: the traversal, the full table, JSON and DOT, held to what the engine computed.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "autograd/backward.hpp"
#include "autograd/inspect/inspect.hpp"
#include "autograd/inspect/json.hpp"
#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/print_tape.hpp"
#include "autograd/inspect/tape.hpp"
#include "autograd/inspect/tape_json.hpp"
#include "autograd/no_grad.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/matmul.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "losses/cross_entropy.hpp"
#include "losses/inverse_l1.hpp"
#include "nn/linear.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/text.hpp"

using namespace wengert;
using nlohmann::json;
using testing::has;

namespace {

Var parameter(const char* name, std::initializer_list<Tensor::AnyNumber> values) {
  return named(name, Var::parameter(Tensor::from(values, {static_cast<std::int64_t>(values.size())})));
}

std::string full_table(const Var& root) {
  std::ostringstream out;
  print_tape(out, root, {.full = true});
  return out.str();
}

json parsed(const Var& root) { return json::parse(tape_json(root)); }

// z = a b + a, loss = sum z^2, for a = (1, 2), b = (3, -1): z = (4, 0), dz = (8, 0), da = dz (b + 1) = (32, 0).
struct Small {
  Inspect scope;
  Var a = parameter("a", {1, 2});
  Var b = parameter("b", {3, -1});
  Var product = a * b;
  Var z = named("z", product + a);
  Var squares = square(z);
  Var loss = named("loss", sum(squares));
};

}  // namespace

TEST_CASE("the tape's traversal: what each row was computed from, who reads it, and what it sent where") {
  const Small small;
  for (const bool after : {false, true}) {
    CAPTURE(after);
    if (after) backward(small.loss);
    const Tape tape(small.loss);
    REQUIRE(tape.rows().size() == 6);
    const Tape::Row &a = tape.row(1), &product = tape.row(3), &z = tape.row(4);
    CHECK(a.name() == "a");
    CHECK(std::string(product.op()) == "mul");
    CHECK(z.where().line > 0);
    CHECK(tape.readers(a) == std::vector<std::size_t>{3, 4});
    CHECK(tape.readers(tape.row(6)).empty());
    CHECK(a.gradient().has_value() == after);
    const std::vector<Tape::Input> from = tape.inputs(product);
    REQUIRE(from.size() == 2);
    CHECK(from[1].number == 2);
    CHECK(from[0].share.defined() == after);
    if (!after) continue;
    CHECK(from[0].share.to_vector() == std::vector<float>{24, 0});  // dz b
    CHECK(from[1].share.to_vector() == std::vector<float>{8, 0});   // dz a
    CHECK(from[0].local.to_vector() == std::vector<float>{3, -1});
    CHECK(tape.inputs(z)[1].share.to_vector() == std::vector<float>{8, 0});
    CHECK(a.gradient()->to_vector() == std::vector<float>{32, 0});  // the sum of both
  }
}

TEST_CASE("the shares of a step that uses one value twice are told apart, and gradients keep their bits") {
  const auto gradient = [](bool inspected) {
    std::optional<Inspect> scope;
    if (inspected) scope.emplace();
    const Var x = Var::parameter(Tensor::from({0.3f, -1.7f, 2.9f}, {3}));
    const Var y = x * x;
    const Var loss = sum(y / (x + 5.0));
    backward(loss);
    if (inspected) {
      const Tape tape(loss);
      const std::vector<Tape::Input> from = tape.inputs(tape.row(2));
      CHECK(from[0].share.to_vector() == from[1].share.to_vector());
      CHECK(from[0].number == from[1].number);
    }
    return x.grad()->to_vector();
  };
  CHECK(gradient(true) == gradient(false));
}

TEST_CASE("a second backward's shares take the place of the first's, and a cleared gradient has none") {
  const Inspect scope;
  const Var a = parameter("a", {2});
  const Var doubled = a * 2.0;
  const Var loss = doubled * 5.0;
  backward(loss, {.retain_graph = true});
  backward(doubled);
  const Tape tape(loss);
  CHECK(tape.inputs(tape.row(2))[0].share.to_vector() == std::vector<float>{2});
  CHECK(a.grad()->to_vector() == std::vector<float>{12});
  doubled.zero_grad();
  CHECK_FALSE(tape.inputs(tape.row(2))[0].share.defined());
}

TEST_CASE("a rule that gives away what it keeps, or writes to a whole model's gradient, is looked at without harm") {
  const auto gradients = [](bool inspected) {
    std::optional<Inspect> scope;
    if (inspected) scope.emplace();
    seed(3);
    nn::Linear old(2, 3), layer(2, 3);
    const Tensor x = randn({4, 2}), labels = Tensor::from({0, 2, 1, 1}, {4});
    const Var fit = losses::cross_entropy(layer(x), labels);
    const Var push = losses::inverse_l1(old.detach(), layer);
    const Var loss = fit + 3 * push;
    if (inspected) {
      const Tape tape(fit);
      CHECK(tape.kept_bytes(tape.row(tape.number(*fit.node()))) == 4 * 3 * sizeof(float));
    }
    backward(loss);
    if (inspected) {
      const Tape tape(loss);
      double sum = 0, share = 0;
      for (const Tape::Input& input : tape.inputs(tape.row(tape.number(*push.node())))) {
        if (input.share.defined()) share += norm_of(input.share) * norm_of(input.share);
      }
      for (std::size_t k = 0; k < 2; ++k) {
        const double distance = wengert::sum(abs(old.detach()[k] - layer.detach()[k])).item<double>();
        sum += 9 * static_cast<double>(layer.parameters()[k].numel()) / std::pow(distance, 4);
      }
      CHECK(share == doctest::Approx(sum));
    }
    std::vector<float> result = layer.weight.grad()->to_vector();
    for (const float value : layer.bias.grad()->to_vector()) result.push_back(value);
    return result;
  };
  CHECK(gradients(true) == gradients(false));
}

TEST_CASE("kept bytes: what rules save, each memory once, not parameters, and nothing after backward") {
  const Inspect scope;
  const Var x = Var::parameter(Tensor::ones({10, 4}));
  const Var w = Var::parameter(Tensor::ones({4, 6}));
  const Var h = matmul(x, w);     // saves two parameters
  const Var e = exp(h);           // saves its result: 60 floats
  const Var s = square(e);        // saves its operand, which exp keeps already
  const Var loss = sum(s + 1.0);  // save nothing
  {
    const NoGrad guard;
    const Var unrecorded = exp(h);  // is on no tape, and the next op keeps nothing of it
  }
  const Var more = loss + loss;
  const Tape tape(more);
  const auto kept = [&](const Var& var) { return tape.kept_bytes(tape.row(tape.number(*var.node()))); };
  CHECK(kept(h) == 0);
  CHECK(kept(e) == 240);
  CHECK(kept(s) == 0);
  CHECK(kept(more) == 0);
  CHECK(tape.kept_bytes() == 240);
  backward(more);
  CHECK(Tape(more).kept_bytes() == 0);
}

TEST_CASE("kept bytes are unknown of what no Inspect scope recorded") {
  const Var x = Var::parameter(Tensor::ones({3}));
  const Var y = exp(x);
  const Tape tape(y);
  CHECK_FALSE(tape.kept_bytes(tape.row(2)).has_value());
  CHECK(parsed(y)["rows"][1]["kept_bytes"].is_null());
}

TEST_CASE("the full table: readers, shapes, norms, shares and bytes, and a gradient before backward is '-'") {
  const Small small;
  const std::string before = full_table(small.loss);
  INFO(before);
  CHECK(has(before, "#  op         name  inputs  read by  shape  |value|  |gradient|  sent        kept  line"));
  CHECK(has(before, "1  parameter  a             3, 4     (2,)   2.236    -\n"));
  CHECK(has(before,
            "3  mul              1, 2    4        (2,)   3.606    -           1: -, 2: -  0     tape_words.cpp:"));
  CHECK(has(before, "kept until backward: 8 bytes\n"));
  backward(small.loss);
  const std::string after = full_table(small.loss);
  INFO(after);
  CHECK(has(after, "1  parameter  a             3, 4     (2,)   2.236    32\n"));
  CHECK(has(after,
            "3  mul              1, 2    4        (2,)   3.606    8           1: 24, 2: 8  0     tape_words.cpp:"));
  CHECK(has(after, "kept until backward: 0 bytes\n"));
}

TEST_CASE("the tape as JSON holds the engine's numbers, and null where there is none") {
  const Small small;
  const json before = parsed(small.loss);
  CHECK(before["root"] == 6);
  CHECK(before["kept_bytes"] == 8);
  for (const json& row : before["rows"]) {
    CHECK(row["gradient"].is_null());
    CHECK(row["gradient_norm"].is_null());
    for (const json& input : row["inputs"]) CHECK(input["gradient_norm"].is_null());
  }
  backward(small.loss);
  const json after = parsed(small.loss);
  const json &a = after["rows"][0], &product = after["rows"][2];
  CHECK(a["name"] == "a");
  CHECK(a["op"] == "parameter");
  CHECK(a["leaf"] == true);
  CHECK(a["shape"] == json{2});
  CHECK(a["dtype"] == "float32");
  CHECK(a["value"] == json{1, 2});
  CHECK(a["gradient"] == json{32, 0});
  CHECK(a["gradient_norm"] == 32);
  CHECK(a["file"].is_null());
  CHECK(a["readers"] == json{3, 4});
  CHECK(product["inputs"][0]["number"] == 1);
  CHECK(product["inputs"][0]["name"] == "a");
  CHECK(product["inputs"][0]["gradient_norm"] == 24);
  CHECK(product["line"].is_number_integer());
  CHECK(has(product["file"], "tape_words.cpp"));
}

TEST_CASE("the tape as JSON: cuts, constants, frozen parameters, long values, an empty tape") {
  const Inspect scope;
  const Var a = parameter("a", {1, 2});
  const Var b = parameter("b", {3, 4});
  const Tensor cut = a.detach();
  const Var loss = sum((b - cut) * 2.0);
  b.node()->frozen = true;
  const json tape = parsed(loss);
  const auto row = [&](const std::string& op) {
    for (const json& one : tape["rows"]) {
      if (one["op"] == op) return one;
    }
    return json();
  };
  CHECK(row("detach")["cut"] == true);
  CHECK(row("detach")["value"] == json{1, 2});
  CHECK(row("detach")["inputs"][0]["name"] == "a");
  CHECK(row("sub")["inputs"][1]["number"] == row("detach")["number"]);
  CHECK(row("mul")["inputs"][1]["number"].is_null());
  CHECK(row("mul")["inputs"][1]["value"] == json{2});
  CHECK(std::ranges::count_if(tape["rows"], [](const json& one) { return one["frozen"] == true; }) == 1);
  CHECK(std::ranges::count_if(tape["rows"], [](const json& one) { return one["behind_cut"] == true; }) == 1);

  const json large = parsed(sum(Var::parameter(Tensor::ones({17}))));
  CHECK(large["rows"][0]["value"].is_null());
  CHECK(large["rows"][0]["value_norm"].get<double>() == doctest::Approx(std::sqrt(17.)));
  const json empty = parsed(Tensor::ones({2}));
  CHECK(empty["root"].is_null());
  CHECK(empty["rows"].empty());
}

TEST_CASE("NaN and infinity are strings in the JSON, and shown as such in the table") {
  const Inspect scope;
  const Var a = parameter("a", {0, 1});
  const Var reciprocal = 1 / a;
  const Var loss = sum(reciprocal - reciprocal);  // inf - inf
  backward(loss);
  const json tape = parsed(loss);
  CHECK(tape["rows"][1]["value"] == json{"inf", 1});
  CHECK(tape["rows"][1]["value_norm"] == "inf");
  CHECK(tape["rows"][3]["value"] == json{"nan"});
  CHECK(tape["rows"][0]["gradient"] == json{"nan", 0});  // 0 * inf: the shares cancel to 0 before
  CHECK(tape["rows"][0]["gradient_norm"] == "nan");
  CHECK(has(full_table(loss), "nan"));
  CHECK(has(tape_dot(loss), "|value| inf"));
  CHECK(json_number(-std::numeric_limits<double>::infinity()) == "\"-inf\"");
  CHECK(json_numbers(Tensor::from({0.1f}, {1})) == "[0.1]");
  CHECK(json_numbers(Tensor::from({0.1}, {1}, DType::f64)) == "[0.1]");
}

TEST_CASE("names with markup, quotes, control characters or broken UTF-8 break neither JSON nor DOT") {
  const Inspect scope;
  const std::string name = "</script>\"\\N &lt;\n\x01 \xC3\xA4 \xFF";
  const Var loss = named("<b>loss", square(named(name, Var::parameter(Tensor::ones({1})))));
  const std::string text = tape_json(loss);
  CHECK_FALSE(has(text, "</script>"));
  CHECK(json::parse(text)["rows"][0]["name"] == "</script>\"\\N &lt;\n\x01 \xC3\xA4 \xEF\xBF\xBD");
  const std::string dot = tape_dot(loss);
  INFO(dot);
  CHECK(has(dot, R"(label="1: </script>\"\\N &amp;lt;\n )"));
  CHECK(valid_utf8(dot) == dot);
  CHECK(valid_utf8("\xE2\x82\xAC\xF0\x9F\x98\x80") == "\xE2\x82\xAC\xF0\x9F\x98\x80");
  for (const char* broken : {"\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80"}) {
    CHECK(has(valid_utf8(broken), "\xEF\xBF\xBD"));
    CHECK(valid_utf8(valid_utf8(broken)) == valid_utf8(broken));
  }
}

TEST_CASE("the tape as DOT: well-formed, with the shares on the edges, and cuts dashed") {
  const Inspect scope;
  const Var a = parameter("a", {3});
  const Var b = parameter("b", {4});
  const Tensor cut = a.detach();
  const Var loss = named("loss", (b * cut) + 2.0);
  const std::string before = tape_dot(loss);
  CHECK(has(before, "gradient -"));
  CHECK(has(before, ", label=\"-\"];"));
  CHECK_FALSE(has(before, "|gradient| 0"));
  backward(loss);
  const std::string dot = tape_dot(loss);
  INFO(dot);
  CHECK(has(dot, ", label=\"3\"];"));
  CHECK(has(dot, "[style=dashed, color=gray40];"));
  CHECK(has(dot, "constant 2"));
  // Each statement is a node or an edge with attributes, as the language's grammar has it.
  const std::string text = R"("(?:[^"\\]|\\.)*")", word = "[A-Za-z0-9_]+";
  const std::string attributes =
      R"( \[\w+=(?:)" + text + "|" + word + R"()(?:, \w+=(?:)" + text + "|" + word + R"())*\];)";
  const std::regex statement("  (?:" + word + "|" + word + " -> " + word + ")" + attributes);
  std::istringstream lines(dot);
  std::size_t statements = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line == "digraph tape {" || line == "}" || line == "  rankdir=LR;") continue;
    CAPTURE(line);
    CHECK(std::regex_match(line, statement));
    ++statements;
  }
  CHECK(statements == 2 + 6 + 5);  // the defaults, nodes, edges
  CHECK(has(tape_dot(Tensor::ones({1})), "no tape"));
}

TEST_CASE("the tape as DOT: Graphviz draws it, where there is one") {
  if (std::system("command -v dot >/dev/null 2>&1") != 0) {
    std::cout << "[skipped] no dot here (Debian: apt-get install graphviz)\n";
    return;
  }
  const Inspect scope;
  const Var loss = square(named("a \"quoted\" \\N &lt; <name>", Var::parameter(Tensor::ones({1}))));
  const testing::TemporaryFolder folder;
  std::ofstream(folder / "tape.dot") << tape_dot(loss);
  REQUIRE(std::system(("dot -Tsvg '" + folder / "tape.dot" + "' >'" + folder / "tape.svg" + "' 2>&1").c_str()) == 0);
  std::ifstream in(folder / "tape.svg");
  const std::string svg{std::istreambuf_iterator<char>(in), {}};
  CHECK(has(svg, "a &quot;quoted&quot; \\N &amp;lt; &lt;name&gt;"));
}

TEST_CASE("norms neither overflow nor hide a NaN") {
  CHECK(norm_of(Tensor::from({3., -4., 0.}, {3})) == 5);
  CHECK(norm_of(Tensor::from({3e200, 4e200}, {2}, DType::f64)) == doctest::Approx(5e200));
  CHECK(norm_of(Tensor::from({3e-200, 4e-200}, {2}, DType::f64)) == doctest::Approx(5e-200));
  CHECK(norm_of(Tensor::zeros({0})) == 0);
  constexpr double inf = std::numeric_limits<double>::infinity();
  CHECK(norm_of(Tensor::from({-inf, 1.}, {2})) == inf);
  CHECK(std::isnan(norm_of(Tensor::from({inf, std::nan("")}, {2}))));
}
