// Reads of what nobody has written.
#include "tests/kernels/simt/checker/planted.hpp"

namespace {

const simt::Launch one_warp{dim3(1), dim3(32)};

template <bool mended>
__global__ void one_element_unwritten(int* out) {
  SHARED(int, s, [32]);
  if (mended || threadIdx.x != 7) s[threadIdx.x] = 1;
  __syncthreads();
  out[threadIdx.x] = s[threadIdx.x];  // <1>
}
TEST_CASE("one element of shared memory is not written") {
  simt::Array<int> out(32);
  CHECK_PLANTED(
      one_element_unwritten,
      "one_element_unwritten, block (0,0,0), thread (7,0,0): <1>: uninitialised: this read of byte 28 of shared 's' "
      "(128 bytes) finds what nobody has written",
      one_warp, out.data());
}

template <bool mended>
__global__ void left_by_an_earlier_block(int* out) {
  SHARED(int, s, [1]);
  if (mended || blockIdx.x == 0) s[0] = 1;
  out[blockIdx.x] = s[0];  // <1>
}
TEST_CASE("shared memory as an earlier block left it") {
  simt::Array<int> out(2);
  CHECK_PLANTED(
      left_by_an_earlier_block,
      "left_by_an_earlier_block, block (1,0,0), thread (0,0,0): <1>: uninitialised: this read of byte 0 of shared 's' "
      "(4 bytes) finds what nobody has written",
      (simt::Launch{dim3(2), dim3(1)}), out.data());
}

template <bool mended>
__global__ void sum_into(int* sums, int* fresh) {
  int* const to = mended ? sums : fresh;
  to[threadIdx.x] += 1;  // <1>
}
TEST_CASE("a sum that begins with nothing") {
  simt::Array<int> sums = planted::counted(32);
  simt::Array<int> fresh(32);  // <fresh>
  CHECK_PLANTED(
      sum_into,
      "sum_into, block (0,0,0), thread (0,0,0): <1>: uninitialised: this read of byte 0 of the array of 128 bytes made "
      "at <fresh> finds what nobody has written",
      one_warp, sums.data(), fresh.data());
}

template <bool mended>
__global__ void hinted_load(const int* in, const int* fresh, int* out) {
  out[threadIdx.x] = __ldg(&(mended ? in : fresh)[threadIdx.x]);  // <1>
}
TEST_CASE("__ldg of what nobody has written") {
  simt::Array<int> in = planted::counted(32), out(32);
  simt::Array<int> fresh(32);  // <fresh>
  CHECK_PLANTED(
      hinted_load,
      "hinted_load, block (0,0,0), thread (0,0,0): <1>: uninitialised: this read of byte 0 of the array of 128 bytes "
      "made at <fresh> finds what nobody has written",
      one_warp, in.data(), fresh.data(), out.data());
}

template <bool mended>
__global__ void half_a_word(unsigned short* out) {
  SHARED(unsigned short, s, [2]);
  s[0] = 1;
  if (mended) s[1] = 2;
  *out = s[1];  // <1>
}
TEST_CASE("half of a word is written") {
  simt::Array<unsigned short> out(1);
  CHECK_PLANTED(
      half_a_word,
      "half_a_word, block (0,0,0), thread (0,0,0): <1>: uninitialised: this read of byte 2 of shared 's' (4 bytes) "
      "finds what nobody has written",
      (simt::Launch{dim3(1), dim3(1)}), out.data());
}

template <bool mended>
__global__ void volatile_flag(int* out) {
  SHARED(int, s, [1]);
  volatile int* const flag = s;
  if (mended) *flag = 1;
  *out = *flag;  // <1>
}
TEST_CASE("a volatile variable is not written") {
  simt::Array<int> out(1);
  CHECK_PLANTED(
      volatile_flag,
      "volatile_flag, block (0,0,0), thread (0,0,0): <1>: uninitialised: this read of byte 0 of shared 's' (4 bytes) "
      "finds what nobody has written",
      (simt::Launch{dim3(1), dim3(1)}), out.data());
}

// The compilers do not instrument every write: not those within the C library, and g++ not that of a struct that a function
// returns. A value tells that somebody wrote it.
__attribute__((noinline)) float4 four(float x) { return make_float4(x, x, x, x); }

__global__ void unseen_writes(float4* fours, float* sines, float* cosines) {
  fours[threadIdx.x] = four(1);
  sincosf(0, &sines[threadIdx.x], &cosines[threadIdx.x]);
  fours[threadIdx.x].x += sines[threadIdx.x] + cosines[threadIdx.x];
}
TEST_CASE("writes that no compiler instruments") {
  simt::Array<float4> fours(32);
  simt::Array<float> sines(32), cosines(32);
  CHECK(planted::error_of([&] { simt::launch<unseen_writes>(one_warp, fours.data(), sines.data(), cosines.data()); }) ==
        "");
  CHECK(fours.download()[31].x == 2);
}

}  // namespace
