// Races within a block.
#include "tests/kernels/simt/checker/planted.hpp"

namespace {

const simt::Launch one_warp{dim3(1), dim3(32)}, two_warps{dim3(1), dim3(64)};

template <bool mended>
__global__ void missing_barrier(int* out) {
  SHARED(int, s, [64]);
  s[threadIdx.x] = static_cast<int>(threadIdx.x);
  __syncthreads();
  s[threadIdx.x] += 1;  // <1>
  if (mended) __syncthreads();
  out[threadIdx.x] = s[63 - threadIdx.x];  // <2>
}
TEST_CASE("a barrier is missing between a write and a read of other warps") {
  simt::Array<int> out(64);
  CHECK_PLANTED(
      missing_barrier,
      "missing_barrier, block (0,0,0), thread (32,0,0): <1>: race on byte 128 of shared 's' (256 bytes): this "
      "write and the read at <2> by thread (31,0,0) have no __syncthreads between them",
      two_warps, out.data());
}

template <bool mended>
__global__ void missing_second_barrier(int* out) {
  SHARED(int, s, [64]);
  int sum = 0;
  for (int round = 0; round < 3; ++round) {
    s[threadIdx.x] = round;  // <1>
    __syncthreads();
    sum += s[63 - threadIdx.x];  // <2>
    if (mended) __syncthreads();
  }
  out[threadIdx.x] = sum;
}
TEST_CASE("the second barrier of a loop is missing") {
  simt::Array<int> out(64);
  CHECK_PLANTED(
      missing_second_barrier,
      "missing_second_barrier, block (0,0,0), thread (32,0,0): <2>: race on byte 124 of shared 's' (256 bytes): "
      "this read and the write at <1> by thread (31,0,0) have no __syncthreads between them",
      two_warps, out.data());
}

template <bool mended>
__global__ void missing_syncwarp(int* out) {
  SHARED(int, s, [32]);
  s[threadIdx.x] = 1;
  __syncthreads();
  const int right = s[(threadIdx.x + 1) % 32];  // <1>
  if (mended) __syncwarp();
  s[threadIdx.x] = right;  // <2>
  out[threadIdx.x] = right;
}
TEST_CASE("a __syncwarp is missing") {
  simt::Array<int> out(32);
  CHECK_PLANTED(
      missing_syncwarp,
      "missing_syncwarp, block (0,0,0), thread (1,0,0): <2>: race on byte 4 of shared 's' (128 bytes): this write "
      "and the read at <1> by thread (0,0,0) have neither __syncwarp nor __syncthreads between them",
      one_warp, out.data());
}

// Every lane takes part in a shuffle, but that orders no memory.
template <bool mended>
__global__ void shuffle_for_syncwarp(int* out) {
  SHARED(int, s, [32]);
  s[threadIdx.x] = 1;  // <1>
  if (mended) __syncwarp();
  __shfl_sync(0xffffffffu, 0, 0);
  out[threadIdx.x] = s[31 - threadIdx.x];  // <2>
}
TEST_CASE("a shuffle in place of a __syncwarp") {
  simt::Array<int> out(32);
  CHECK(planted::error_of([&] {
          simt::launch<shuffle_for_syncwarp<false>>(one_warp, out.data());
        }).find(": race on byte ") != std::string::npos);
  CHECK(planted::error_of([&] { simt::launch<shuffle_for_syncwarp<true>>(one_warp, out.data()); }) == "");
}

template <bool mended>
__global__ void syncwarp_of_half(int* out) {
  SHARED(int, s, [32]);
  s[threadIdx.x] = 0;
  __syncthreads();
  if (threadIdx.x == 16) s[0] = 1;  // <1>
  if (mended || threadIdx.x < 16) __syncwarp(mended ? 0xffffffffu : 0xffffu);
  if (threadIdx.x == 20) out[0] = s[0];  // <2>
}
TEST_CASE("a __syncwarp that names other lanes") {
  simt::Array<int> out(1);
  CHECK_PLANTED(
      syncwarp_of_half,
      "syncwarp_of_half, block (0,0,0), thread (20,0,0): <2>: race on byte 0 of shared 's' (128 bytes): this read "
      "and the write at <1> by thread (16,0,0) have neither __syncwarp nor __syncthreads between them",
      one_warp, out.data());
}

// 0 hands to 1, and 1 to 2: without the first step the second proves nothing about 0.
template <bool mended>
__global__ void syncwarp_in_a_chain(int* out) {
  SHARED(int, s, [1]);
  if (threadIdx.x == 0) s[0] = 7;  // <1>
  if (mended && threadIdx.x < 2) __syncwarp(3);
  if (threadIdx.x == 1 || threadIdx.x == 2) __syncwarp(6);
  if (threadIdx.x == 2) out[0] = s[0];  // <2>
}
TEST_CASE("a chain of __syncwarps, each of two lanes") {
  simt::Array<int> out(1);
  CHECK_PLANTED(
      syncwarp_in_a_chain,
      "syncwarp_in_a_chain, block (0,0,0), thread (2,0,0): <2>: race on byte 0 of shared 's' (4 bytes): this read "
      "and the write at <1> by thread (0,0,0) have neither __syncwarp nor __syncthreads between them",
      one_warp, out.data());
}

template <bool mended>
__global__ void many_readers(int* out) {
  SHARED(int, s, [1]);
  if (threadIdx.x == 0) s[0] = 1;
  __syncthreads();
  out[threadIdx.x] = s[0];  // <1>
  if (mended) __syncthreads();
  if (threadIdx.x == 63) s[0] = 2;  // <2>
}
TEST_CASE("a write after everybody's read") {
  simt::Array<int> out(64);
  CHECK_PLANTED(
      many_readers,
      "many_readers, block (0,0,0), thread (63,0,0): <2>: race on byte 0 of shared 's' (4 bytes): this write and "
      "the read at <1> by thread (0,0,0) have no __syncthreads between them",
      two_warps, out.data());
}

template <bool mended>
__global__ void own_read_before_write(int* out) {
  SHARED(int, s, [1]);
  if (threadIdx.x == 0) s[0] = 1;
  __syncthreads();
  out[threadIdx.x] = s[0];  // <1>
  if (mended) __syncthreads();
  __shfl_sync(0xffffffffu, 0, 0);  // lets the other lanes read first
  if (threadIdx.x == 0) s[0] = 2;  // <2>
}
TEST_CASE("the first of many readers writes") {
  simt::Array<int> out(32);
  CHECK_PLANTED(
      own_read_before_write,
      "own_read_before_write, block (0,0,0), thread (0,0,0): <2>: race on byte 0 of shared 's' (4 bytes): this "
      "write and the read at <1> by thread (1,0,0) have neither __syncwarp nor __syncthreads between them",
      one_warp, out.data());
}

template <bool mended>
__global__ void bytes_of_a_word(unsigned char* out) {
  SHARED(unsigned char, s, [64]);
  s[threadIdx.x] = 1;
  __syncthreads();
  s[mended ? threadIdx.x : threadIdx.x / 2] = 2;  // <1>
  out[threadIdx.x] = s[threadIdx.x];
}
TEST_CASE("bytes of one word belong to threads of their own") {
  simt::Array<unsigned char> out(64);
  CHECK_PLANTED(
      bytes_of_a_word,
      "bytes_of_a_word, block (0,0,0), thread (1,0,0): <1>: race on byte 0 of shared 's' (64 bytes): this write "
      "and the write at <1> by thread (0,0,0) have neither __syncwarp nor __syncthreads between them",
      two_warps, out.data());
}

template <bool mended>
__global__ void count_from_zero(int* out) {
  SHARED(int, count, [1]);
  if (threadIdx.x == 0) count[0] = 0;  // <1>
  if (mended) __syncthreads();
  atomicAdd(&count[0], 1);  // <2>
  __syncthreads();
  out[threadIdx.x] = count[0];
}
TEST_CASE("atomics on what another thread has just set") {
  simt::Array<int> out(64);
  CHECK_PLANTED(count_from_zero,
                "count_from_zero, block (0,0,0), thread (1,0,0): <2>: race on byte 0 of shared 'count' (4 bytes): this "
                "atomic and the write at <1> by thread (0,0,0) have neither __syncwarp nor __syncthreads between them",
                two_warps, out.data());
}

template <bool mended>
__global__ void read_while_counting(int* out) {
  SHARED(int, count, [1]);
  if (threadIdx.x == 0) count[0] = 0;
  __syncthreads();
  atomicAdd(&count[0], 1);  // <1>
  if (mended) __syncthreads();
  out[threadIdx.x] = count[0];  // <2>
}
TEST_CASE("a plain read beside atomics") {
  simt::Array<int> out(64);
  CHECK_PLANTED(
      read_while_counting,
      "read_while_counting, block (0,0,0), thread (1,0,0): <1>: race on byte 0 of shared 'count' (4 bytes): this "
      "atomic and the read at <2> by thread (0,0,0) have neither __syncwarp nor __syncthreads between them",
      two_warps, out.data());
}

template <bool mended>
__global__ void set_after_counting(int* out) {
  SHARED(int, count, [1]);
  if (threadIdx.x == 0) count[0] = 0;
  __syncthreads();
  if (threadIdx.x < 32) atomicAdd(&count[0], 1);  // <1>
  if (mended) __syncthreads();
  if (threadIdx.x == 32) count[0] = 0;  // <2>
  out[threadIdx.x] = 0;
}
TEST_CASE("a plain write beside atomics") {
  simt::Array<int> out(64);
  CHECK_PLANTED(
      set_after_counting,
      "set_after_counting, block (0,0,0), thread (32,0,0): <2>: race on byte 0 of shared 'count' (4 bytes): this "
      "write and the atomic at <1> by thread (31,0,0) have no __syncthreads between them",
      two_warps, out.data());
}

// A flag within the block: fence, then atomic; atomic, then read. (A thread that only polls lets the others run.)
template <bool mended>
__global__ void flag_in_block(int* out) {
  SHARED(int, data, [1]);
  SHARED(int, ready, [1]);
  if (threadIdx.x == 0) ready[0] = 0;
  __syncthreads();
  if (threadIdx.x == 0) {
    data[0] = 5;  // <1>
    if (mended) __threadfence_block();
    atomicExch(&ready[0], 1);
  }
  if (threadIdx.x == 32) {
    while (atomicAdd(&ready[0], 0) == 0) continue;
    out[0] = data[0];  // <2>
  }
}
TEST_CASE("a flag without a fence") {
  simt::Array<int> out(1);
  CHECK_PLANTED(
      flag_in_block,
      "flag_in_block, block (0,0,0), thread (32,0,0): <2>: race on byte 0 of shared 'data' (4 bytes): this read "
      "and the write at <1> by thread (0,0,0) have no __syncthreads between them",
      two_warps, out.data());
}

}  // namespace
