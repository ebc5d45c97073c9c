// Every op of tests/support/cases, forward and backward, at three sizes, beside the machine's limits at the same size
// in memory. Each is compared with its specification before it is timed.
//
//   ops [--benchmark_filter=REGEX] [--benchmark_repetitions=N] ...      Google Benchmark's options
#include <benchmark/benchmark.h>

#include <functional>
#include <iostream>
#include <memory>
#include <utility>

#include "bench/build_context.hpp"
#include "bench/contestants/wengert.hpp"
#include "bench/stopwatch.hpp"
#include "kernels/base/error.hpp"
#include "tests/support/closeness.hpp"
#include "tests/support/trial.hpp"

using namespace wengert;
using namespace wengert::testing;

namespace {

// In the first cache, in the second, and in memory. The case's `n` is the greatest whose operands and results fit.
constexpr std::int64_t working_sets[] = {std::int64_t{16} << 10, std::int64_t{512} << 10, std::int64_t{64} << 20};

// Where arithmetic is the limit, as in a product of squares, more than this takes too long.
constexpr std::int64_t most_flops = std::int64_t{1} << 30;

enum class Direction { forward, backward };

std::int64_t bytes_of(const testing::Problem<float>& problem, Direction direction) {
  return 4 * (direction == Direction::forward ? problem.forward_elements : problem.backward_elements);
}

std::int64_t largest_size(const OpCase& op, std::int64_t working_set) {
  std::int64_t least = op.least, beyond = op.largest + 1;
  while (beyond - least > 1) {
    const std::int64_t n = least + (beyond - least) / 2;
    const auto problem = op.f32(n);
    const bool fits =
        std::max(bytes_of(problem, Direction::forward), bytes_of(problem, Direction::backward)) <= working_set &&
        problem.flops <= most_flops;
    (fits ? least : beyond) = n;
  }
  return least;
}

constexpr double least_seconds = 0.02;

void time_step(benchmark::State& state, double bytes, double flops, const std::function<void()>& step) {
  for (auto _ : state) state.SetIterationTime(bench::step_time(least_seconds, step));
  state.counters["working_set"] = bytes;
  state.counters["traffic"] = bytes;
  state.counters["flops"] = flops;
}

template <class Measure>
void add(const std::string& name, Measure measure) {
  benchmark::RegisterBenchmark(name.c_str(), measure)->Iterations(1)->UseManualTime();
}

/// One op at one size.
struct Subject {
  OpCase op;
  std::int64_t n;
  bool verified = false;

  void verify(Trial<float>& trial) {
    trial.run();
    if (std::exchange(verified, true)) return;
    const Values expected = trial.problem.reference(trial.input_values());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const std::string wrong = difference(trial.results[i].values(), expected[i], op.tolerance * 0x1p-23);
      if (!wrong.empty()) fail(op.name, " of size ", n, ", result ", i, ": ", wrong);
    }
  }

  void time(benchmark::State& state, Direction direction) {
    Trial<float> trial(op.f32(n));
    verify(trial);
    const int products = direction == Direction::forward ? 1 : 2;  // a product of matrices has two in its backward
    time_step(state, static_cast<double>(bytes_of(trial.problem, direction)),
              static_cast<double>(products * trial.problem.flops),
              [&] { direction == Direction::forward ? trial.forward() : trial.backward(); });
  }
};

void add_op(const OpCase& op) {
  std::int64_t before = -1;
  for (const std::int64_t working_set : working_sets) {
    const auto subject = std::make_shared<Subject>(Subject{op, largest_size(op, working_set)});
    if (subject->n == before) continue;  // it has but one size
    before = subject->n;
    for (const Direction direction : {Direction::forward, Direction::backward}) {
      const char* const name = direction == Direction::forward ? " forward/" : " backward/";
      add("op: " + op.name + name + std::to_string(subject->n) + "/wengert",
          [=](benchmark::State& state) { subject->time(state, direction); });
    }
  }
}

void add_limits() {
  std::vector<bench::Contestant> limits;
  bench::add_limits(limits);
  std::vector<bench::Problem> problems{{"limits", {}, 0, 0, 1e8}};
  for (const std::int64_t bytes : working_sets)
    problems.push_back({"limits", {bytes}, static_cast<double>(bytes), static_cast<double>(bytes), 0});
  for (const bench::Problem& problem : problems) {
    for (const bench::Contestant& limit : limits) {
      if (!limit.start(problem)) continue;
      add(problem.key() + "/" + limit.name, [=](benchmark::State& state) {
        const auto run = limit.start(problem);
        time_step(state, problem.working_set, problem.flops, [&] { run->step(); });
      });
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  try {
    bench::add_build_context();
    add_limits();
    for (const OpCase& op : op_cases()) add_op(op);
    benchmark::RunSpecifiedBenchmarks();
  } catch (const std::exception& error) {
    std::cerr << "ops: " << error.what() << "\n";
    return 1;
  }
}
