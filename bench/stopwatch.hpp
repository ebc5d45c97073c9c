// The time of a step.
#pragma once

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

/// Seconds that one step() takes, from steps that take at least `seconds` together. They are doubled until they do: the
/// shorter rounds warm the caches.
template <class Step>
double step_time(double seconds, Step&& step) {
  step();
  for (std::int64_t steps = 1;; steps *= 2) {
    const double elapsed = seconds_of([&] {
      for (std::int64_t i = 0; i < steps; ++i) step();
    });
    if (elapsed >= seconds) return elapsed / static_cast<double>(steps);
  }
}

}  // namespace wengert::bench
