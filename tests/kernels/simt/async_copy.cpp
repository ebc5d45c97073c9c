// cp.async: copied at the wait, and not a moment earlier.
#include <doctest/doctest.h>

#include <cmath>
#include <simt.hpp>
#include <string>
#include <vector>

#include "tests/kernels/simt/support.hpp"

namespace {

using simt_testing::error_of;

const simt::Launch one_thread{dim3(1), dim3(1)};

simt::Array<float> on_device(const std::vector<float>& values) {
  simt::Array<float> array(values.size());
  array.upload(values);
  return array;
}

__global__ void two_groups(const float* in, float* out) {
  SHARED(float, s, [8]);
  simt::cp_async<16>(&s[0], &in[0]);
  simt::cp_async_commit();
  simt::cp_async<8>(&s[4], &in[4]);
  simt::cp_async<4>(&s[6], &in[6]);
  simt::cp_async<4>(&s[7], &in[7]);
  simt::cp_async_commit();
  float* row = out;
  for (int i = 0; i < 8; ++i) row[i] = s[i];
  simt::cp_async_wait<1>();
  row += 8;
  for (int i = 0; i < 8; ++i) row[i] = s[i];
  simt::cp_async_wait<0>();
  row += 8;
  for (int i = 0; i < 8; ++i) row[i] = s[i];
}

TEST_CASE("cp.async: what was copied is there after the wait for its group, and NaN before") {
  simt::Array<float> in = on_device({1, 2, 3, 4, 5, 6, 7, 8}), out(24);
  simt::launch<two_groups>(one_thread, in.data(), out.data());
  const std::vector<float> seen = out.download();
  for (int i = 0; i < 8; ++i) {
    CAPTURE(i);
    CHECK(std::isnan(seen[i]));
    CHECK(std::isnan(seen[8 + i]) == (i >= 4));
    if (i < 4) CHECK(seen[8 + i] == 1 + i);
    CHECK(seen[16 + i] == 1 + i);
  }
}

__global__ void with_zeros(const float* in, float* out) {
  SHARED(float, s, [8]);
  simt::cp_async<16>(&s[0], in, 8);
  simt::cp_async<16>(&s[4], nullptr, 0);
  simt::cp_async_wait_all();
  for (int i = 0; i < 8; ++i) out[i] = s[i];
}

TEST_CASE("cp.async: what is not read becomes zeros") {
  simt::Array<float> in = on_device({1, 2}), out(8);
  simt::launch<with_zeros>(one_thread, in.data(), out.data());
  CHECK(out.download() == std::vector<float>{1, 2, 0, 0, 0, 0, 0, 0});
}

__global__ void empty_group(const float* in, float* out) {
  SHARED(float, s, [1]);
  simt::cp_async<4>(s, in);
  simt::cp_async_commit();
  simt::cp_async_commit();
  simt::cp_async_wait<1>();
  *out = s[0];
}

TEST_CASE("cp.async: an empty group counts") {
  simt::Array<float> in = on_device({7}), out(1);
  simt::launch<empty_group>(one_thread, in.data(), out.data());
  CHECK(out.download()[0] == 7);
}

__global__ void odd_destination(const float* in) {
  SHARED(float, s, [8]);
  simt::cp_async<16>(&s[1], in);
}
__global__ void odd_source(const float* in) {
  SHARED(float, s, [8]);
  simt::cp_async<16>(&s[0], in + 2);
}
__global__ void too_much(const float* in) {
  SHARED(float, s, [8]);
  simt::cp_async<16>(&s[0], in, 20);
}
__global__ void unwaited(const float* in) {
  SHARED(float, s, [64]);
  simt::cp_async<4>(&s[threadIdx.x], &in[threadIdx.x]);
  simt::cp_async_commit();
  if (threadIdx.x != 3) simt::cp_async_wait<0>();
}

TEST_CASE("cp.async: errors") {
  simt::Array<float> in = on_device(std::vector<float>(64, 1));
  CHECK(error_of([&] {
          simt::launch<odd_destination>(one_thread, in.data());
        }).find("cp.async of 16 bytes to an address that is no multiple of 16") != std::string::npos);
  CHECK(error_of([&] {
          simt::launch<odd_source>(one_thread, in.data());
        }).find("cp.async of 16 bytes from an address that is no multiple of 16") != std::string::npos);
  CHECK(error_of([&] { simt::launch<too_much>(one_thread, in.data()); }).find("cp.async of 16 bytes that reads 20") !=
        std::string::npos);
  const std::string left = error_of([&] { simt::launch<unwaited>({dim3(1), dim3(64)}, in.data()); });
  CHECK(left.find("kernel unwaited, block (0,0,0), thread (3,0,0): async_copy.cpp:") == 0);
  CHECK(left.find("returned before this copy had arrived") != std::string::npos);
}

}  // namespace
