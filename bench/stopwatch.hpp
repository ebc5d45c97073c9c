// The time of a step.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace wengert::bench {

/// Seconds that work() takes.
template <class Work>
double seconds_of(Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Seconds that one step() takes: the fastest of five rounds, since what else the machine does only ever adds to a round,
/// or of as many as begin within ten times `seconds`. A round has as many steps as take at least a fifth of `seconds`;
/// finding out how many warms the caches.
template <class Step>
double step_time(double seconds, Step&& step) {
  constexpr int rounds = 5;
  std::int64_t steps = 1;
  const auto round = [&] {
    return seconds_of([&] {
      for (std::int64_t i = 0; i < steps; ++i) step();
    });
  };
  step();
  double latest = round();
  for (; latest < seconds / rounds; latest = round()) steps *= 2;
  double fastest = latest, spent = latest;
  for (int i = 1; i < rounds && spent < 10 * seconds; ++i) {
    latest = round();
    fastest = std::min(fastest, latest);
    spent += latest;
  }
  return fastest / static_cast<double>(steps);
}

}  // namespace wengert::bench
