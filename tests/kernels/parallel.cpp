// Ranges on threads.
#include "kernels/parallel.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/error_text.hpp"

namespace {

using wengert::set_threads;
using wengert::threads;
using wengert::kernels::parallel_for;

/// Whether parallel_for visits each of `count` items once.
bool covers(std::int64_t count, std::int64_t grain) {
  std::vector<std::atomic<int>> visits(static_cast<std::size_t>(count));
  parallel_for(count, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
  });
  bool once = true;
  for (const auto& visit : visits) once &= visit == 1;
  return once;
}

/// One thread again at the end, whatever happens.
struct Threads {
  explicit Threads(int count) { set_threads(count); }
  ~Threads() { set_threads(1); }
};

TEST_CASE("parallel: set_threads takes 1 to 1024 threads") {
  CHECK(threads() == 1);
  for (const int count : {2, 3, 1}) {
    set_threads(count);
    CHECK(threads() == count);
  }
  for (const int count : {0, -1, 1025}) {
    CHECK(wengert::testing::error_of([=] { set_threads(count); }) ==
          "set_threads: takes 1 to 1024 threads, got " + std::to_string(count));
  }
  CHECK(threads() == 1);
}

TEST_CASE("parallel: every item is visited once by any number of threads") {
  for (const int count : {1, 2, 3, 8}) {
    const Threads scope(count);
    for (const std::int64_t items : {0, 1, 2, 3, 7, 8, 9, 1000}) {
      CHECK_MESSAGE(covers(items, 1), items, " items, ", count, " threads");
      CHECK_MESSAGE(covers(items, 100), items, " items, ", count, " threads");
    }
  }
}

TEST_CASE("parallel: more threads than processors, so that many ranges are done by the caller") {
  const Threads scope(9);
  bool once = true;
  for (int round = 0; round < 2000; ++round) once &= covers(1 + round % 40, 1);
  CHECK(once);
}

TEST_CASE("parallel: work too small for two threads stays in one piece") {
  const Threads scope(2);
  for (const std::int64_t items : {199, 200}) {
    std::atomic<int> pieces{0};
    parallel_for(items, 100, [&](std::int64_t, std::int64_t) { ++pieces; });
    CHECK(pieces == (items == 199 ? 1 : 2));
  }
}

TEST_CASE("parallel: ranges inside ranges, and callers on several threads at once") {
  const Threads scope(2);
  std::atomic<int> inner{0};
  parallel_for(10, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) inner += covers(20, 1);
  });
  CHECK(inner == 10);

  std::atomic<int> right{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 100; ++round) right += covers(50, 1);
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(right == 300);
}

}  // namespace
