// The order of threads and blocks, and workers.
#include <unistd.h>

#include <algorithm>
#include <set>

#include "kernels/simt/runtime/permutation.hpp"
#include "tests/kernels/simt/support.hpp"

namespace {

using simt::Order;
using simt_testing::Settings;

// In which turn each thread came, and came again after the barrier.
__global__ void turns(unsigned* counter, unsigned* first, unsigned* second) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  first[i] = atomicAdd(counter, 1u);
  __syncthreads();
  second[i] = atomicAdd(counter, 1u);
}

// Threads in the order in which they came.
struct Turns {
  std::vector<unsigned> first, second;
  bool operator==(const Turns&) const = default;
};
Turns turns_of(Order order, std::uint64_t seed, unsigned blocks, unsigned threads) {
  Settings settings;
  settings->order = order;
  settings->seed = seed;
  settings->workers = 1;
  simt::Array<unsigned> counter(1), first(blocks * threads), second(blocks * threads);
  counter.upload(std::vector<unsigned>{0});
  simt::launch<turns>({blocks, threads}, counter.data(), first.data(), second.data());
  const auto sorted = [](std::vector<unsigned> turn) {
    std::vector<unsigned> who(turn.size());
    std::iota(who.begin(), who.end(), 0u);
    std::sort(who.begin(), who.end(), [&](unsigned a, unsigned b) { return turn[a] < turn[b]; });
    return who;
  };
  return {sorted(first.download()), sorted(second.download())};
}

TEST_CASE("orders: forward and reverse") {
  std::vector<unsigned> ascending(3 * 70);
  std::iota(ascending.begin(), ascending.end(), 0u);
  const std::vector<unsigned> descending(ascending.rbegin(), ascending.rend());
  CHECK(turns_of(Order::forward, 0, 3, 70) == Turns{ascending, ascending});
  CHECK(turns_of(Order::reverse, 0, 3, 70) == Turns{descending, descending});
}

TEST_CASE("orders: shuffled by the seed, each block in its own way") {
  const Turns one = turns_of(Order::shuffled, 1, 2, 64);
  CHECK(one == turns_of(Order::shuffled, 1, 2, 64));
  CHECK(one.first != turns_of(Order::shuffled, 2, 2, 64).first);
  CHECK(!std::is_sorted(one.first.begin(), one.first.end()));
  std::vector<unsigned> block_one(one.first.begin(), one.first.begin() + 64);
  std::vector<unsigned> block_two(one.first.begin() + 64, one.first.end());
  for (unsigned& thread : block_one) thread %= 64;
  for (unsigned& thread : block_two) thread %= 64;
  CHECK(block_one != block_two);
}

TEST_CASE("orders: a permutation of any size has every number once") {
  for (const std::uint64_t size : {1, 2, 3, 4, 5, 31, 32, 33, 1000, 1024, 4097}) {
    for (const std::uint64_t seed : {0, 1, 2}) {
      const simt::detail::Permutation permutation(Order::shuffled, size, seed);
      std::set<std::uint64_t> seen;
      for (std::uint64_t turn = 0; turn < size; ++turn) seen.insert(permutation(turn));
      CHECK_MESSAGE((seen.size() == size && *seen.rbegin() == size - 1), size, " numbers, seed ", seed);
    }
  }
}

__global__ void lanes_in_turn(unsigned* counter, unsigned* turn) {
  __syncwarp();
  turn[threadIdx.x] = atomicAdd(counter, 1u);
}

TEST_CASE("orders: lanes that leave a collective") {
  for (const Order order : {Order::forward, Order::reverse}) {
    Settings settings;
    settings->order = order;
    simt::Array<unsigned> counter(1), turn(32);
    counter.upload(std::vector<unsigned>{0});
    simt::launch<lanes_in_turn>({1, 32}, counter.data(), turn.data());
    const std::vector<unsigned> result = turn.download();
    CHECK(result.front() == (order == Order::forward ? 0 : 31));
    CHECK(result.back() == (order == Order::forward ? 31 : 0));
  }
}

__global__ void count(unsigned* visits, unsigned* threads) {
  atomicAdd(&visits[blockIdx.x], 1u);
  __syncthreads();
  if (threadIdx.x == 0) threads[blockIdx.x] = static_cast<unsigned>(gettid());
}

TEST_CASE("orders: workers share the blocks, and each runs once") {
  for (const Order order : {Order::forward, Order::reverse, Order::shuffled}) {
    for (const int workers : {1, 2, 5, 16}) {
      Settings settings;
      settings->order = order;
      settings->workers = workers;
      simt::Array<unsigned> visits(1000), threads(1000);
      visits.upload(std::vector<unsigned>(1000, 0));
      simt::launch<count>({1000, 7}, visits.data(), threads.data());
      CHECK(visits.download() == std::vector<unsigned>(1000, 7));
      const std::vector<unsigned> who = threads.download();
      const std::set<unsigned> workers_seen(who.begin(), who.end());
      CHECK(workers_seen.size() <= static_cast<unsigned>(workers));
      if (workers == 1) CHECK(*workers_seen.begin() == static_cast<unsigned>(gettid()));
    }
  }
}

__global__ void fails_from(unsigned block) {
  if (blockIdx.x >= block) __trap();
}

TEST_CASE("orders: whichever worker meets it, the first block's error is told") {
  Settings settings;
  settings->workers = 4;
  for (int round = 0; round < 20; ++round) {
    const std::string error = simt_testing::launch_error<fails_from>({100, 1}, 60u);
    CHECK(error.find("kernel fails_from, block (60,0,0), thread (0,0,0): ") == 0);
  }
}

}  // namespace
