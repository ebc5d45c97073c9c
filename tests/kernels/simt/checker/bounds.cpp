// Memory that is not there: out of bounds, freed, of the host.
#include <cstring>

#include "tests/kernels/simt/checker/planted.hpp"

namespace {

const simt::Launch one_warp{dim3(1), dim3(32)};

template <bool mended>
__global__ void shared_overrun(int* out) {
  SHARED(int, before, [32]);
  SHARED(int, s, [32]);
  before[threadIdx.x] = 0;
  s[threadIdx.x + (mended ? 0 : 1)] = 1;  // <1>
  out[threadIdx.x] = before[threadIdx.x];
}
TEST_CASE("a write behind a shared array") {
  simt::Array<int> out(32);
  CHECK_PLANTED(
      shared_overrun,
      "shared_overrun, block (0,0,0), thread (31,0,0): <1>: out of bounds: this write reaches byte 128 of shared 's' "
      "(128 bytes)",
      one_warp, out.data());
}

template <bool mended>
__global__ void shared_underrun(int* out) {
  SHARED(float, s, [32]);
  s[threadIdx.x] = 1;
  out[threadIdx.x] = static_cast<int>(s[static_cast<int>(threadIdx.x) - (mended ? 0 : 1)]);  // <1>
}
TEST_CASE("a read before a shared array") {
  simt::Array<int> out(32);
  CHECK_PLANTED(
      shared_underrun,
      "shared_underrun, block (0,0,0), thread (0,0,0): <1>: out of bounds: this read reaches byte -4 of shared 's' "
      "(128 bytes)",
      one_warp, out.data());
}

template <bool mended>
__global__ void dynamic_overrun(float* out) {
  SHARED_DYNAMIC(float, row);
  row[threadIdx.x + (mended ? 0 : 4)] = 1;  // <1>
  out[threadIdx.x] = row[threadIdx.x];
}
TEST_CASE("a write behind the dynamic shared memory") {
  simt::Array<float> out(4);
  CHECK_PLANTED(
      dynamic_overrun,
      "dynamic_overrun, block (0,0,0), thread (0,0,0): <1>: out of bounds: this write reaches byte 16 of shared 'row' "
      "(16 bytes)",
      (simt::Launch{dim3(1), dim3(4), 16}), out.data());
}

template <bool mended>
__global__ void global_overrun(const short* in, short* out, int n) {
  const int i = static_cast<int>(threadIdx.x);
  if (mended ? i < n : i <= n) out[i] = in[i];  // <1>
}
TEST_CASE("a read behind an array of device memory") {
  simt::Array<short> in = planted::counted<short>(31), out(32);
  const std::string text =
      planted::error_of([&] { simt::launch<global_overrun<false>>(one_warp, in.data(), out.data(), 31); });
  CHECK(text.find(planted::message(__FILE__,
                                   "global_overrun, block (0,0,0), thread (31,0,0): <1>: out of bounds: this read "
                                   "reaches byte 62 of the array of 62 bytes made at planted.hpp:")) == 0);
  CHECK(planted::error_of([&] { simt::launch<global_overrun<true>>(one_warp, in.data(), out.data(), 31); }) == "");
}

template <bool mended>
__global__ void vector_overrun(const float* in, float4* out) {
  out[threadIdx.x] = *reinterpret_cast<const float4*>(in + 4 * threadIdx.x);  // <1>
}
TEST_CASE("a read of four elements where there are three") {
  simt::Array<float> in = planted::counted<float>(7), whole = planted::counted<float>(8);
  simt::Array<float4> out(2);
  const simt::Launch two{dim3(1), dim3(2)};
  const std::string text = planted::error_of([&] { simt::launch<vector_overrun<false>>(two, in.data(), out.data()); });
  CHECK(text.find(planted::message(__FILE__,
                                   "vector_overrun, block (0,0,0), thread (1,0,0): <1>: out of bounds: this read "
                                   "reaches byte 28 of the array of 28 bytes made at ")) == 0);
  CHECK(planted::error_of([&] { simt::launch<vector_overrun<true>>(two, whole.data(), out.data()); }) == "");
}

template <bool mended>
__global__ void copied_overrun(int* out) {
  SHARED(int, s, [32]);
  if (threadIdx.x != 0) return;
  std::memset(s, 0, sizeof s);
  std::memcpy(out, s, mended ? 128 : 132);  // <1>
}
TEST_CASE("a memcpy of too much") {
  simt::Array<int> out(33);
  CHECK_PLANTED(
      copied_overrun,
      "copied_overrun, block (0,0,0), thread (0,0,0): <1>: out of bounds: this read reaches byte 128 of shared 's' "
      "(128 bytes)",
      one_warp, out.data());
}

template <bool mended>
__global__ void read_pointer(const int* in, int* out) {
  *out = *in;  // <1>
}
const simt::Launch one_thread{dim3(1), dim3(1)};

TEST_CASE("memory that has been freed") {
  simt::Array<int> out(1);
  const int* freed;
  {
    simt::Array<int> in(1);
    freed = in.data();
    in.upload(std::vector<int>{1});
    CHECK(planted::error_of([&] { simt::launch<read_pointer<true>>(one_thread, in.data(), out.data()); }) == "");
  }
  const simt::Array<int> next(1);  // is not where the other was
  const std::string text = planted::error_of([&] { simt::launch<read_pointer<false>>(one_thread, freed, out.data()); });
  CHECK(text.find(planted::message(__FILE__,
                                   "read_pointer, block (0,0,0), thread (0,0,0): <1>: use after free: this read "
                                   "reaches byte 0 of the array of 4 bytes made at bounds.cpp:")) == 0);
}

TEST_CASE("pointers of the host") {
  simt::Array<int> out(1);
  const std::vector<int> heap{1};
  const int local = 1;
  const std::string text = planted::message(
      __FILE__,
      "read_pointer, block (0,0,0), thread (0,0,0): <1>: host memory: this read is neither of shared memory nor of a "
      "simt::Array, nor of the thread's own variables");
  for (const int* in : {heap.data(), &local}) {
    CHECK(planted::error_of([&] { simt::launch<read_pointer<false>>(one_thread, in, out.data()); }) == text);
  }
}

TEST_CASE("a null pointer") {
  simt::Array<int> out(1);
  CHECK(planted::error_of([&] {
          simt::launch<read_pointer<false>>(one_thread, static_cast<const int*>(nullptr), out.data());
        }) == planted::message(__FILE__,
                               "read_pointer, block (0,0,0), thread (0,0,0): <1>: null pointer: this read is at "
                               "address 0"));
}

}  // namespace
