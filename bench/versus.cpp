// Wengert against its peers and the machine's limits, one problem a run.
//
//   versus --list                                the problems, a line each
//   versus --problem KEY [--peer FILE.so]...     times it; further options are Google Benchmark's
//
// All contestants first compute the problem and are compared with wengert; then they are timed, taking turns.
#include <benchmark/benchmark.h>
#include <dlfcn.h>

#include <cmath>
#include <iostream>
#include <map>

#include "bench/contest.hpp"
#include "bench/contestants/wengert.hpp"
#include "kernels/error.hpp"

using namespace wengert;
using namespace wengert::bench;

namespace {

Problem similarity(std::int64_t n, std::int64_t pairs) {
  const auto numel = static_cast<double>(n);
  return {"similarity", {n, pairs}, 12 * numel, 12 * numel, 0};
}
Problem linear_layer(const char* work, int products, std::int64_t rows, std::int64_t in, std::int64_t out) {
  return {work, {rows, in, out}, 0, 0, 2. * products * static_cast<double>(rows * in * out)};
}
// `passes`: how often a number of the parameters is read or written, of which `arrays` take part.
Problem optimizer(const char* work, int arrays, int passes, std::int64_t n) {
  const auto numel = static_cast<double>(n);
  return {work, {n}, 4 * arrays * numel, 4 * passes * numel, 0};
}

std::vector<Problem> problems() {
  std::vector<Problem> all{{"recorded_add", {}}, {"two_blobs_step", {}}};
  for (const std::int64_t n : {100, 1000, 10'000, 100'000, 1'000'000, 16'000'000, 100'000'000, 150'000'000})
    all.push_back(similarity(n, 1));
  for (const std::int64_t pairs : {10, 100, 1000, 10'000}) all.push_back(similarity(1'000'000, pairs));
  all.push_back({"cross_entropy", {128, 10}});
  all.push_back({"cross_entropy", {8192, 10}});
  all.push_back({"cross_entropy", {1024, 32'000}});
  all.push_back(linear_layer("linear_forward", 1, 128, 784, 256));
  all.push_back(linear_layer("linear", 3, 128, 784, 256));
  all.push_back(linear_layer("linear", 3, 20, 2, 4));
  all.push_back(linear_layer("linear", 3, 1024, 1024, 1024));
  for (const std::int64_t n : {10'000, 1'000'000, 100'000'000}) {
    all.push_back(optimizer("sgd", 2, 3, n));
    all.push_back(optimizer("adam", 4, 7, n));
  }
  return all;
}

Problem find_problem(const std::string& key) {
  for (const Problem& problem : problems()) {
    if (problem.key() == key) return problem;
  }
  fail("no problem is called '", key, "'; --list lists them");
}

void load_peer(const std::string& file, std::vector<Contestant>& contestants) {
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) fail(dlerror());
  void* const enter = dlsym(library, "wengert_bench_contestants");
  if (!enter) fail(file, " exports no contestants");
  reinterpret_cast<decltype(&wengert_bench_contestants)>(enter)(contestants);
}

std::vector<float> computed(const Contestant& contestant, const Problem& problem) {
  const std::unique_ptr<Run> run = contestant.start(problem);
  for (int step = 0; step < 5; ++step) run->step();
  return run->result();
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

void enter(const Problem& problem, const Contestant& contestant, const std::vector<float>& expected) {
  if (!contestant.start(problem)) return;
  const std::vector<float> result = computed(contestant, problem);
  const bool is_limit = result.empty();
  const double error = is_limit ? 0 : relative_error(result, expected);
  if (!(error <= 1e-4)) fail(problem.key(), ": ", contestant.name, " is off by ", error, " of the largest number");
  const auto measure = [=](benchmark::State& state) {
    const std::unique_ptr<Run> run = contestant.start(problem);
    run->step();
    for (auto _ : state) run->step();
    if (!is_limit) state.counters["error"] = error;
    state.counters["working_set"] = problem.working_set;
    state.counters["traffic"] = problem.traffic;
    state.counters["flops"] = problem.flops;
  };
  benchmark::RegisterBenchmark((problem.key() + "/" + contestant.name).c_str(), measure);
}

void run(int argc, char** argv) {
  std::string key;
  std::vector<Contestant> contestants;
  add_wengert(contestants);
  add_limits(contestants);
  std::vector<char*> rest{argv[0]};
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--list") {
      for (const Problem& problem : problems()) std::cout << problem.key() << "\n";
      return;
    }
    if (option == "--problem" && i + 1 < argc) {
      key = argv[++i];
    } else if (option == "--peer" && i + 1 < argc) {
      load_peer(argv[++i], contestants);
    } else {
      rest.push_back(argv[i]);
    }
  }
  int count = static_cast<int>(rest.size());
  benchmark::Initialize(&count, rest.data());
  if (benchmark::ReportUnrecognizedArguments(count, rest.data())) fail("usage: versus --problem KEY [--peer FILE]...");
  const Problem problem = find_problem(key);
  const std::vector<float> expected = computed(contestants.front(), problem);
  for (const Contestant& contestant : contestants) enter(problem, contestant, expected);
  benchmark::RunSpecifiedBenchmarks();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "versus: " << error.what() << "\n";
    return 1;
  }
}
