// The program in README.md is compiled and run as it stands there.
#include <doctest/doctest.h>

#include <fstream>

#include "tests/examples/running.hpp"

using namespace wengert::tests;

TEST_CASE("README: its program compiles and runs") {
  const std::string readme = read(WENGERT_ROOT "/README.md");
  const std::string opening = "```cpp\n";
  const std::size_t begin = readme.find(opening);
  REQUIRE(begin != std::string::npos);
  const std::string program =
      readme.substr(begin + opening.size(), readme.find("```", begin + 1) - begin - opening.size());
  REQUIRE(program.find("int main()") != std::string::npos);

  const TemporaryFolder folder;
  std::ofstream(folder / "readme.cpp") << program;
  std::string libraries;
  for (const std::string name : {"losses", "nn", "autograd", "kernels"}) {
    libraries += " '" WENGERT_BUILD_TREE "/" + name + "/libwengert_" + name + ".a'";
  }
  const Outcome compiled =
      run(folder, WENGERT_CXX " -std=c++20 -I '" WENGERT_ROOT "' -I '" WENGERT_ROOT "/losses/umbrella' readme.cpp" +
                      libraries + " -pthread -o readme");
  CAPTURE(compiled.err);
  REQUIRE(compiled.code == 0);
  const Outcome outcome = run(folder, "./readme");
  CHECK(outcome.code == 0);
  CHECK(outcome.out.find("B: bce 0.0") != std::string::npos);
}
