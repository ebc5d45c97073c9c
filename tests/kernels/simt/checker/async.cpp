// cp.async: data that is read, or written over, at the wrong moment.
#include "tests/kernels/simt/checker/planted.hpp"

namespace {

const simt::Launch one_warp{dim3(1), dim3(32)}, two_warps{dim3(1), dim3(64)};

template <bool mended>
__global__ void missing_wait(const int* in, int* out) {
  SHARED(int, s, [32]);
  simt::cp_async<4>(&s[threadIdx.x], &in[threadIdx.x]);  // <1>
  simt::cp_async_commit();
  if (mended) simt::cp_async_wait<0>();
  out[threadIdx.x] = s[threadIdx.x];  // <2>
  simt::cp_async_wait<0>();
}
TEST_CASE("cp.async data is read before the wait") {
  simt::Array<int> in = planted::counted(32), out(32);
  CHECK_PLANTED(missing_wait,
                "missing_wait, block (0,0,0), thread (0,0,0): <2>: this read of byte 0 of shared 's' (128 bytes) comes "
                "before the "
                "wait for the cp.async at <1> by thread (0,0,0)",
                one_warp, in.data(), out.data());
}

template <bool mended>
__global__ void wait_without_barrier(const int* in, int* out) {
  SHARED(int, s, [64]);
  simt::cp_async<4>(&s[threadIdx.x], &in[threadIdx.x]);  // <1>
  simt::cp_async_commit();
  simt::cp_async_wait<0>();
  if (mended) __syncthreads();
  out[threadIdx.x] = s[threadIdx.x % 32];  // <2>
}
TEST_CASE("cp.async data of other threads is read after one's own wait") {
  simt::Array<int> in = planted::counted(64), out(64);
  CHECK_PLANTED(
      wait_without_barrier,
      "wait_without_barrier, block (0,0,0), thread (32,0,0): <2>: race on byte 0 of shared 's' (256 bytes): this read "
      "and the write at <1> by thread (0,0,0) have no __syncthreads between them",
      two_warps, in.data(), out.data());
}

template <bool mended>
__global__ void copy_over_what_is_read(const int* in, int* out) {
  SHARED(int, s, [64]);
  int sum = 0;
  for (int round = 0; round < 2; ++round) {
    simt::cp_async<4>(&s[threadIdx.x], &in[threadIdx.x]);  // <1>
    simt::cp_async_commit();
    simt::cp_async_wait<0>();
    __syncthreads();
    sum += s[63 - threadIdx.x];  // <2>
    if (mended) __syncthreads();
  }
  out[threadIdx.x] = sum;
}
TEST_CASE("cp.async into what other threads still read") {
  simt::Array<int> in = planted::counted(64), out(64);
  CHECK_PLANTED(
      copy_over_what_is_read,
      "copy_over_what_is_read, block (0,0,0), thread (32,0,0): <2>: race on byte 124 of shared 's' (256 bytes): this "
      "read and the write at <1> by thread (31,0,0) have no __syncthreads between them",
      two_warps, in.data(), out.data());
}

template <bool mended>
__global__ void issue_over_what_is_read(const int* in, int* out) {
  SHARED(int, s, [64]);
  s[threadIdx.x] = 1;
  __syncthreads();
  if (threadIdx.x < 32) out[threadIdx.x] = s[63 - threadIdx.x];  // <1>
  if (mended) __syncthreads();
  simt::cp_async<4>(&s[threadIdx.x], &in[threadIdx.x]);  // <2>
  simt::cp_async_wait_all();
}
TEST_CASE("cp.async is issued over what another thread has read") {
  simt::Array<int> in = planted::counted(64), out(64);
  CHECK_PLANTED(
      issue_over_what_is_read,
      "issue_over_what_is_read, block (0,0,0), thread (32,0,0): <2>: race on byte 128 of shared 's' (256 bytes): this "
      "write and the read at <1> by thread (31,0,0) have no __syncthreads between them",
      two_warps, in.data(), out.data());
}

template <bool mended>
__global__ void copy_beyond_the_end(const int* in, int* out) {
  SHARED(int, s, [32]);
  simt::cp_async<16>(&s[threadIdx.x * 4], &in[threadIdx.x * 4]);  // <1>
  simt::cp_async_wait_all();
  __syncwarp();
  out[threadIdx.x] = s[threadIdx.x];
}
TEST_CASE("cp.async from behind an array") {
  simt::Array<int> whole = planted::counted(32), out(32);
  simt::Array<int> in = planted::counted(31);
  const simt::Launch eight{dim3(1), dim3(8)};
  const std::string text =
      planted::error_of([&] { simt::launch<copy_beyond_the_end<false>>(eight, in.data(), out.data()); });
  CHECK(text.find(planted::message(__FILE__,
                                   "copy_beyond_the_end, block (0,0,0), thread (7,0,0): <1>: out of bounds: this read "
                                   "reaches byte 124 of the array of 124 bytes made at ")) == 0);
  CHECK(planted::error_of([&] { simt::launch<copy_beyond_the_end<true>>(eight, whole.data(), out.data()); }) == "");
}

}  // namespace
