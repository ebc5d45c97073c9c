// A problem, and those who solve it: wengert, the peers that it is measured against, and the machine's own limits.
//
// All of them stand behind one interface, so that they are verified against each other in one place, take turns within
// one run, and a peer may be a shared library that is there or is not.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace wengert::bench {

/// What is to be computed, on which sizes, and what it costs at least.
struct Problem {
  std::string work;
  std::vector<std::int64_t> sizes;
  double working_set = 0;  ///< bytes of all operands and results
  double traffic = 0;      ///< bytes to be moved, as the goal counts them; 0 where bandwidth is not what limits it
  double flops = 0;        ///< floating-point operations; 0 where they are not what limits it

  /// "linear/128x784x256"
  std::string key() const {
    std::string text = work;
    for (std::size_t i = 0; i < sizes.size(); ++i) text.append(i == 0 ? "/" : "x").append(std::to_string(sizes[i]));
    return text;
  }
};

/// One contestant at work on one problem, all set up.
class Run {
 public:
  Run() = default;
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  virtual ~Run() = default;
  virtual void step() = 0;
  /// What the steps so far have computed, or a sample of it; empty for a limit, which computes nothing.
  virtual std::vector<float> result() = 0;
};

struct Contestant {
  std::string name;
  std::function<std::unique_ptr<Run>(const Problem&)> start;  ///< null where it does not do this work
};

/// Operand `which` of every problem: numbers from low to high, the same for all contestants.
inline std::vector<float> numbers(std::int64_t n, std::uint64_t which, float low = -1, float high = 1) {
  std::vector<float> values(static_cast<std::size_t>(n));
  std::uint64_t state = which * 0x9E3779B97F4A7C15 + 1;
  for (float& value : values) {
    state = state * 6364136223846793005 + 1442695040888963407;
    value = low + (high - low) * static_cast<float>(state >> 40) * 0x1p-24f;
  }
  return values;
}

inline std::vector<std::int32_t> labels(std::int64_t n, std::int64_t classes) {
  std::vector<std::int32_t> result;
  for (const float x : numbers(n, 99, 0, 1)) {
    const auto label = static_cast<std::int32_t>(x * static_cast<float>(classes));
    result.push_back(label < classes ? label : 0);
  }
  return result;
}

/// The first number and at most a thousand others, evenly spread.
inline void sample(const float* x, std::int64_t n, std::vector<float>& into) {
  const std::int64_t step = n / 1000 + 1;
  for (std::int64_t i = 0; i < n; i += step) into.push_back(x[i]);
}

/// The two-blob experiment's second model, as all contestants number its parameters: fc1.weight (4,2), fc1.bias (4),
/// fc2.weight (1,4), fc2.bias (1); 20 points.
struct TwoBlobs {
  static constexpr std::int64_t points = 20, parameters = 17;
  static constexpr float lr = 0.01f;
  std::vector<float> x = numbers(2 * points, 1, -2, 2);
  std::vector<float> y = numbers(points, 2, 0, 1);
  std::vector<float> old_model = numbers(parameters, 3, -0.7f, 0.7f);
  std::vector<float> model = numbers(parameters, 4, -0.7f, 0.7f);
};

}  // namespace wengert::bench

/// What a peer's shared library exports: adds its contestants.
extern "C" void wengert_bench_contestants(std::vector<wengert::bench::Contestant>&);
