// How long work takes on a GPU, and what came of it, as JSON.
#pragma once

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include "bench/gpu/direct.hpp"
#include "bench/gpu/hashed.hpp"

namespace wengert::gpu_bench {

/// Times what is issued to the device's stream, which unlike CUDA's default one can be captured.
class Clock {
 public:
  Clock() {
    simt::check(cudaEventCreate(&start_));
    simt::check(cudaEventCreate(&stop_));
  }
  Clock(const Clock&) = delete;
  ~Clock() {
    cudaEventDestroy(start_);
    cudaEventDestroy(stop_);
  }
  GpuStream& on() { return device_.stream(); }
  simt::Stream queue() { return on().queue; }
  void wait() { simt::check(cudaStreamSynchronize(queue())); }

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
    simt::check(cudaStreamBeginCapture(queue(), cudaStreamCaptureModeThreadLocal));
    for (int k = 0; k < nodes; ++k) work(k);
    simt::check(cudaStreamEndCapture(queue(), &graph));
    simt::check(cudaGraphInstantiate(&ready, graph, 0));
    const auto run = [&] { return span([&] { simt::check(cudaGraphLaunch(ready, queue())); }) / nodes; };
    run();
    const double result = median(run);
    cudaGraphExecDestroy(ready);
    cudaGraphDestroy(graph);
    return result;
  }

 private:
  template <class Work>
  double span(const Work& work) {
    simt::check(cudaEventRecord(start_, queue()));
    work();
    simt::check(cudaEventRecord(stop_, queue()));
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

  FirstDevice device_;
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

/// n floats of device memory, random.
class Floats {
 public:
  explicit Floats(std::int64_t n, std::uint32_t seed = 1, float low = -1, float high = 1)
      : array_(static_cast<std::size_t>(n)), data_(array_.data()) {
    simt::launch<fill_hashed<>>({static_cast<unsigned>((n + 255) / 256), 256}, n, data_, seed, low, high);
    simt::check(cudaDeviceSynchronize());
  }
  operator float*() const { return data_; }
  std::vector<float> download() const { return array_.download(); }

 private:
  simt::Array<float> array_;
  float* data_;
};

/// The values in device memory, for every stream: an upload alone is only in order on CUDA's default one.
template <class T>
simt::Array<T> uploaded(const std::vector<T>& values) {
  simt::Array<T> array(values.size());
  array.upload(values);
  simt::check(cudaDeviceSynchronize());
  return array;
}

/// Fills x with NaN, so that what is found there later was written in between.
inline void erase(float* x, std::int64_t n) {
  simt::check(cudaMemset(x, 0xff, static_cast<std::size_t>(n) * sizeof(float)));
  simt::check(cudaDeviceSynchronize());
}

inline std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }
inline constexpr std::int64_t million = 1'000'000;

inline std::string differs(const std::vector<float>& got, const std::vector<float>& wanted) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (got[i] != wanted[i]) return "element " + std::to_string(i) + " has other bits than the CPU's";
  }
  return {};
}

/// A part of what is timed. One that fails is noted, and the others go on.
struct Part {
  using Measure = void (*)(Clock&, Results&);
  const char* name;
  Measure measure;

  Part(const char* part, Measure how) : name(part), measure(how) { all().push_back(*this); }
  void attempt(Clock& clock, Results& results) const {
    try {
      measure(clock, results);
    } catch (const std::exception& error) {
      results.miss(name, error.what());
    }
  }
  static std::vector<Part>& all() {
    static std::vector<Part> parts;
    return parts;
  }
};

}  // namespace wengert::gpu_bench
