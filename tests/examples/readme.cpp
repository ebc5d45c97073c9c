// The program in README.md is compiled and run as it stands there.
#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/examples/running.hpp"

using namespace wengert::tests;

namespace {

// The page's blocks of C++, in order.
std::vector<std::string> blocks() {
  const std::string readme = read(WENGERT_ROOT "/README.md"), opening = "```cpp\n";
  std::vector<std::string> all;
  for (std::size_t at = readme.find(opening); at != std::string::npos; at = readme.find(opening, at)) {
    at += opening.size();
    all.push_back(readme.substr(at, readme.find("```", at) - at));
  }
  return all;
}

Outcome compile_and_run(const std::string& program) {
  const TemporaryFolder folder;
  std::ofstream(folder / "readme.cpp") << program;
  const Outcome compiled =
      run(folder, WENGERT_CXX " -std=c++20 -I '" WENGERT_ROOT "' readme.cpp " WENGERT_LIBRARIES " -pthread -o readme");
  CAPTURE(compiled.err);
  REQUIRE(compiled.code == 0);
  return run(folder, "./readme");
}

}  // namespace

TEST_CASE("README: its program compiles and runs") {
  const Outcome outcome = compile_and_run(blocks().at(0));
  CHECK(outcome.code == 0);
  CHECK(outcome.out.find("B: bce 0.0") != std::string::npos);
}

TEST_CASE("README: what it says about devices compiles and runs") {
  const Outcome outcome = compile_and_run(
      "#include <iostream>\n#include <wengert.hpp>\nusing namespace wengert;\n"
      "struct Net : nn::Module { nn::Linear fc = add(\"fc\", nn::Linear(2, 1)); };\n"
      "int main() {\n  const Tensor x = Tensor::from({3, 4}, {2});\n" +
      blocks().at(1) + "  std::cout << net.fc.weight.device() << ' ' << there;\n}\n");
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "simt [3, 4]");
}
