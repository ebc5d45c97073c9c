// Atomics: each by itself, and all threads of several blocks on one address.
#include <doctest/doctest.h>

#include <simt.hpp>
#include <vector>

namespace {

struct Step {
  unsigned before, after;
};

/// What `op` on a word that holds `start` returns and leaves.
template <class T, class Op>
__global__ void perform(Op op, T* word, T* returned) {
  *returned = op(word);
}
template <class T, class Op>
std::vector<T> one_step(T start, Op op) {
  simt::Array<T> word(1), returned(1);
  word.upload(std::vector<T>{start});
  simt::launch<perform<T, Op>>({dim3(1), dim3(1)}, op, word.data(), returned.data());
  return {returned.download()[0], word.download()[0]};
}

TEST_CASE("atomics: each returns what was there, and leaves what it should") {
  using Int = std::vector<int>;
  using Unsigned = std::vector<unsigned>;
  using Float = std::vector<float>;
  CHECK(one_step(5, [](int* p) { return atomicAdd(p, 3); }) == Int{5, 8});
  CHECK(one_step(2147483647, [](int* p) { return atomicAdd(p, 1); }) == Int{2147483647, -2147483648});
  CHECK(one_step(1.5f, [](float* p) { return atomicAdd(p, 2); }) == Float{1.5f, 3.5f});
  CHECK(one_step(5, [](int* p) { return atomicSub(p, 7); }) == Int{5, -2});
  CHECK(one_step(0u, [](unsigned* p) { return atomicSub(p, 1); }) == Unsigned{0, 4294967295u});
  CHECK(one_step(1.5f, [](float* p) { return atomicExch(p, 9); }) == Float{1.5f, 9});
  CHECK(one_step(-5, [](int* p) { return atomicMin(p, 3); }) == Int{-5, -5});
  CHECK(one_step(5u, [](unsigned* p) { return atomicMin(p, 3); }) == Unsigned{5, 3});
  CHECK(one_step(-5, [](int* p) { return atomicMax(p, 3); }) == Int{-5, 3});
  CHECK(one_step(12u, [](unsigned* p) { return atomicAnd(p, 10); }) == Unsigned{12, 8});
  CHECK(one_step(12u, [](unsigned* p) { return atomicOr(p, 10); }) == Unsigned{12, 14});
  CHECK(one_step(12, [](int* p) { return atomicXor(p, 10); }) == Int{12, 6});
  CHECK(one_step(3, [](int* p) { return atomicCAS(p, 3, 8); }) == Int{3, 8});
  CHECK(one_step(3, [](int* p) { return atomicCAS(p, 4, 8); }) == Int{3, 3});
  CHECK(one_step(1ull << 40, [](unsigned long long* p) { return atomicAdd(p, 1); }) ==
        std::vector<unsigned long long>{1ull << 40, (1ull << 40) + 1});
}

TEST_CASE("atomics: atomicInc and atomicDec wrap around at the limit") {
  using Unsigned = std::vector<unsigned>;
  CHECK(one_step(3u, [](unsigned* p) { return atomicInc(p, 4); }) == Unsigned{3, 4});
  CHECK(one_step(4u, [](unsigned* p) { return atomicInc(p, 4); }) == Unsigned{4, 0});
  CHECK(one_step(9u, [](unsigned* p) { return atomicInc(p, 4); }) == Unsigned{9, 0});
  CHECK(one_step(3u, [](unsigned* p) { return atomicDec(p, 4); }) == Unsigned{3, 2});
  CHECK(one_step(0u, [](unsigned* p) { return atomicDec(p, 4); }) == Unsigned{0, 4});
  CHECK(one_step(9u, [](unsigned* p) { return atomicDec(p, 4); }) == Unsigned{9, 4});
}

__global__ void count_everyone(unsigned* device, unsigned* blocks, float* sum) {
  SHARED(unsigned, of_block, [1]);
  if (threadIdx.x == 0) of_block[0] = 0;
  __syncthreads();
  atomicAdd(&of_block[0], 1);
  atomicAdd(device, 1);
  atomicAdd(sum, 0.5f);
  __syncthreads();
  if (threadIdx.x == 0) blocks[blockIdx.x] = of_block[0];
}

TEST_CASE("atomics: nobody's is lost, on any number of workers") {
  const int workers = simt::options().workers;
  for (const int some : {1, 4}) {
    simt::options().workers = some;
    simt::Array<unsigned> device(1), blocks(40);
    simt::Array<float> sum(1);
    device.upload(std::vector<unsigned>{0});
    sum.upload(std::vector<float>{0});
    simt::launch<count_everyone>({dim3(40), dim3(100)}, device.data(), blocks.data(), sum.data());
    CHECK(device.download()[0] == 4000);
    CHECK(blocks.download() == std::vector<unsigned>(40, 100));
    CHECK(sum.download()[0] == 2000);
  }
  simt::options().workers = workers;
}

__global__ void misaligned(char* bytes) { atomicAdd(reinterpret_cast<int*>(bytes + 2), 1); }

TEST_CASE("atomics: a misaligned address is an error that names the line") {
  simt::Array<char> bytes(64);
  CHECK_THROWS_WITH_AS(simt::launch<misaligned>({dim3(1), dim3(1)}, bytes.data()),
                       doctest::Contains("an atomic of 4 bytes at an address that is no multiple of them"),
                       simt::Error);
}

__global__ void take_turns(int* lock, int* shared_count) {
  while (atomicCAS(lock, 0, 1) != 0) {
  }
  *shared_count += 1;
  __threadfence();
  atomicExch(lock, 0);
}

TEST_CASE("atomics: threads that wait for a lock let its holder run") {
  simt::Array<int> lock(1), shared_count(1);
  lock.upload(std::vector<int>{0});
  shared_count.upload(std::vector<int>{0});
  simt::launch<take_turns>({dim3(3), dim3(64)}, lock.data(), shared_count.data());
  CHECK(shared_count.download()[0] == 192);
}

}  // namespace
