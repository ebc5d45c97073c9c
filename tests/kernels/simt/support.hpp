// What the tests of the simulator share.
#pragma once

#include <doctest/doctest.h>

#include <numeric>
#include <simt.hpp>
#include <string>
#include <utility>
#include <vector>

namespace simt_testing {

/// Settings for the length of a scope.
class Settings {
 public:
  Settings() = default;
  ~Settings() { simt::options() = before_; }
  Settings(const Settings&) = delete;
  Settings& operator=(const Settings&) = delete;
  simt::Options* operator->() { return &simt::options(); }

 private:
  simt::Options before_ = simt::options();
};

inline __global__ void reverse_block(int* values) {
  SHARED(int, tile, [64]);
  tile[threadIdx.x] = values[threadIdx.x];
  __syncthreads();
  values[threadIdx.x] = tile[63 - threadIdx.x];
}

/// Whether a kernel with a barrier does what it should.
inline bool works() {
  std::vector<int> values(64), reversed(64);
  std::iota(values.begin(), values.end(), 0);
  std::iota(reversed.rbegin(), reversed.rend(), 0);
  simt::Array<int> device(64);
  device.upload(values);
  simt::launch<reverse_block>({1, 64}, device.data());
  return device.download() == reversed;
}

/// What the action's error says; "no error" if there is none. Kernels must run as before, after it.
template <class Action>
std::string error_of(const Action& action) {
  std::string text = "no error";
  try {
    action();
  } catch (const simt::Error& error) {
    text = error.what();
  }
  CHECK(works());
  return text;
}

template <auto kernel, class... Arguments>
std::string launch_error(const simt::Launch& extent, const Arguments&... arguments) {
  return error_of([&] { simt::launch<kernel>(extent, arguments...); });
}

/// "errors.cpp:12", from __FILE__ and a line.
inline std::string place(const char* file, int line) {
  const std::string path = file;
  return path.substr(path.rfind('/') + 1) + ":" + std::to_string(line);
}

}  // namespace simt_testing
