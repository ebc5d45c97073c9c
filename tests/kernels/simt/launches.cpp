// Launches: indices, arguments, limits, and the order in which things happen.
#include <array>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <thread>

#include "tests/kernels/simt/support.hpp"
#include "tests/support/forked.hpp"

namespace {

using simt_testing::launch_error;
using wengert::testing::child_ends;

__global__ void indices(unsigned* out) {
  const unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  const unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  out[block * blockDim.x * blockDim.y * blockDim.z + thread] += 1;
}

TEST_CASE("launches: every thread of every block runs once") {
  const dim3 grid(3, 2, 2), block(5, 3, 2);
  simt::Array<unsigned> out(12 * 30);
  out.upload(std::vector<unsigned>(12 * 30, 0));
  simt::launch<indices>({grid, block}, out.data());
  CHECK(out.download() == std::vector<unsigned>(12 * 30, 1));
  CHECK(threadIdx.x + blockIdx.x + blockDim.x + gridDim.x == 0);
}

struct Shape {
  int rows, columns;
};
template <int factor>
__global__ void arguments(double* out, Shape shape, float number, const double* in) {
  number += static_cast<float>(threadIdx.x);  // a thread's own copy
  out[threadIdx.x] = factor * double{number} + shape.rows * shape.columns + in[0];
}

TEST_CASE("launches: arguments are converted as in a call, and each thread has its own") {
  simt::Array<double> in(1), out(4);
  in.upload(std::vector<double>{0.5});
  simt::launch<arguments<10>>({1, 4}, out.data(), Shape{2, 3}, 1, in.data());
  CHECK(out.download() == std::vector<double>{16.5, 26.5, 36.5, 46.5});
}

__global__ void add(int* value, int summand) { *value = *value * 10 + summand; }

TEST_CASE("launches: launches and copies happen in the order of the program") {
  simt::Array<int> value(1);
  value.upload(std::vector<int>{1});
  simt::launch<add>({1, 1}, value.data(), 2);
  simt::launch<add>({1, 1}, value.data(), 3);
  CHECK(value.download() == std::vector<int>{123});
  value.upload(std::vector<int>{4});
  simt::launch<add>({1, 1}, value.data(), 5);
  CHECK(value.download() == std::vector<int>{45});
}

TEST_CASE("launches: from several host threads, one after another") {
  simt::Array<int> value(1);
  value.upload(std::vector<int>{0});
  const auto launch_often = [] {
    for (int round = 0; round < 50; ++round) CHECK(simt_testing::works());
  };
  std::array<std::thread, 4> callers;
  for (std::thread& caller : callers) caller = std::thread(launch_often);
  for (std::thread& caller : callers) caller.join();
}

TEST_CASE("launches: a child of fork launches, and ends") {
  simt_testing::Settings settings;
  for (const int workers : {1, 2}) {
    settings->workers = workers;
    simt::Array<int> value(1);
    value.upload(std::vector<int>{1});
    simt::launch<add>({1, 1}, value.data(), 2);
    CHECK(child_ends([] { return true; }));
    CHECK(child_ends([&] {  // the parent's array, as it was
      simt::launch<add>({1, 1}, value.data(), 3);
      return simt_testing::works() && value.download() == std::vector<int>{123};
    }));
    CHECK(child_ends([] { return child_ends(simt_testing::works) && simt_testing::works(); }));
    CHECK(value.download() == std::vector<int>{12});
  }
}

TEST_CASE("launches: children of a process that launches on another thread") {
  std::atomic<bool> stop{false};
  std::thread launching([&] {
    while (!stop) simt_testing::works();
  });
  for (int i = 0; i < 50; ++i) CHECK(child_ends(simt_testing::works));
  stop = true;
  launching.join();
}

TEST_CASE("launches: workers that the system does not start leave their blocks to the others") {
  simt_testing::Settings settings;
  settings->workers = 16;
  const auto run = [] {
    constexpr unsigned blocks = 1000;
    simt::Array<unsigned> out(blocks);
    out.upload(std::vector<unsigned>(blocks, 0));
    simt::launch<indices>({blocks, 1}, out.data());
    return out.download() == std::vector<unsigned>(blocks, 1);
  };
  CHECK(child_ends([&] {
    const bool before = run();
    wengert::testing::limit_memory(std::size_t{4} << 20);
    return before && run() && run();
  }));
}

__global__ void nothing() {}

TEST_CASE("launches: the limits of a device") {
  const auto error = [](simt::Launch extent) { return launch_error<nothing>(extent); };
  CHECK(error({1, 1024}) == "no error");
  CHECK(error({1, {1, 16, 64}}) == "no error");
  CHECK(error({{1, 65535, 1}, 1}) == "no error");
  CHECK(error({1, 1, 227 * 1024}) == "no error");

  const std::string threads = " threads: a device takes at most 1024, and (1024,1024,64) along the axes";
  CHECK(error({1, 1025}) == "kernel nothing: a block of (1025,1,1)" + threads);
  CHECK(error({1, {33, 32}}) == "kernel nothing: a block of (33,32,1)" + threads);
  CHECK(error({1, {1, 1, 65}}) == "kernel nothing: a block of (1,1,65)" + threads);
  CHECK(error({1, {65536, 65536, 2}}) == "kernel nothing: a block of (65536,65536,2)" + threads);
  const std::string blocks = " blocks: a device takes at most (2147483647,65535,65535)";
  CHECK(error({{1u << 31, 1}, 1}) == "kernel nothing: a grid of (2147483648,1,1)" + blocks);
  CHECK(error({{1, 65536}, 1}) == "kernel nothing: a grid of (1,65536,1)" + blocks);
  CHECK(error({{1, 1, 65536}, 1}) == "kernel nothing: a grid of (1,1,65536)" + blocks);
  CHECK(error({0, 32}) == "kernel nothing: a grid of (0,1,1) blocks of (32,1,1) threads has none");
  CHECK(error({1, {1, 0}}) == "kernel nothing: a grid of (1,1,1) blocks of (1,0,1) threads has none");
  CHECK(error({1, 1, 227 * 1024 + 1}) ==
        "kernel nothing: 232449 bytes of dynamic shared memory: a device has at most 232448 for a block");
}

__global__ void throwing(int kind) {
  if (threadIdx.x != 3) return;
  if (kind == 0) throw std::runtime_error("no such thing");
  throw kind;
}

TEST_CASE("launches: a kernel that throws") {
  const std::string head = "kernel throwing, block (0,0,0), thread (3,0,0): the kernel threw";
  CHECK(launch_error<throwing>({1, 32}, 0) == head + ": no such thing");
  CHECK(launch_error<throwing>({1, 32}, 1) == head);
}

__global__ void launching() { simt::launch<nothing>({1, 1}); }

TEST_CASE("launches: a kernel that launches a kernel") {
  CHECK(launch_error<launching>({1, 1}) ==
        "kernel launching, block (0,0,0), thread (0,0,0): a kernel that launches a kernel is not emulated");
}

__global__ void fails_in_block_two(int* out) {
  out[blockIdx.x] = 1;
  if (blockIdx.x >= 2) __trap();
}

TEST_CASE("launches: no block begins after an error, and what was written stays") {
  simt_testing::Settings settings;
  settings->workers = 1;
  simt::Array<int> out(5);
  out.upload(std::vector<int>(5, 0));
  const std::string error = launch_error<fails_in_block_two>({5, 1}, out.data());
  CHECK(error.substr(0, 46) == "kernel fails_in_block_two, block (2,0,0), thre");
  CHECK(out.download() == std::vector<int>{1, 1, 1, 0, 0});
}

}  // namespace
