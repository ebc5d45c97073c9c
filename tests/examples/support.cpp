// What the examples share.
#include <doctest/doctest.h>

#include <limits>
#include <wengert.hpp>

#include "examples/support/chart.hpp"
#include "examples/support/files.hpp"
#include "examples/support/program.hpp"
#include "examples/support/two_blobs/options.hpp"
#include "tests/examples/running.hpp"

using namespace wengert;
using namespace wengert::examples;
using namespace wengert::tests;

namespace {

TwoBlobsOptions parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "two_blobs");
  return parse_two_blobs(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("options: the defaults are the contract's") {
  const TwoBlobsOptions options = parse({});
  CHECK(options.epochs == 20000);
  CHECK(options.lr == 0.01);
  CHECK(options.seed == 0);
  CHECK(options.similarity);
  CHECK(options.inverse_l1.per == Per::tensor);
  CHECK(options.inverse_l1.eps == 0);
  CHECK(options.strength == 1);
  CHECK(options.zero_grad);
  CHECK_FALSE(options.eager);
  CHECK_FALSE(options.wants_history());
}

TEST_CASE("options: each is read, and the last of several counts") {
  const TwoBlobsOptions options = parse({"--epochs", "7", "--lr=0.5", "--per", "model", "--strength", "-2", "--eps",
                                         "1e-3", "--no-zero-grad", "--eager", "--log", "a", "--log", "b"});
  CHECK(options.epochs == 7);
  CHECK(options.lr == 0.5);
  CHECK(options.inverse_l1.per == Per::model);
  CHECK(options.strength == -2);
  CHECK(options.inverse_l1.eps == 1e-3);
  CHECK_FALSE(options.zero_grad);
  CHECK(options.eager);
  CHECK(options.log == "b");
}

TEST_CASE("options: an unknown value lists what there is") {
  CHECK_THROWS_WITH_AS(parse({"--per", "layer"}), doctest::Contains("{tensor,model}"), WrongUsage);
  CHECK_THROWS_WITH_AS(parse({"--device", "gpu"}), doctest::Contains("cpu, simt, cuda"), WrongUsage);
}

TEST_CASE("run_program: every way to end has its exit code") {
  CHECK(run_program("test", [] {}) == 0);
  CHECK(run_program("test", [] { throw Finished{}; }) == 0);
  CHECK(run_program("test", [] { throw WrongUsage("no"); }) == 2);
  CHECK(run_program("test", [] { throw Interrupted{}; }) == 130);
  CHECK(run_program("test", [] { fail("no"); }) == 1);
}

TEST_CASE("write_file: replaces a file whole, through a link too, and nothing else") {
  const TemporaryFolder folder;
  write_file(folder / "file", "first");
  write_file(folder / "file", "second");
  CHECK(read(folder / "file") == "second");
  CHECK(folder.names().size() == 1);
  REQUIRE(run(folder, "ln -s file link && mkfifo pipe").code == 0);
  write_file(folder / "link", "third");
  CHECK(read(folder / "file") == "third");
  require_writable(folder / "pipe");
  CHECK_THROWS_WITH(require_writable(folder.path()), doctest::Contains(folder.path().c_str()));
  CHECK_THROWS_AS(write_file(folder / "absent/file", ""), Error);
  CHECK(folder.names().size() == 3);
  REQUIRE(run(folder, "chmod 600 file").code == 0);
  write_file(folder / "file", "fourth");
  CHECK(run(folder, "stat -c %a file").out == "600\n");
}

TEST_CASE("svg: text is escaped") {
  CHECK(escaped("a < b & \"c\" > d") == "a &lt; b &amp; &quot;c&quot; &gt; d");
  const std::string element = Svg(10, 20, "id", "1 < 2", "").text(1, 2.5, "start", "x & y").element();
  CHECK(element.find("<title id=\"id-title\">1 &lt; 2</title>") != std::string::npos);
  CHECK(element.find("<text x=\"1\" y=\"2.5\" text-anchor=\"start\">x &amp; y</text>") != std::string::npos);
}

TEST_CASE("chart: infinities leave a gap, and nothing makes an empty chart fail") {
  const float infinity = std::numeric_limits<float>::infinity();
  const ChartTexts texts{"id", "title", "description", "x", "y"};
  for (const std::vector<float>& values : {std::vector<float>{}, {0}, {infinity}, {1, infinity, 2}, {0, 0, 0}}) {
    const std::string element = line_chart(texts, {{"A", "a", values}}).element();
    CHECK(element.find("inf") == std::string::npos);
    CHECK(element.find("nan") == std::string::npos);
  }
}
