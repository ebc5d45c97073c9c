// Says what comes of a right kernel and of one with a race.
#include <algorithm>
#include <iostream>
#include <numeric>
#include <simt.hpp>
#include <string>

#include "reverse.hpp"

namespace {

const char* outcome(bool with_barrier) {
  std::vector<int> values(64);
  std::iota(values.begin(), values.end(), 0);
  std::vector<int> expected = values;
  std::reverse(expected.begin(), expected.end());
  return reversed(values, with_barrier) == expected ? "right" : "wrong";
}

}  // namespace

int main() {
  std::cout << "with barrier: " << outcome(true) << "\n";
  try {
    const std::string without = outcome(false);
    std::cout << "without: " << without << "\n";
  } catch (const simt::Error& error) {
    std::cout << "without: " << error.what() << "\n";
  }
}
