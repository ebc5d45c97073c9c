// The tape in words: the full table, JSON and DOT, held to what the engine computed.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "autograd/backward.hpp"
#include "autograd/inspect/numbers.hpp"
#include "autograd/inspect/show/json.hpp"
#include "autograd/inspect/show/print_tape.hpp"
#include "autograd/inspect/show/tape_json.hpp"
#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/ops/binary.hpp"
#include "autograd/ops/reduce.hpp"
#include "autograd/ops/unary.hpp"
#include "tests/support/small_tape.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/text.hpp"

using namespace wengert;
using nlohmann::json;
using testing::has;
using testing::parameter;
using testing::Small;

namespace {

std::string full_table(const Var& root) {
  std::ostringstream out;
  print_tape(out, root, {.full = true});
  return out.str();
}

json parsed(const Var& root) { return json::parse(tape_json(root)); }

}  // namespace

TEST_CASE("the full table: readers, shapes, norms, shares and bytes, and a gradient before backward is '-'") {
  const Small small;
  const std::string before = full_table(small.loss);
  INFO(before);
  CHECK(has(before, "#  op         name  inputs  read by  shape  |value|  |gradient|  sent        kept  line"));
  CHECK(has(before, "1  parameter  a             3, 4     (2,)   2.236    -\n"));
  CHECK(has(before,
            "3  mul              1, 2    4        (2,)   3.606    -           1: -, 2: -  0     small_tape.hpp:"));
  CHECK(has(before, "kept until backward: 8 bytes\n"));
  backward(small.loss);
  const std::string after = full_table(small.loss);
  INFO(after);
  CHECK(has(after, "1  parameter  a             3, 4     (2,)   2.236    32\n"));
  CHECK(has(after,
            "3  mul              1, 2    4        (2,)   3.606    8           1: 24, 2: 8  0     small_tape.hpp:"));
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
  CHECK(has(product["file"], "small_tape.hpp"));
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

TEST_CASE("the tape as JSON: kept bytes are null of what no Inspect scope recorded") {
  const Var y = exp(Var::parameter(Tensor::ones({3})));
  CHECK(parsed(y)["rows"][1]["kept_bytes"].is_null());
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
