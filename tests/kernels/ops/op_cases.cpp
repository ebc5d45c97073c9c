// What holds for every op, tried on all of the cases: the results, the gradients, and the rules of memory.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "kernels/base/parallel.hpp"
#include "tests/support/closeness.hpp"
#include "tests/support/sweep.hpp"

namespace wengert::testing {
namespace {

/// sum of weights * values, and of its terms' sizes: by how much rounding can move it.
struct Projection {
  double value = 0, size = 0;
  void add(double term) {
    value += term;
    size += std::abs(term);
  }
};

/// The slope of upstream . reference(x) along `direction` of one input, by central differences.
template <class T>
double slope_along(const Trial<T>& trial, std::size_t input, const std::vector<double>& direction, double step) {
  const std::vector<double> upstream = trial.upstream.values();
  const auto moved = [&](double by) {
    Values x = trial.input_values();
    for (std::size_t i = 0; i < direction.size(); ++i) x[input][i] += by * direction[i];
    return trial.problem.reference(x)[0];
  };
  const std::vector<double> above = moved(step), below = moved(-step);
  double slope = 0;  // the difference first: far fewer digits are lost than in a difference of sums
  for (std::size_t i = 0; i < upstream.size(); ++i) slope += upstream[i] * (above[i] - below[i]);
  return slope / (2 * step);
}

/// As large as what is about to be added: beside much larger numbers a wrong sum would pass.
double size_beside(const std::vector<double>& gradient) {
  const double largest = largest_of(gradient);
  return largest > 0 ? largest : 1;
}

std::vector<double> sums(std::vector<double> a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

TEST_CASE("ops: the forward agrees with plain loops in double") {
  for_all_ops([](const auto& subject) {
    Trial trial(subject.problem());
    trial.forward();
    const Values expected = trial.problem.reference(trial.input_values());
    REQUIRE(expected.size() == trial.results.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const std::string wrong = mismatch(trial.results[i].values(), expected[i], subject.tolerance());
      CHECK_MESSAGE(wrong.empty(), subject.at(), ", result ", i, ": ", wrong);
    }
  });
}

// Along a random direction, under a random upstream gradient: ones would hide errors of ops whose results sum to a
// constant.
TEST_CASE("ops: gradients agree with central differences of the double forward") {
  for_all_ops([](const auto& subject) {
    Trial trial(subject.problem());
    trial.run();
    for (const std::size_t input : trial.variables()) {
      const InputRange& operand = trial.problem.inputs[input];
      const std::vector<double> direction = draw_weights(operand.numel, 91), gradient = trial.gradients[input].values();
      Projection projection;
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        projection.add(gradient[i] *
                       direction[static_cast<std::size_t>(operand.place_of(static_cast<std::int64_t>(i)))]);
      }
      const double slope = slope_along(trial, input, direction, 1e-5);
      const double allowed = (subject.tolerance() + 1e-7) * projection.size;
      CHECK_MESSAGE(std::abs(projection.value - slope) <= allowed, subject.at(), ", input ", input, ": slope ",
                    projection.value, " in place of ", slope);
    }
  });
}

// What the differences cannot see in float32, or of single elements beside much larger ones.
TEST_CASE("ops: gradients in float32 agree with those in float64") {
  for_all_ops([](const auto& subject) {
    if constexpr (std::is_same_v<typename std::decay_t<decltype(subject)>::Type, float>) {
      Trial trial(subject.problem());
      Trial exact(Subject<double>{subject.op, subject.n}.problem());
      trial.run();
      exact.run();
      for (const std::size_t input : trial.variables()) {
        const std::string wrong =
            mismatch(trial.gradients[input].values(), exact.gradients[input].values(), subject.tolerance());
        CHECK_MESSAGE(wrong.empty(), subject.at(), ", input ", input, ": ", wrong);
      }
    }
  });
}

TEST_CASE("ops: a sink that adds ends with the sum of old and new") {
  for_all_ops([](const auto& subject) {
    Trial trial(subject.problem());
    trial.run();
    Values expected(trial.gradients.size());
    for (const std::size_t input : trial.variables()) {
      const std::vector<double> written = trial.gradients[input].values();
      expected[input] = sums(preset(trial.gradients[input], size_beside(written)), written);
    }
    trial.want_all(SinkMode::add);
    trial.backward();
    for (const std::size_t input : trial.variables()) {
      const std::string wrong = mismatch(trial.gradients[input].values(), expected[input], subject.tolerance());
      CHECK_MESSAGE(wrong.empty(), subject.at(), ", input ", input, ": ", wrong);
    }
  });
}

TEST_CASE("ops: an ignored sink is untouched, and the others do not notice") {
  for_all_ops([](const auto& subject) {
    Trial whole(subject.problem());
    whole.run();
    const std::vector<std::size_t> variables = whole.variables();
    for (std::size_t wanted = 0; wanted + 1 < std::size_t{1} << variables.size(); ++wanted) {
      Trial trial(subject.problem());
      for (std::size_t v = 0; v < variables.size(); ++v) {
        if ((wanted >> v & 1) == 0) trial.buffers.dx[variables[v]].mode = SinkMode::ignore;
      }
      trial.run();
      for (std::size_t input = 0; input < trial.gradients.size(); ++input) {
        const bool ignored = !trial.buffers.dx[input].wanted();
        const bool right =
            ignored ? trial.gradients[input].untouched() : trial.gradients[input].same_bits(whole.gradients[input]);
        CHECK_MESSAGE(right, subject.at(), ", input ", input,
                      std::string(ignored ? " was ignored but written to" : " changed"));
      }
    }
  });
}

TEST_CASE("ops: a sink that writes leaves nothing of what was there") {
  for_all_ops([](const auto& subject) {
    Trial on_poison(subject.problem());
    on_poison.run();
    Trial on_numbers(subject.problem());
    for (auto& result : on_numbers.results) preset(result, 3);
    for (const std::size_t input : on_numbers.variables()) preset(on_numbers.gradients[input], 3);
    on_numbers.run();
    CHECK_MESSAGE(on_poison.same_bits(on_numbers), subject.at());
    for (const std::size_t input : on_poison.variables()) {
      const std::vector<double> values = on_poison.gradients[input].values();
      const bool finite = std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
      CHECK_MESSAGE(finite, subject.at(), ", input ", input);
    }
  });
}

TEST_CASE("ops: two sinks on one buffer, write and add, end with the sum of both") {
  std::size_t pairs = 0;
  for_all_ops([&pairs](const auto& subject) {
    Trial trial(subject.problem());
    const std::vector<std::size_t> variables = trial.variables();
    if (variables.size() != 2 || trial.gradients[variables[0]].size() != trial.gradients[variables[1]].size()) return;
    ++pairs;
    trial.run();
    auto &first = trial.gradients[variables[0]], &second = trial.gradients[variables[1]];
    const std::vector<double> expected = sums(first.values(), second.values());
    const double scale = std::max(largest_of(first.values()), largest_of(second.values()));
    preset(first, 3);
    trial.buffers.dx[variables[1]] = {first.data(), SinkMode::add};
    trial.backward();
    const std::vector<double> got = first.values();
    // Relative to the parts: a - a has the gradients 1 and -1.
    bool right = true;
    for (std::size_t i = 0; i < got.size(); ++i) right &= std::abs(got[i] - expected[i]) <= subject.tolerance() * scale;
    CHECK_MESSAGE(right, subject.at());
  });
  CHECK(pairs > 600);  // at least all binary ops
}

TEST_CASE("ops: no address changes a bit") {
  for_all_ops([](const auto& subject) {
    using T = typename std::decay_t<decltype(subject)>::Type;
    const auto run = [](Trial<T>& trial) {
      trial.run();
      trial.want_all(SinkMode::add);  // kernels have loops of their own for that
      trial.backward();
    };
    Trial<T> aligned(subject.problem());
    run(aligned);
    for (std::int64_t offset = 1; offset < 16; ++offset) {
      Trial<T> trial(subject.problem(), offset);
      run(trial);
      CHECK_MESSAGE(trial.same_bits(aligned), subject.at(offset));
    }
  });
}

TEST_CASE("ops: nothing is written beside the buffers, and no input is written to") {
  for_all_ops([](const auto& subject) {
    for (const std::int64_t offset : {0, 5}) {
      Trial trial(subject.problem(), offset);
      const Values before = trial.input_values();
      const std::vector<double> upstream = trial.upstream.values();
      trial.run();
      trial.want_all(SinkMode::add);
      trial.backward();
      CHECK_MESSAGE(trial.margins_intact(), subject.at(offset));
      CHECK_MESSAGE((trial.input_values() == before && trial.upstream.values() == upstream), subject.at(offset));
    }
  });
}

TEST_CASE("ops: one and two threads give the same bits") {
  for_all_ops_large([](const auto& subject) {
    Trial trial(subject.problem());
    trial.run();
    const auto results = trial.results, gradients = trial.gradients;
    set_threads(2);
    trial.run();
    set_threads(1);
    CHECK_MESSAGE(trial.holds_bits(results, gradients), subject.at());
  });
}

}  // namespace
}  // namespace wengert::testing
