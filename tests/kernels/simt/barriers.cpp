// __syncthreads and its kin, and what is said where threads do not meet.
#include "tests/kernels/simt/support.hpp"

namespace {

using simt_testing::error_of;
using simt_testing::launch_error;
using simt_testing::place;

__global__ void rounds(int* values, int count) {
  SHARED(int, ring, [256]);
  const unsigned next = (threadIdx.x + 1) % blockDim.x;
  ring[threadIdx.x] = static_cast<int>(threadIdx.x);
  for (int i = 0; i < count; ++i) {
    __syncthreads();
    const int neighbour = ring[next];
    __syncthreads();
    ring[threadIdx.x] = neighbour;
  }
  values[blockIdx.x * blockDim.x + threadIdx.x] = ring[threadIdx.x];
}

TEST_CASE("barriers: all threads meet, again and again") {
  for (const unsigned threads : {1u, 2u, 31u, 32u, 33u, 256u}) {
    CAPTURE(threads);
    simt::Array<int> values(3 * threads);
    simt::launch<rounds>({3, threads}, values.data(), 100);
    bool right = true;
    const std::vector<int> result = values.download();
    for (unsigned i = 0; i < result.size(); ++i) right &= result[i] == static_cast<int>((i % threads + 100) % threads);
    CHECK(right);
  }
}

__global__ void votes(int* counts, int* alls, int* anys, int bound) {
  const int predicate = static_cast<int>(threadIdx.x) < bound ? 7 : 0;
  counts[threadIdx.x] = __syncthreads_count(predicate);
  alls[threadIdx.x] = __syncthreads_and(predicate);
  anys[threadIdx.x] = __syncthreads_or(predicate);
}

TEST_CASE("barriers: count, and, or") {
  constexpr int threads = 40;
  for (const int bound : {0, 1, 39, 40}) {
    CAPTURE(bound);
    simt::Array<int> counts(threads), alls(threads), anys(threads);
    simt::launch<votes>({1, threads}, counts.data(), alls.data(), anys.data(), bound);
    CHECK(counts.download() == std::vector<int>(threads, bound));
    CHECK(alls.download() == std::vector<int>(threads, bound == threads));
    CHECK(anys.download() == std::vector<int>(threads, bound > 0));
  }
}

constexpr int first_line = __LINE__ + 3;
__global__ void divergent() {
  if (threadIdx.y == 0)  // NOLINT(bugprone-branch-clone): that is the point
    __syncthreads();
  else
    __syncthreads();
}

TEST_CASE("barriers: threads at different ones") {
  CHECK(launch_error<divergent>({2, {8, 4}}) ==
        "kernel divergent, block (0,0,0), thread (0,1,0): " + place(__FILE__, first_line + 2) +
            ": divergent barrier: the thread is at __syncthreads while others wait at __syncthreads " +
            place(__FILE__, first_line));
}

constexpr int return_line = __LINE__ + 3;
__global__ void early_return(int from) {
  if (static_cast<int>(threadIdx.x) >= from) return;
  __syncthreads_count(1);
}

TEST_CASE("barriers: threads that return before one") {
  const std::string head =
      "kernel early_return, block (0,0,0), thread (0,0,0): " + place(__FILE__, return_line) + ": __syncthreads_count: ";
  CHECK(launch_error<early_return>({2, 64}, 50) ==
        head + "14 of 64 threads returned without reaching it, the first of them thread (50,0,0)");
  CHECK(launch_error<early_return>({2, 64}, 1) ==
        head + "63 of 64 threads returned without reaching it, the first of them thread (1,0,0)");
  CHECK(launch_error<early_return>({2, 64}, 0) == "no error");
}

constexpr int deadlock_line = __LINE__ + 4;
__global__ void deadlock() {
  if (threadIdx.x == 40) return;
  if (threadIdx.x < 16) {
    __syncwarp();
  } else {
    __syncthreads();
  }
}

TEST_CASE("barriers: a deadlock lists who waits where") {
  const std::string barrier = "__syncthreads " + place(__FILE__, deadlock_line + 2);
  CHECK(launch_error<deadlock>({1, 64}) ==
        "kernel deadlock, block (0,0,0): deadlock: threads 0..15 wait at __syncwarp " + place(__FILE__, deadlock_line) +
            " for the lanes of 0xffffffff; threads 16..39 wait at " + barrier + "; threads 41..63 wait at " + barrier);
}

__global__ void only_thread_waits() {
  if (threadIdx.x == 1) __syncwarp(3);
  if (threadIdx.x == 0) __syncthreads();
}

TEST_CASE("barriers: one thread that waits is no range") {
  const std::string error = launch_error<only_thread_waits>({1, 2});
  CHECK(error.find("deadlock: thread 0 waits at __syncthreads ") != std::string::npos);
  CHECK(error.find("; thread 1 waits at __syncwarp ") != std::string::npos);
}

TEST_CASE("barriers: outside of a kernel") {
  CHECK(error_of([] { __syncthreads(); }) == "a device function was called outside of a kernel");
}

}  // namespace
