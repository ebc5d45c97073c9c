// Ranges on threads.
#include "kernels/base/parallel.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/error_text.hpp"
#include "tests/support/forked.hpp"

namespace {

using wengert::set_threads;
using wengert::threads;
using wengert::kernels::parallel_for;
using wengert::testing::child_ends;
using wengert::testing::error_of;
using wengert::testing::limit_memory;

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

/// What reaches the caller if these ranges' bodies throw, of as many ranges as there are threads.
std::string thrown_by(const std::vector<int>& throwing) {
  std::atomic<int> begun{0};
  try {
    parallel_for(threads(), 1, [&](std::int64_t begin, std::int64_t end) {
      ++begun;
      while (begun < threads()) std::this_thread::yield();  // so that each range is on a thread of its own
      for (std::int64_t i = begin; i < end; ++i) {
        for (const int range : throwing) {
          if (range == i) throw std::runtime_error("range " + std::to_string(i));
        }
      }
    });
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing";
}

TEST_CASE("parallel: what a body throws, on whichever thread, reaches the caller, and the threads go on") {
  for (const int count : {2, 3, 8}) {
    const Threads scope(count);
    for (int range = 0; range < count; ++range) {
      CHECK(thrown_by({range}) == "range " + std::to_string(range));
      CHECK(thrown_by({}) == "nothing");
      CHECK(covers(1000, 1));
    }
    CHECK(thrown_by({count - 1, 1, count / 2}) == "range 1");
    CHECK(thrown_by({count - 1, 0}) == "range 0");
    CHECK(thrown_by({}) == "nothing");
  }
}

TEST_CASE("parallel: a body that throws where one thread runs all") {
  CHECK(thrown_by({0}) == "range 0");
  const Threads scope(2);
  parallel_for(2, 1, [](std::int64_t, std::int64_t) { CHECK(covers(20, 1)); });
  int caught = 0;
  parallel_for(1, 1, [&](std::int64_t, std::int64_t) {
    try {
      parallel_for(10, 1, [](std::int64_t, std::int64_t) { throw std::runtime_error("inner"); });
    } catch (const std::runtime_error&) {
      ++caught;
    }
  });
  CHECK(caught == 1);
  CHECK(covers(1000, 1));
}

/// Whether two threads compute.
bool two_compute() { return threads() == 2 && thrown_by({}) == "nothing" && covers(1000, 1); }

TEST_CASE("parallel: a child of fork computes with as many threads, and ends") {
  const Threads scope(2);
  CHECK(child_ends([] { return true; }));  // has not used them
  CHECK(covers(1000, 1));
  CHECK(child_ends([] { return true; }));
  CHECK(child_ends(two_compute));
  CHECK(child_ends([] { return child_ends(two_compute) && two_compute() && child_ends(two_compute); }));
  CHECK(child_ends([] {
    set_threads(3);
    set_threads(1);
    set_threads(2);
    return two_compute();
  }));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the threads are asleep now
  CHECK(child_ends(two_compute));
  CHECK(two_compute());
}

TEST_CASE("parallel: children of a process whose other threads are computing") {
  const Threads scope(2);
  std::atomic<bool> stop{false};
  std::thread computing([&] {
    while (!stop) covers(100, 1);
  });
  for (int i = 0; i < 50; ++i) CHECK(child_ends([] { return covers(1000, 1); }));
  stop = true;
  computing.join();
}

TEST_CASE("parallel: a fork inside a body is an error in the child where other threads had work, which it lacks") {
  const Threads scope(2);
  CHECK(child_ends([] {
    std::atomic<int> begun{0};
    bool right = true, forked = false;
    const std::string error = error_of([&] {
      parallel_for(2, 1, [&](std::int64_t begin, std::int64_t) {
        ++begun;
        while (begun < 2) std::this_thread::yield();
        if (begin == 1)
          std::this_thread::sleep_for(std::chrono::milliseconds(200));  // so that it is at work when 0 forks
        if (begin != 0) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        const pid_t child = fork();
        if (child == 0) {
          alarm(20);
          forked = true;
          return;
        }
        int status = 0;
        right = waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7;
      });
    });
    if (forked) _exit(error.find("its body forked") != std::string::npos && two_compute() ? 7 : 1);
    return right && error == "no error" && two_compute();
  }));
}

TEST_CASE("parallel: threads that the system does not start") {
  CHECK(child_ends([] {  // a stack of 8 MiB each
    set_threads(2);
    limit_memory(std::size_t{100} << 20);
    const std::string error = error_of([] { set_threads(1000); });
    return error.find("set_threads: the system starts only ") == 0 &&
           error.find(" of 1000 threads (") != std::string::npos && two_compute();
  }));
  const Threads scope(50);
  CHECK(child_ends([] {  // fewer than its parent had, and the same work
    limit_memory(std::size_t{100} << 20);
    return threads() == 50 && covers(1000, 1) && covers(1000, 1);
  }));
}

}  // namespace
