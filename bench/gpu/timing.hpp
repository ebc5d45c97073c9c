// How long work takes on a GPU, and what came of it, as JSON.
#pragma once

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <simt.hpp>
#include <string>
#include <vector>

namespace wengert::gpu_bench {

/// A stream of its own: the default one cannot be captured.
class Clock {
 public:
  Clock() {
    simt::check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
    simt::check(cudaEventCreate(&start_));
    simt::check(cudaEventCreate(&stop_));
  }
  Clock(const Clock&) = delete;
  ~Clock() {
    cudaEventDestroy(start_);
    cudaEventDestroy(stop_);
    cudaStreamDestroy(stream_);
  }
  simt::Stream stream() const { return stream_; }
  void wait() const { simt::check(cudaStreamSynchronize(stream_)); }

  /// Microseconds per call of work(i), i counting up over all calls; the median of seven batches. Work that is to find
  /// nothing in the cache uses other arrays for each i in turn.
  template <class Work>
  double call(const Work& work) {
    int turn = 0;
    const auto batch = [&](int calls) {
      return span([&] {
               for (int k = 0; k < calls; ++k) work(turn++);
             }) /
             calls;
    };
    batch(3);
    const int calls = static_cast<int>(std::clamp(8000 / batch(3), 3.0, 1000.0));
    return median([&] { return batch(calls); });
  }

  /// Microseconds per node of a graph of 1000 nodes work(0), work(1), ...
  template <class Work>
  double node(const Work& work) {
    constexpr int nodes = 1000;
    cudaGraph_t graph = nullptr;
    cudaGraphExec_t ready = nullptr;
    simt::check(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeThreadLocal));
    for (int k = 0; k < nodes; ++k) work(k);
    simt::check(cudaStreamEndCapture(stream_, &graph));
    simt::check(cudaGraphInstantiate(&ready, graph, 0));
    const auto run = [&] { return span([&] { simt::check(cudaGraphLaunch(ready, stream_)); }) / nodes; };
    run();
    const double result = median(run);
    cudaGraphExecDestroy(ready);
    cudaGraphDestroy(graph);
    return result;
  }

 private:
  template <class Work>
  double span(const Work& work) {
    simt::check(cudaEventRecord(start_, stream_));
    work();
    simt::check(cudaEventRecord(stop_, stream_));
    simt::check(cudaEventSynchronize(stop_));
    float milliseconds = 0;
    simt::check(cudaEventElapsedTime(&milliseconds, start_, stop_));
    return 1000.0 * static_cast<double>(milliseconds);
  }
  template <class Measure>
  static double median(const Measure& measure) {
    std::vector<double> times(7);
    for (double& time : times) time = measure();
    std::sort(times.begin(), times.end());
    return times[3];
  }

  simt::Stream stream_ = nullptr;
  cudaEvent_t start_ = nullptr, stop_ = nullptr;
};

struct Work {
  double bytes = 0, flops = 0;  // the least that the task needs
};

/// The measurements, printed as they come and written as JSON.
class Results {
 public:
  /// `wrong` is what the verification found, and a wrong result has no time.
  void add(const std::string& who, const std::string& what, const std::string& how, double us, Work work,
           const std::string& wrong = {}) {
    std::cout << std::left << std::setw(10) << who << std::setw(44) << what << std::setw(6) << how << std::right;
    rows_ += rows_.empty() ? "\n" : ",\n";
    rows_ += "    {\"who\": \"" + who + "\", \"what\": \"" + what + "\", \"how\": \"" + how + '"';
    if (!wrong.empty()) {
      std::cout << " WRONG: " << wrong << std::endl;
      rows_ += ", \"wrong\": \"" + wrong + "\"}";
      ++wrong_;
      return;
    }
    std::cout << std::fixed << std::setprecision(2) << std::setw(12) << us << " us";
    if (work.bytes > 0) std::cout << std::setw(10) << work.bytes / us / 1e6 << " TB/s";
    if (work.flops > 0) std::cout << std::setw(10) << work.flops / us / 1e6 << " TFLOP/s";
    std::cout << std::endl;
    rows_ += ", \"us\": " + std::to_string(us) + ", \"bytes\": " + std::to_string(work.bytes) +
             ", \"flops\": " + std::to_string(work.flops) + '}';
  }
  /// A measurement that could not be made.
  void miss(const std::string& what, const std::string& why) {
    std::cout << what << ": " << why << std::endl;
    misses_ +=
        (misses_.empty() ? "\n" : ",\n") + std::string("    {\"what\": \"") + what + "\", \"why\": \"" + why + "\"}";
  }
  int write(const std::string& path) const {
    std::ofstream(path) << "{\n  \"device\": " << device() << ",\n  \"results\": [" << rows_
                        << "\n  ],\n  \"missing\": [" << misses_ << "\n  ]\n}\n";
    return wrong_ == 0 ? 0 : 1;
  }

 private:
  static std::string device() {
    cudaDeviceProp properties{};
    int runtime = 0, driver = 0, clock = 0, memory_clock = 0;
    simt::check(cudaGetDeviceProperties(&properties, 0));
    simt::check(cudaRuntimeGetVersion(&runtime));
    simt::check(cudaDriverGetVersion(&driver));
    simt::check(cudaDeviceGetAttribute(&clock, cudaDevAttrClockRate, 0));
    simt::check(cudaDeviceGetAttribute(&memory_clock, cudaDevAttrMemoryClockRate, 0));
    return std::string("{\"name\": \"") + properties.name +
           "\", \"multiprocessors\": " + std::to_string(properties.multiProcessorCount) +
           ", \"l2_bytes\": " + std::to_string(properties.l2CacheSize) + ", \"runtime\": " + std::to_string(runtime) +
           ", \"driver_supports\": " + std::to_string(driver) + ", \"greatest_clock_khz\": " + std::to_string(clock) +
           ", \"memory_clock_khz\": " + std::to_string(memory_clock) + "}";
  }
  std::string rows_, misses_;
  int wrong_ = 0;
};

/// x[i] from a hash of i: uniform in [low, high), and the same on the host.
__host__ __device__ inline float hashed(std::uint64_t i, std::uint32_t seed, float low, float high) {
  std::uint64_t h = (i + 1) * 0x9e3779b97f4a7c15u + seed * 0xbf58476d1ce4e5b9u;
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
  h ^= h >> 31;
  return low + (high - low) * static_cast<float>(h >> 40) * 0x1p-24f;
}
__global__ static void fill_hashed(std::int64_t n, float* x, std::uint32_t seed, float low, float high) {
  const std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i < n) x[i] = hashed(static_cast<std::uint64_t>(i), seed, low, high);
}

/// n floats of device memory, random.
class Floats {
 public:
  explicit Floats(std::int64_t n, std::uint32_t seed = 1, float low = -1, float high = 1)
      : array_(static_cast<std::size_t>(n)) {
    simt::launch<fill_hashed>({static_cast<unsigned>((n + 255) / 256), 256}, n, array_.data(), seed, low, high);
    simt::check(cudaDeviceSynchronize());
  }
  operator float*() { return array_.data(); }
  std::vector<float> download() const { return array_.download(); }

 private:
  simt::Array<float> array_;
};

}  // namespace wengert::gpu_bench
