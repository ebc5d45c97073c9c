// What the lanes of a warp do together, and what is said where they do not agree.
#include <cmath>

#include "tests/kernels/simt/support.hpp"

namespace {

using simt_testing::launch_error;
using simt_testing::place;

constexpr unsigned all = 0xffffffffu;

__device__ int global_thread() { return static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x); }

// Ten values of each thread, by column.
__global__ void shuffles(int* out, int width) {
  const int value = 100 * static_cast<int>(threadIdx.x);
  int* const row = out + 6 * global_thread();
  row[0] = __shfl_sync(all, value, 5, width);
  row[1] = __shfl_sync(all, value, 37, width);
  row[2] = __shfl_up_sync(all, value, 3, width);
  row[3] = __shfl_down_sync(all, value, 3, width);
  row[4] = __shfl_xor_sync(all, value, 1, width);
  row[5] = __shfl_xor_sync(all, value, 12, width);
}

TEST_CASE("warps: shuffles, in segments of every width") {
  for (const int width : {1, 2, 4, 8, 16, 32}) {
    CAPTURE(width);
    simt::Array<int> out(6 * 64);
    simt::launch<shuffles>({1, 64}, out.data(), width);
    const std::vector<int> result = out.download();
    bool right = true;
    for (int thread = 0; thread < 64; ++thread) {
      const int lane = thread % 32, warp = thread - lane, begin = lane / width * width, end = begin + width;
      const int from[6] = {begin + 5 % width,
                           begin + 37 % width,
                           lane - 3 >= begin ? lane - 3 : lane,
                           lane + 3 < end ? lane + 3 : lane,
                           (lane ^ 1) < end ? lane ^ 1 : lane,
                           (lane ^ 12) < end ? lane ^ 12 : lane};
      for (int i = 0; i < 6; ++i) right &= result[6 * thread + i] == 100 * (warp + from[i]);
    }
    CHECK(right);
  }
}

template <class T>
__global__ void broadcast(T* out, T value) {
  out[threadIdx.x] = __shfl_sync(all, threadIdx.x == 7 ? value : T{}, 7);
}
template <class T>
bool broadcasts(T value) {
  simt::Array<T> out(32);
  simt::launch<broadcast<T>>({1, 32}, out.data(), value);
  return out.download() == std::vector<T>(32, value);
}

TEST_CASE("warps: shuffles of every type") {
  CHECK(broadcasts<int>(-3));
  CHECK(broadcasts<unsigned>(4000000000u));
  CHECK(broadcasts<long long>(-(1ll << 40)));
  CHECK(broadcasts<unsigned long long>(~0ull));
  CHECK(broadcasts<long>(-(1l << 40)));
  CHECK(broadcasts<float>(0.1f));
  CHECK(broadcasts<double>(0.1));
}

// Half the lanes take one way and half the other, then all meet.
__global__ void halves(int* out) {
  const int lane = static_cast<int>(threadIdx.x);
  int value = 0;
  if (lane < 16)
    value = __shfl_sync(0x0000ffff, lane, 3);
  else
    value = __shfl_sync(0xffff0000, lane, 20);
  __syncwarp();
  out[lane] = __shfl_xor_sync(all, value, 16);
}

TEST_CASE("warps: lanes on different ways") {
  simt::Array<int> out(32);
  simt::launch<halves>({1, 32}, out.data());
  std::vector<int> expected(32, 20);
  for (int lane = 16; lane < 32; ++lane) expected[lane] = 3;
  CHECK(out.download() == expected);
}

__global__ void small_warp(int* out) { out[threadIdx.x] = __shfl_xor_sync(all, static_cast<int>(threadIdx.x), 1); }

TEST_CASE("warps: a block's last warp may have fewer lanes") {
  simt::Array<int> out(40);
  simt::launch<small_warp>({1, 40}, out.data());
  const std::vector<int> result = out.download();
  bool right = true;
  for (int i = 0; i < 40; ++i) right &= result[i] == (i ^ 1);
  CHECK(right);
}

__global__ void votes(unsigned* out, unsigned bound) {
  const bool predicate = threadIdx.x % 32 < bound;
  unsigned* const row = out + 3 * threadIdx.x;
  row[0] = __ballot_sync(all, predicate);
  row[1] = static_cast<unsigned>(__all_sync(all, predicate));
  row[2] = static_cast<unsigned>(__any_sync(all, predicate));
}

TEST_CASE("warps: votes") {
  for (const unsigned bound : {0u, 1u, 8u, 31u, 32u}) {
    CAPTURE(bound);
    simt::Array<unsigned> out(3 * 40);
    simt::launch<votes>({1, 40}, out.data(), bound);
    const std::vector<unsigned> result = out.download();
    const auto ballot = [&](unsigned lanes) { return (1ull << std::min(bound, lanes)) - 1; };
    CHECK(result[0] == ballot(32));
    CHECK(result[1] == (bound == 32));
    CHECK(result[2] == (bound > 0));
    CHECK(result[3 * 39] == ballot(8));
    CHECK(result[3 * 39 + 1] == (bound >= 8));
    CHECK(result[3 * 39 + 2] == (bound > 0));
  }
}

__global__ void matches(unsigned* out, int modulus) {
  int same = 5;
  out[3 * threadIdx.x] = __match_any_sync(all, static_cast<int>(threadIdx.x) % modulus);
  out[3 * threadIdx.x + 1] = __match_all_sync(all, 0.5 * (static_cast<int>(threadIdx.x) % modulus), &same);
  out[3 * threadIdx.x + 2] = static_cast<unsigned>(same);
}

