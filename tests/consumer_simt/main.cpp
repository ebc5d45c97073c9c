// Says what comes of a right kernel and of one with a race.
#include <algorithm>
#include <iostream>
#include <numeric>
#include <simt.hpp>

#include "reverse.hpp"

int main() {
  std::vector<int> values(64);
  std::iota(values.begin(), values.end(), 0);
  std::vector<int> expected = values;
  std::reverse(expected.begin(), expected.end());
  std::cout << "with barrier: " << (reversed(values, true) == expected ? "right" : "wrong") << "\n";
  try {
    std::cout << "without: " << (reversed(values, false) == expected ? "right" : "wrong") << "\n";
  } catch (const simt::Error& error) {
    std::cout << "without: " << error.what() << "\n";
  }
}
