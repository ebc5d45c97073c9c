// The pool: what it hands out, keeps, and lets go.
#include "kernels/base/memory.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <thread>

#include "tests/support/error_text.hpp"

namespace {

using wengert::allocate;
using wengert::pool_limit;
using wengert::pooled_bytes;
using wengert::release;

/// Not under the sanitizers, where each block is a plain malloc.
bool pools() {
  release(allocate(64), 64);
  return pooled_bytes() > 0;
}

TEST_CASE("memory: blocks are 64-byte aligned and writable throughout") {
  for (std::size_t bytes = 0; bytes < 3000000; bytes = bytes * 5 / 4 + 1) {
    void* const block = allocate(bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(block) % 64 == 0);
    std::memset(block, 1, bytes);
    release(block, bytes);
  }
}

TEST_CASE("memory: a released block is handed out again, to sizes near its own only") {
  if (!pools()) return;
  void* const first = allocate(1000);
  release(first, 1000);
  void* const larger = allocate(2000);
  CHECK(larger != first);
  void* const again = allocate(1000);
  CHECK(again == first);
  release(again, 1000);
  release(larger, 2000);
}

TEST_CASE("memory: the slack of a pooled block is less than 64 bytes or at most a fifth of it") {
  if (!pools()) return;
  for (std::size_t bytes = 64; bytes < 1000000; bytes = bytes * 9 / 8 + 1) {
    void* const block = allocate(bytes);
    const std::size_t before = pooled_bytes();
    release(block, bytes);
    const std::size_t kept = pooled_bytes() - before;
    CHECK(kept >= bytes);
    CHECK((kept - bytes < 64 || kept * 4 <= bytes * 5));
  }
}

TEST_CASE("memory: the pool keeps no more than its limit, and no huge block") {
  constexpr std::size_t megabyte = std::size_t{1} << 20;
  const std::size_t before = pooled_bytes();
  release(allocate(8 * megabyte), 8 * megabyte);
  CHECK(pooled_bytes() == before);

  std::vector<void*> blocks;
  for (std::size_t i = 0; i < pool_limit / megabyte + 10; ++i) blocks.push_back(allocate(megabyte));
  for (void* const block : blocks) {
    release(block, megabyte);
    CHECK(pooled_bytes() <= pool_limit);
  }
  if (pools()) CHECK(pooled_bytes() > pool_limit / 2);
}

TEST_CASE("memory: blocks may go back on other threads, which keep them for themselves") {
  void* const block = allocate(500);
  const std::size_t here = pooled_bytes();
  std::size_t there = 0;
  std::thread([&] {
    release(block, 500);
    there = pooled_bytes();
  }).join();
  CHECK(pooled_bytes() == here);
  if (pools()) CHECK(there >= 500);
}

TEST_CASE("memory: releasing nothing is nothing") {
  const std::size_t before = pooled_bytes();
  release(nullptr, 100);
  CHECK(pooled_bytes() == before);
}

TEST_CASE("memory: more than there is is an error that says how much") {
  if (!pools()) return;                               // the sanitizers end the program themselves
  volatile std::size_t bytes = std::size_t{1} << 60;  // volatile, or the compiler warns of the size
  CHECK(wengert::testing::error_of([&] { allocate(bytes); }) ==
        "out of memory: 1152921504606846976 bytes were asked for");
}

TEST_CASE("memory: vectors grow on the pool") {
  wengert::PoolVector<double> numbers;
  for (int i = 0; i < 10000; ++i) numbers.push_back(i);
  CHECK(numbers[9999] == 9999);
  const auto copy = numbers;
  CHECK(copy == numbers);
}

}  // namespace