TEST_CASE("warps: matches") {
  simt::Array<unsigned> out(3 * 32);
  simt::launch<matches>({1, 32}, out.data(), 4);
  CHECK(out.download()[3 * 5] == 0x22222222u);
  CHECK(out.download()[3 * 5 + 1] == 0);
  CHECK(out.download()[3 * 5 + 2] == 0);
  simt::launch<matches>({1, 32}, out.data(), 1);
  CHECK(out.download()[3 * 5] == all);
  CHECK(out.download()[3 * 5 + 1] == all);
  CHECK(out.download()[3 * 5 + 2] == 1);
}

__global__ void reductions(int* out) {
  const int lane = static_cast<int>(threadIdx.x);
  const auto word = static_cast<unsigned>(lane);
  out[0] = __reduce_add_sync(all, lane - 20);
  out[1] = __reduce_min_sync(all, lane - 20);
  out[2] = __reduce_max_sync(all, lane - 20);
  out[3] = static_cast<int>(__reduce_add_sync(all, word << 28));
  out[4] = static_cast<int>(__reduce_min_sync(all, word - 1));
  out[5] = static_cast<int>(__reduce_max_sync(all, word - 1));
  out[6] = static_cast<int>(__reduce_and_sync(all, word | 0x50u));
  out[7] = static_cast<int>(__reduce_or_sync(all, word));
  out[8] = static_cast<int>(__reduce_xor_sync(all, 1u << lane));
  out[9] = lane < 8 ? __reduce_add_sync(0xff, 1) : 8;
}

TEST_CASE("warps: reductions") {
  simt::Array<int> out(10);
  simt::launch<reductions>({1, 32}, out.data());
  CHECK(out.download() == std::vector<int>{31 * 16 - 32 * 20, -20, 11, 0, 0, -1, 0x50, 31, -1, 8});
}

constexpr int mask_line = __LINE__ + 1;
__global__ void bad_mask() { __shfl_down_sync(0x0000fffe, 1, 1); }

TEST_CASE("warps: a mask without the lane that calls") {
  CHECK(launch_error<bad_mask>({1, 64}) ==
        "kernel bad_mask, block (0,0,0), thread (0,0,0): " + place(__FILE__, mask_line) +
            ": __shfl_down_sync: the mask 0x0000fffe does not name the lane that calls, 0");
}

constexpr int lane_line = __LINE__ + 3;
__global__ void bad_lane() {
  if (threadIdx.x % 32 >= 16) return;
  __shfl_down_sync(0x0000ffff, 1, 8);
}

TEST_CASE("warps: a lane that the mask does not name") {
  CHECK(launch_error<bad_lane>({1, {16, 4}}) ==
        "kernel bad_lane, block (0,0,0), thread (8,0,0): " + place(__FILE__, lane_line) +
            ": the lane reads from lane 16, which the mask 0x0000ffff does not name");
}

constexpr int gone_line = __LINE__ + 3;
__global__ void gone_lane() {
  if (threadIdx.x == 20) return;
  __shfl_xor_sync(all, 1.0f, 1);
}

TEST_CASE("warps: a lane that has returned, or that the block does not have") {
  CHECK(launch_error<gone_lane>({1, 32}) ==
        "kernel gone_lane, block (0,0,0), thread (21,0,0): " + place(__FILE__, gone_line) +
            ": the lane reads from lane 20, which has returned, or is beyond the block");
  CHECK(launch_error<gone_lane>({1, 19}) ==
        "kernel gone_lane, block (0,0,0), thread (18,0,0): " + place(__FILE__, gone_line) +
            ": the lane reads from lane 19, which has returned, or is beyond the block");
}

constexpr int width_line = __LINE__ + 1;
__global__ void bad_width() { __shfl_sync(all, 1, 0, 12); }

TEST_CASE("warps: a width that is no power of two") {
  CHECK(launch_error<bad_width>({1, 32}) ==
        "kernel bad_width, block (0,0,0), thread (0,0,0): " + place(__FILE__, width_line) +
            ": __shfl_sync: the width is 12, and must be a power of two up to 32");
}

constexpr int call_line = __LINE__ + 3;
__global__ void different_calls() {
  if (threadIdx.x < 8) {
    __shfl_up_sync(all, 1, 1);
  } else {
    __ballot_sync(0xffffff00, 1);
    __syncwarp();
  }
}

TEST_CASE("warps: lanes that make different calls wait for ever") {
  CHECK(launch_error<different_calls>({1, 32}) ==
        "kernel different_calls, block (0,0,0): deadlock: threads 0..7 wait at __shfl_up_sync " +
            place(__FILE__, call_line) + " for the lanes of 0xffffffff; threads 8..31 wait at __syncwarp " +
            place(__FILE__, call_line + 3) + " for the lanes of 0xffffffff");
}

__global__ void sync_on_two_lines(int* out) {
  if (threadIdx.x == 0) {
    out[0] = 1;
    __syncwarp();
  } else {
    __syncwarp();
    out[threadIdx.x] = out[0];
  }
}

TEST_CASE("warps: the lanes of a __syncwarp may come from different lines") {
  simt::Array<int> out(32);
  simt::launch<sync_on_two_lines>({1, 32}, out.data());
  CHECK(out.download() == std::vector<int>(32, 1));
}

}  // namespace
