// Which of the statements that mutate.py guards is left out. This file is not instrumented: kernels may call it.
#include <cstdlib>

namespace {

const int left_out = [] {
  const char* const number = std::getenv("MUTATION_WITHOUT");
  return number ? std::atoi(number) : 0;
}();

}  // namespace

extern "C" bool mutation_keeps(int statement) noexcept { return statement != left_out; }
