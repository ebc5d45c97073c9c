// What the tape itself costs, by the length of the graph: recording, walking and freeing steps whose arithmetic is next
// to nothing. A node should cost the same in a graph of a hundred and of a million.
#include <benchmark/benchmark.h>

#include <wengert.hpp>

#include "bench/build_context.hpp"
#include "bench/stopwatch.hpp"
#include "kernels/base/error.hpp"

using namespace wengert;

namespace {

// A chain of additions of one element, source lines included.
class Chain {
 public:
  void record(std::int64_t nodes) {
    sum_ = a_;
    for (std::int64_t i = 0; i < nodes; ++i) sum_ = sum_ + b_;
  }
  void walk() {
    a_.zero_grad();
    backward(sum_);
    if (a_.grad()->item<float>() != 1) fail("the gradient of a sum's first term is 1");
  }
  void free() { sum_ = a_; }

 private:
  Tensor b_ = Tensor::ones({1});
  Var a_ = Var::parameter(Tensor::ones({1})), sum_;
};

enum class Phase { record, walk, free };

// A round records, and then walks backward, which frees as it goes, or frees; the time is that of one of them. Short chains are gathered until the clock's own cost is
// small beside them.
void chain(benchmark::State& state, std::int64_t nodes, Phase timed) {
  const std::int64_t chains = std::max<std::int64_t>(1, 10'000 / nodes);
  std::vector<Chain> all(static_cast<std::size_t>(chains));
  const auto seconds_of_all = [&](auto work) {
    return bench::seconds_of([&] {
      for (Chain& each : all) work(each);
    });
  };
  const auto round = [&] {
    const double recording = seconds_of_all([=](Chain& each) { each.record(nodes); });
    if (timed == Phase::walk) return seconds_of_all([](Chain& each) { each.walk(); });
    const double freeing = seconds_of_all([](Chain& each) { each.free(); });
    return timed == Phase::record ? recording : freeing;
  };
  round();  // fills the pools
  for (auto _ : state) {
    double time = 0;
    std::int64_t rounds = 0;
    for (; time < 0.02; ++rounds) time += round();
    state.SetIterationTime(time / static_cast<double>(rounds * chains));
  }
  state.counters["nodes"] = static_cast<double>(nodes);
}

void add_phase(const char* name, Phase phase) {
  for (std::int64_t nodes = 100; nodes <= 1'000'000; nodes *= 10) {
    const std::string full = std::string("tape: ") + name + "/" + std::to_string(nodes) + "/wengert";
    benchmark::RegisterBenchmark(full.c_str(), [=](benchmark::State& state) { chain(state, nodes, phase); })
        ->Iterations(1)
        ->UseManualTime();
  }
}

void add_without_tape(benchmark::State& state) {
  const Tensor a = Tensor::ones({1}), b = Tensor::ones({1});
  Tensor sum = a;
  for (auto _ : state) sum = sum + b;
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  bench::add_build_context();
  add_phase("record", Phase::record);
  add_phase("backward", Phase::walk);
  add_phase("free", Phase::free);
  benchmark::RegisterBenchmark("tape: none/wengert", add_without_tape);
  benchmark::RunSpecifiedBenchmarks();
}
