// mistakes NAME: makes the mistake of NAME.cpp, and prints what is said of it.
#include <algorithm>
#include <array>
#include <iostream>
#include <string_view>
#include <utility>
#include <wengert.hpp>

#include "mistakes.inc"

int main(int argc, char** argv) {
  static constexpr auto mistakes = std::to_array<std::pair<std::string_view, void (*)()>>({
#include "mistakes_table.inc"
  });
  const std::string_view name = argc == 2 ? argv[1] : "";
  const auto* const chosen = std::ranges::find(mistakes, name, &std::pair<std::string_view, void (*)()>::first);
  if (chosen == mistakes.end()) {
    std::cerr << "mistakes: takes the name of a file in tests/mistakes\n";
    return 2;
  }
  try {
    wengert::seed(0);
    chosen->second();
  } catch (const wengert::Error& error) {
    std::cout << "error: " << error.what() << '\n';
  }
  return 0;
}
