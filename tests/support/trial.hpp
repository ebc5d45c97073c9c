// One op at one size in guarded memory, ready to run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "tests/support/arena.hpp"
#include "tests/support/op_case.hpp"

namespace wengert::testing {

/// Random values of an operand. They are float32 numbers, so that trials of both types see the same problem.
inline std::vector<double> draw(const InputRange& operand, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::vector<double> values(static_cast<std::size_t>(operand.numel));
  for (double& value : values) {
    const std::uint64_t word = generator();
    const double size = operand.low + (operand.high - operand.low) * static_cast<double>(word >> 12) * 0x1p-52;
    value = static_cast<float>(operand.both_signs && (word & 1) != 0 ? -size : size);
  }
  return values;
}

/// Random numbers off 0: upstream gradients (ones would hide errors of softmax) and what sinks hold before.
inline std::vector<double> draw_weights(std::int64_t n, std::uint64_t seed) {
  return draw({.numel = n, .low = 0.5, .high = 1.5, .both_signs = true}, seed);
}

/// Sets a buffer to random numbers of the given size.
template <class T>
std::vector<double> preset(Guarded<T>& buffer, double size) {
  std::vector<double> values = draw_weights(buffer.size(), 5);
  for (double& value : values) value = static_cast<T>(value * size);
  std::transform(values.begin(), values.end(), buffer.data(), [](double value) { return static_cast<T>(value); });
  return values;
}

/// Every buffer lies at another offset from a 64-byte boundary, except all at 0 for offset 0.
template <class T>
class Trial {
 public:
  explicit Trial(Problem<T> its_problem, std::int64_t offset = 0)
      : problem(std::move(its_problem)),
        integers({problem.integers.begin(), problem.integers.end()}, offset),
        integer_results(problem.integer_results, offset),
        upstream(draw_weights(problem.results[0], 77), offset) {
    const auto next_offset = [&offset, step = offset == 0 ? 0 : 3] { return offset = (offset + step) % 16; };
    for (const InputRange& operand : problem.inputs) inputs.emplace_back(draw(operand, inputs.size()), next_offset());
    for (const std::int64_t n : problem.results) results.emplace_back(n, next_offset());
    for (const InputRange& operand : problem.inputs) gradients.emplace_back(operand.gradients(), next_offset());
    buffers.integers = integers.data();
    buffers.integer_result = integer_results.data();
    buffers.dy = upstream.data();
    for (const auto& input : inputs) buffers.x.push_back(input.data());
    for (auto& result : results) buffers.y.push_back(result.data());
    for (auto& gradient : gradients) buffers.dx.push_back(Sink<T>{gradient.data(), SinkMode::ignore});
    want_all(SinkMode::write);
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  void want_all(SinkMode mode) {
    for (const std::size_t i : variables()) buffers.dx[i].mode = mode;
  }
  void forward() { problem.forward(stream, buffers); }
  void backward() { problem.backward(stream, buffers); }
  void run() {
    forward();
    backward();
  }

  /// The inputs that have a gradient.
  std::vector<std::size_t> variables() const {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < problem.inputs.size(); ++i) {
      if (!problem.inputs[i].constant) places.push_back(i);
    }
    return places;
  }
  Values input_values() const {
    Values values;
    for (const auto& input : inputs) values.push_back(input.values());
    return values;
  }

  bool margins_intact() const {
    bool intact = integers.margins_intact() && integer_results.margins_intact() && upstream.margins_intact();
    for (const auto* group : {&inputs, &results, &gradients}) {
      for (const auto& buffer : *group) intact = intact && buffer.margins_intact();
    }
    return intact;
  }
  bool same_bits(const Trial& other) const { return holds_bits(other.results, other.gradients); }
  bool holds_bits(const std::vector<Guarded<T>>& its_results, const std::vector<Guarded<T>>& its_gradients) const {
    const auto same = [](const Guarded<T>& a, const Guarded<T>& b) { return a.same_bits(b); };
    return std::equal(results.begin(), results.end(), its_results.begin(), same) &&
           std::equal(gradients.begin(), gradients.end(), its_gradients.begin(), same);
  }

  Problem<T> problem;
  Stream stream{Device{}};
  Buffers<T> buffers;
  Guarded<std::int32_t> integers, integer_results;
  Guarded<T> upstream;
  std::vector<Guarded<T>> inputs, results, gradients;
};

}  // namespace wengert::testing
