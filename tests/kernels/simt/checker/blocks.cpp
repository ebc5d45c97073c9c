// Races between blocks.
#include "tests/kernels/simt/checker/planted.hpp"

namespace {

const simt::Launch three_blocks{dim3(3), dim3(32)}, three_pairs_of_warps{dim3(3), dim3(64)};

#define BETWEEN_BLOCKS " are of different blocks, which only a __threadfence with an atomic after it puts in order"

simt::Array<unsigned> zero() {
  simt::Array<unsigned> count(1);
  count.upload(std::vector<unsigned>{0});
  return count;
}

template <bool mended>
__global__ void colliding_blocks(int* out) {
  if (threadIdx.x == 0) out[mended ? blockIdx.x : 0] = 1;  // <1>
}
TEST_CASE("blocks that write to one element") {
  simt::Array<int> out(3);  // <out>
  CHECK_PLANTED(
      colliding_blocks,
      "colliding_blocks, block (1,0,0), thread (0,0,0): <1>: race on byte 0 of the array of 12 bytes made at <out>: "
      "this write and the write at <1> by block (0,0,0), thread (0,0,0)" BETWEEN_BLOCKS,
      three_blocks, out.data());
}

template <bool mended>
__global__ void read_of_a_neighbour(int* out) {
  const int left = blockIdx.x == 0 ? 0 : out[mended ? blockIdx.x : blockIdx.x - 1];  // <1>
  if (threadIdx.x == 0) out[blockIdx.x] = left;                                      // <2>
}
TEST_CASE("a block that reads what another has written") {
  simt::Array<int> out = planted::counted(3);
  const std::string text = planted::error_of([&] {
    simt::launch<read_of_a_neighbour<false>>({dim3(3), dim3(1)}, out.data());
  });
  CHECK(text.find("race on byte 0 of the array of 12 bytes") != std::string::npos);
  CHECK(planted::error_of([&] { simt::launch<read_of_a_neighbour<true>>({dim3(3), dim3(1)}, out.data()); }) == "");
}

template <bool mended>
__global__ void last_block_without_fence(int* parts, unsigned* count, int* total) {
  if (threadIdx.x != 0) return;
  parts[blockIdx.x] = 1;  // <1>
  if (mended) __threadfence();
  if (atomicInc(count, gridDim.x - 1) != gridDim.x - 1) return;
  int sum = 0;
  for (unsigned i = 0; i < gridDim.x; ++i) sum += parts[i];  // <2>
  *total = sum;
}
TEST_CASE("the last block's sum without a __threadfence") {
  simt::Array<int> parts(3);  // <parts>
  simt::Array<int> total(1);
  simt::Array<unsigned> count = zero();
  CHECK_PLANTED(
      last_block_without_fence,
      "last_block_without_fence, block (2,0,0), thread (0,0,0): <2>: race on byte 0 of the array of 12 bytes made at "
      "<parts>: this read and the write at <1> by block (0,0,0), thread (0,0,0)" BETWEEN_BLOCKS,
      three_blocks, parts.data(), count.data(), total.data());
  CHECK(total.download() == std::vector<int>{3});
}

// The fence covers what its own thread did, and what barriers have put before it: not the other threads' writes.
template <bool mended>
__global__ void last_block_without_barrier(int* parts, unsigned* count, int* total) {
  SHARED(bool, is_last, [1]);
  parts[blockIdx.x * blockDim.x + threadIdx.x] = 1;  // <1>
  if (mended) __syncthreads();
  if (threadIdx.x == 0) {
    __threadfence();
    is_last[0] = atomicInc(count, gridDim.x - 1) == gridDim.x - 1;
  }
  __syncthreads();
  if (!is_last[0]) return;
  if (threadIdx.x == 0) *total = 0;
  __syncthreads();
  for (unsigned block = 0; block < gridDim.x; ++block) {
    atomicAdd(total, parts[block * blockDim.x + threadIdx.x]);  // <2>
  }
}
TEST_CASE("the last block's sum without a barrier before the fence") {
  simt::Array<int> parts(192);  // <parts>
  simt::Array<int> total(1);
  simt::Array<unsigned> count = zero();
  CHECK_PLANTED(
      last_block_without_barrier,
      "last_block_without_barrier, block (2,0,0), thread (1,0,0): <2>: race on byte 4 of the array of 768 bytes made "
      "at <parts>: this read and the write at <1> by block (0,0,0), thread (1,0,0)" BETWEEN_BLOCKS,
      three_pairs_of_warps, parts.data(), count.data(), total.data());
  CHECK(total.download() == std::vector<int>{192});
}

// Each thread has a fence of its own before the barrier.
template <bool mended>
__global__ void fences_before_the_barrier(int* parts, unsigned* count, int* total) {
  SHARED(bool, is_last, [1]);
  parts[blockIdx.x * blockDim.x + threadIdx.x] = 1;  // <1>
  if (mended || threadIdx.x != 5) __threadfence();
  __syncthreads();
  if (threadIdx.x == 0) is_last[0] = atomicInc(count, gridDim.x - 1) == gridDim.x - 1;
  __syncthreads();
  if (is_last[0]) total[threadIdx.x] = parts[threadIdx.x];  // <2>
}
TEST_CASE("fences before the barrier, of all threads but one") {
  simt::Array<int> parts(192);  // <parts>
  simt::Array<int> total(64);
  simt::Array<unsigned> count = zero();
  CHECK_PLANTED(
      fences_before_the_barrier,
      "fences_before_the_barrier, block (2,0,0), thread (1,0,0): <2>: race on byte 4 of the array of 768 bytes made "
      "at <parts>: this read and the write at <1> by block (0,0,0), thread (1,0,0)" BETWEEN_BLOCKS,
      three_pairs_of_warps, parts.data(), count.data(), total.data());
}

template <bool mended>
__global__ void fence_of_the_block(int* parts, unsigned* count, int* total) {
  if (threadIdx.x != 0) return;
  parts[blockIdx.x] = 1;  // <1>
  mended ? __threadfence() : __threadfence_block();
  if (atomicInc(count, gridDim.x - 1) == gridDim.x - 1) *total = parts[0];  // <2>
}
TEST_CASE("a __threadfence_block where another block reads") {
  simt::Array<int> parts(3);  // <parts>
  simt::Array<int> total(1);
  simt::Array<unsigned> count = zero();
  CHECK_PLANTED(
      fence_of_the_block,
      "fence_of_the_block, block (2,0,0), thread (0,0,0): <2>: race on byte 0 of the array of 12 bytes made at "
      "<parts>: this read and the write at <1> by block (0,0,0), thread (0,0,0)" BETWEEN_BLOCKS,
      three_blocks, parts.data(), count.data(), total.data());
}

template <bool mended>
__global__ void another_counter(int* parts, unsigned* count, int* total) {
  if (threadIdx.x != 0) return;
  parts[blockIdx.x] = 1;  // <1>
  __threadfence();
  if (atomicAdd(&count[mended ? 0 : blockIdx.x], 1) == 2 || !mended) *total = parts[0];  // <2>
}
TEST_CASE("atomics on different counters") {
  simt::Array<int> parts(3);  // <parts>
  simt::Array<int> total(1);
  simt::Array<unsigned> count(3);
  count.upload(std::vector<unsigned>(3, 0));
  CHECK(planted::error_of(
            [&] { simt::launch<another_counter<false>>(three_blocks, parts.data(), count.data(), total.data()); }) ==
        planted::message(
            __FILE__,
            "another_counter, block (1,0,0), thread (0,0,0): <2>: race on byte 0 of the array of 12 bytes "
            "made at <parts>: this read and the write at <1> by block (0,0,0), thread (0,0,0)" BETWEEN_BLOCKS));
  count.upload(std::vector<unsigned>(3, 0));
  CHECK(planted::error_of([&] {
          simt::launch<another_counter<true>>(three_blocks, parts.data(), count.data(), total.data());
        }) == "");
}

// Which launch wrote it does not matter.
__global__ void write_own(int* out) { out[blockIdx.x] = 1; }
__global__ void read_all(const int* in, int* out) {
  for (unsigned i = 0; i < gridDim.x; ++i) out[blockIdx.x] = in[i];
}
TEST_CASE("launches come one after another") {
  simt::Array<int> a(3), b(3);
  simt::launch<write_own>({dim3(3), dim3(1)}, a.data());
  simt::launch<read_all>({dim3(3), dim3(1)}, a.data(), b.data());
  CHECK(b.download() == std::vector<int>{1, 1, 1});
}

}  // namespace
