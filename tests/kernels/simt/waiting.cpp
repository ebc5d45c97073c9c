// Loops that wait: for a thread that gets its turn, and for one that never does.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "tests/kernels/simt/support.hpp"
#include "tests/support/last_words.hpp"

namespace {

using simt_testing::error_of;
using simt_testing::launch_error;
using simt_testing::place;
using simt_testing::Settings;

// Each thread in turn, by a lock.
__global__ void locked(int* lock, int* sum) {
  while (atomicCAS(lock, 0, 1) != 0) {
  }
  const int before = *sum;
  __syncwarp(1u << threadIdx.x % 32);
  *sum = before + 1;
  atomicExch(lock, 0);
}

TEST_CASE("waiting: a lock within a block") {
  for (const simt::Order order : {simt::Order::forward, simt::Order::reverse, simt::Order::shuffled}) {
    Settings settings;
    settings->order = order;
    settings->workers = 1;
    simt::Array<int> lock(1), sum(1);
    lock.upload(std::vector<int>{0});
    sum.upload(std::vector<int>{0});
    CHECK(launch_error<locked>({4, 64}, lock.data(), sum.data()) == "no error");
    CHECK(sum.download() == std::vector<int>{256});
  }
}

// Thread 0 waits for the last thread, which has not even begun.
__global__ void flag(volatile int* flag, int* out) {
  if (threadIdx.x == blockDim.x - 1) *flag = 1;
  while (threadIdx.x == 0 && *flag == 0) __nanosleep(100);
  out[threadIdx.x] = 1;
}

TEST_CASE("waiting: for a thread of the block, by plain reads and __nanosleep") {
  simt::Array<int> flag_word(1), out(100);
  flag_word.upload(std::vector<int>{0});
  simt::launch<flag>({1, 100}, flag_word.data(), out.data());
  CHECK(out.download() == std::vector<int>(100, 1));
}

constexpr int wait_line = __LINE__ + 3;
__global__ void wait_for_block(int* flags, unsigned waits, unsigned sets) {
  if (blockIdx.x == sets) atomicExch(flags, 1);
  while (blockIdx.x == waits && threadIdx.x == 0 && atomicAdd(flags, 0) == 0) {
  }
  __syncthreads();
}

const std::string hopeless =
    ": the thread waits in a loop, and no thread that runs could end that: blocks come in any order, one after "
    "another, so that none may wait for another";

TEST_CASE("waiting: for a later block, by atomics") {
  Settings settings;
  settings->workers = 1;
  simt::Array<int> flags(1);
  flags.upload(std::vector<int>{0});
  CHECK(launch_error<wait_for_block>({2, 32}, flags.data(), 1u, 0u) == "no error");
  flags.upload(std::vector<int>{0});
  CHECK(launch_error<wait_for_block>({2, 32}, flags.data(), 0u, 1u) ==
        "kernel wait_for_block, block (0,0,0), thread (0,0,0): " + place(__FILE__, wait_line) + hopeless +
            "; threads 1..31 wait at __syncthreads " + place(__FILE__, wait_line + 2));
}

TEST_CASE("waiting: workers that wait for one another") {
  Settings settings;
  settings->workers = 2;
  simt::Array<int> flags(1);
  for (int round = 0; round < 5; ++round) {  // another worker runs the block that sets the flag: fine
    flags.upload(std::vector<int>{0});
    CHECK(launch_error<wait_for_block>({2, 32}, flags.data(), 0u, 1u) == "no error");
  }
  CHECK(error_of([&] {
          flags.upload(std::vector<int>{0});
          simt::launch<wait_for_block>({2, 32}, flags.data(), 0u, 2u);
        }).find(hopeless) != std::string::npos);
}

constexpr int sleep_line = __LINE__ + 2;
__global__ void sleeper(volatile int* flag) {
  while (*flag == 0) __nanosleep(100);
}

TEST_CASE("waiting: for ever, by __nanosleep") {
  Settings settings;
  settings->workers = 1;
  simt::Array<int> flag_word(1);
  flag_word.upload(std::vector<int>{0});
  CHECK(launch_error<sleeper>({2, 1}, flag_word.data()) ==
        "kernel sleeper, block (0,0,0), thread (0,0,0): " + place(__FILE__, sleep_line) + hopeless);
}

__global__ void busy(volatile int* flag) {
  if (threadIdx.x == 3 && blockIdx.x == 1) {
    while (*flag == 0) {
    }
  }
}

// Run by the next one, in a process that this ends.
TEST_CASE("endless") {
  if (!std::getenv("SIMT_TEST_ENDLESS")) return;
  simt::Array<int> flag_word(1);
  flag_word.upload(std::vector<int>{0});
  simt::launch<busy>({2, 32}, flag_word.data());
}

TEST_CASE("waiting: for ever, by plain reads: the watchdog ends the process") {
  char program[4096] = {};
  REQUIRE(readlink("/proc/self/exe", program, sizeof program - 1) > 0);
  const std::string command = std::string("SIMT_TEST_ENDLESS=1 SIMT_TIMEOUT=0.3 SIMT_WORKERS=1 exec '") + program +
                              "' --test-case=endless 2>&1 >/dev/null";
  FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe);
  std::string text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  const int status = pclose(pipe);
  const std::string expected =
      "simt: kernel busy, block (1,0,0), thread (3,0,0): has run for 0.3 s without coming to a barrier or its end; if "
      "it waits for another thread by plain reads, that does not get its turn. SIMT_TIMEOUT sets the seconds, and 0 "
      "lets it run\n";
  CHECK(text == expected);
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT));
}

TEST_CASE("waiting: the watchdog watches a child of fork too") {
  Settings settings;
  settings->timeout = 0.3;
  settings->workers = 1;
  CHECK(simt_testing::works());
  simt::Array<int> flag_word(1);
  flag_word.upload(std::vector<int>{0});
  const std::string text = wengert::testing::last_words([&] { simt::launch<busy>({2, 32}, flag_word.data()); });
  CHECK(text.find("simt: kernel busy, block (1,0,0), thread (3,0,0): has run for 0.3 s") == 0);
}

__global__ void slow(volatile int* out) {
  for (int i = 0; i < 20'000; ++i) *out = i;
  __syncthreads();
}

TEST_CASE("waiting: the watchdog lets a launch be long whose threads are short") {
  Settings settings;
  settings->timeout = 0.2;
  settings->workers = 1;
  simt::Array<int> out(1);
  const auto begin = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(500)) {
    simt::launch<slow>({20, 100}, out.data());
  }
  CHECK(out.download() == std::vector<int>{19'999});
}

}  // namespace
