// Wengert against its peers and the machine's limits, one problem a run.
//
//   versus --list                                        the problems, a line each
//   versus --problem KEY [--peer FILE]... [--script PYTHON FILE]... [--seconds S]
//                                                        times it; further options are Google Benchmark's
//
// A peer is a module, or a script that a Python runs. Exit codes: 1 an error, 2 wrong usage.
//
// All contestants first compute the problem and are compared with wengert. Then they are timed, taking turns, each time
// in a new process: what differs from process to process is part of the spread.
#include <benchmark/benchmark.h>

#include <cmath>
#include <iostream>
#include <limits>

#include "bench/build_context.hpp"
#include "bench/entrants.hpp"
#include "bench/problems.hpp"
#include "examples/support/numbers.hpp"
#include "kernels/base/error.hpp"

using namespace wengert;
using namespace wengert::bench;

namespace {

constexpr const char* usage =
    "usage: versus --list, or versus --problem KEY [--peer FILE]... [--script PYTHON FILE]... [--seconds S]";

struct WrongUsage : Error {
  using Error::Error;
};

struct Options {
  bool list = false;
  std::string problem;
  std::vector<std::vector<std::string>> peers;
  double seconds = 0.1;
  std::vector<char*> rest;
};

Options options_from(int argc, char** argv) {
  Options options;
  options.rest.push_back(argv[0]);
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    const auto value = [&] {
      if (i + 1 == argc) throw WrongUsage(option + " needs a value; " + usage);
      return std::string(argv[++i]);
    };
    if (option == "--list") {
      options.list = true;
    } else if (option == "--problem") {
      options.problem = value();
    } else if (option == "--peer") {
      options.peers.push_back({value()});
    } else if (option == "--script") {
      const std::string python = value();
      options.peers.push_back({python, value()});
    } else if (option == "--seconds") {
      const std::string text = value();
      options.seconds = examples::parse_number<double>(text).value_or(0);
      if (!(options.seconds > 0) || !std::isfinite(options.seconds)) {
        throw WrongUsage("--seconds " + text + " is no finite number above 0");
      }
    } else {
      options.rest.push_back(argv[i]);
    }
  }
  return options;
}

// The greatest difference, relative to the largest number expected.
double relative_error(const std::vector<float>& got, const std::vector<float>& expected) {
  if (got.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double largest = 0, error = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    largest = std::max(largest, std::abs(double{expected[i]}));
    const double apart = std::abs(double{got[i]} - double{expected[i]});
    error = std::max(error, std::isfinite(apart) ? apart : std::numeric_limits<double>::infinity());
  }
  return largest > 0 ? error / largest : std::numeric_limits<double>::infinity();
}

void enter(const Problem& problem, const Entrant& entrant, const std::vector<float>& expected, double seconds) {
  const std::vector<float> result = entrant.compute();
  const bool is_limit = result.empty();
  const double error = is_limit ? 0 : relative_error(result, expected);
  if (!(error <= 1e-4)) fail(problem.key(), ": ", entrant.name, " is off by ", error, " of the largest number");
  const auto measure = [=](benchmark::State& state) {
    for (auto _ : state) state.SetIterationTime(entrant.step_time(seconds));
    if (!is_limit) state.counters["error"] = error;
    state.counters["working_set"] = problem.working_set;
    state.counters["traffic"] = problem.traffic;
    state.counters["flops"] = problem.flops;
  };
  benchmark::RegisterBenchmark((problem.key() + "/" + entrant.name).c_str(), measure)->Iterations(1)->UseManualTime();
}

void run(int argc, char** argv) {
  Options options = options_from(argc, argv);
  if (options.list) {
    for (const Problem& problem : problems()) std::cout << problem.key() << "\n";
    return;
  }
  int count = static_cast<int>(options.rest.size());
  benchmark::Initialize(&count, options.rest.data());
  if (benchmark::ReportUnrecognizedArguments(count, options.rest.data())) throw WrongUsage(usage);
  const Problem problem = find_problem(options.problem);
  std::vector<Entrant> entrants = own_entrants(problem);
  for (const std::vector<std::string>& peer : options.peers) {
    for (Entrant& entrant : peer_entrants(peer, problem)) entrants.push_back(std::move(entrant));
  }
  add_build_context();
  const std::vector<float> expected = entrants.front().compute();
  for (const Entrant& entrant : entrants) enter(problem, entrant, expected, options.seconds);
  benchmark::RunSpecifiedBenchmarks();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc, argv);
  } catch (const WrongUsage& error) {
    std::cerr << "versus: " << error.what() << "\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "versus: " << error.what() << "\n";
    return 1;
  }
}
