// Host code that touches device memory.
#include "tests/kernels/simt/checker/planted.hpp"
#include "tests/support/last_words.hpp"

namespace {

using wengert::testing::last_words;

__global__ void fill(int* out) { out[threadIdx.x] = 1; }

// What is said about an access at a line of this file to byte 4 of an array made at another.
std::string complaint(int line, int made) {
  return "simt: host.cpp:" + std::to_string(line) +
         ": host code touches device memory, byte 4 of the array of 16 bytes made " +
         "at host.cpp:" + std::to_string(made) + ": copy with upload() or download()\n";
}

TEST_CASE("host code that reads device memory after a launch") {
  simt::Array<int> out(4);
  const int made = __LINE__ - 1;
  simt::launch<fill>({dim3(1), dim3(4)}, out.data());
  volatile int value = 0;
  const int line = __LINE__ + 1;
  const std::string text = last_words([&] { value = out.data()[1]; });
  CHECK(text == complaint(line, made));
}

TEST_CASE("host code that writes device memory before any launch") {
  simt::Array<int> in(4);
  const int made = __LINE__ - 1;
  const int line = __LINE__ + 1;
  const std::string text = last_words([&] { in.data()[1] = 1; });
  CHECK(text == complaint(line, made));
}

}  // namespace
