// SHARED and SHARED_DYNAMIC.
#include <cmath>
#include <cstdint>

#include "tests/kernels/simt/support.hpp"

namespace {

using simt_testing::launch_error;
using simt_testing::place;

template <int size>
__global__ void variables(std::uintptr_t* out) {
  SHARED(float, matrix, [3][size]);
  SHARED(double, number, );
  SHARED_DYNAMIC(float4, row);
  static_assert(sizeof matrix == 12 * size && sizeof number == 8);
  __syncthreads();
  out[3 * threadIdx.x] = reinterpret_cast<std::uintptr_t>(&matrix);
  out[3 * threadIdx.x + 1] = reinterpret_cast<std::uintptr_t>(&number);
  out[3 * threadIdx.x + 2] = reinterpret_cast<std::uintptr_t>(row);
}

TEST_CASE("shared memory: a block's threads share each variable, and variables share nothing") {
  simt::Array<std::uintptr_t> out(3 * 40);
  simt::launch<variables<5>>({2, 40, 64}, out.data());
  const std::vector<std::uintptr_t> at = out.download();
  bool same = true;
  for (std::size_t i = 3; i < at.size(); ++i) same &= at[i] == at[i - 3];
  CHECK(same);
  CHECK(at[1] >= at[0] + 60);
  CHECK(at[2] >= at[1] + 8);
  CHECK((at[1] % 8 == 0 && at[2] % 16 == 0));
}

__global__ void untouched(int* nans, const float* fresh) {
  SHARED(float, tile, [37]);
  SHARED(double, number, );
  SHARED_DYNAMIC(float, row);
  int count = std::isnan(number) + std::isnan(fresh[threadIdx.x]);
  for (const float each : tile) count += std::isnan(each);
  for (int i = 0; i < 5; ++i) count += std::isnan(row[i]);
  nans[blockIdx.x * blockDim.x + threadIdx.x] = count;
  __syncthreads();
  tile[threadIdx.x] = row[threadIdx.x] = 1;
  number = 1;
}

#ifndef SIMT_CHECKED
TEST_CASE("shared memory: it begins as NaNs in every block, and so does device memory") {
  simt::Array<int> nans(12);
  const simt::Array<float> fresh(4);
  simt::launch<untouched>({3, 4, 20}, nans.data(), fresh.data());
  CHECK(nans.download() == std::vector<int>(12, 44));
}
#endif

__global__ void aliases(int* out) {
  SHARED_DYNAMIC(float, floats);
  SHARED_DYNAMIC(int, words);
  floats[0] = 1.0f;
  out[0] = words[0];
}

TEST_CASE("shared memory: every SHARED_DYNAMIC names the same memory") {
  simt::Array<int> out(1);
  simt::launch<aliases>({1, 1, 4}, out.data());
  CHECK(out.download() == std::vector<int>{0x3f800000});
}

constexpr int static_line = __LINE__ + 3;
__global__ void too_much() {
  SHARED(char, half, [30 * 1024]);
  SHARED(char, rest, [20 * 1024]);
  half[0] = rest[0];
}

TEST_CASE("shared memory: more static memory than a block has") {
  CHECK(launch_error<too_much>({1, 1}) ==
        "kernel too_much, block (0,0,0), thread (0,0,0): " + place(__FILE__, static_line) +
            ": 'rest' makes 51200 bytes of static shared memory, and a block has at most 49152: take SHARED_DYNAMIC");
}

constexpr int sum_line = __LINE__ + 2;
__global__ void too_much_in_all() {
  SHARED(float, tile, [256]);
  tile[0] = 0;
}

TEST_CASE("shared memory: more static and dynamic memory than a block has") {
  constexpr std::size_t most = 227 * 1024;
  CHECK(launch_error<too_much_in_all>({1, 1, most - 1024}) == "no error");
  CHECK(launch_error<too_much_in_all>({1, 1, most - 1020}) ==
        "kernel too_much_in_all, block (0,0,0), thread (0,0,0): " + place(__FILE__, sum_line) +
            ": 'tile' makes 232452 bytes of shared memory, 231428 of them dynamic, and a block has at most 232448");
}

__global__ void takes_dynamic(float* out) {
  SHARED_DYNAMIC(float, row);
  row[0] = 1;
  *out = row[0];
}

TEST_CASE("shared memory: a device with less of it") {
  simt_testing::Settings settings;
  simt::Array<float> out(1);
  for (const int most : {16384, 49152, 101376, 232448}) {
    settings->shared_bytes = most;
    const auto bytes = static_cast<std::size_t>(most);
    CHECK(launch_error<takes_dynamic>({1, 1, bytes}, out.data()) == "no error");
    CHECK(launch_error<takes_dynamic>({1, 1, bytes + 1}, out.data()) ==
          "kernel takes_dynamic: " + std::to_string(most + 1) +
              " bytes of dynamic shared memory: a device has at most " + std::to_string(most) + " for a block");
    CHECK(launch_error<too_much_in_all>({1, 1, bytes - 1024}) == "no error");
    CHECK(launch_error<too_much_in_all>({1, 1, bytes - 1023}).find("makes " + std::to_string(most + 1) + " bytes") !=
          std::string::npos);
  }
  settings->shared_bytes = 40 * 1024;
  CHECK(launch_error<too_much>({1, 1}).find("'rest' makes 51200 bytes") != std::string::npos);
}

}  // namespace
