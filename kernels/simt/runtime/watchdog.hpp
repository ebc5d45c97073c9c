// Ends the process where a CUDA thread runs on for ever: no error can be thrown into a loop that calls nothing.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <ctime>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "kernels/simt/runtime/worker.hpp"

namespace simt::detail {

class Watchdog {
 public:
  /// Until rest(), each worker's threads have `timeout` seconds of processor time from one barrier, or other stop, to the
  /// next. Processor time, since a debugger may hold the program for as long as it likes. Where the system starts no thread,
  /// nobody watches this launch.
  void watch(std::span<const std::unique_ptr<Worker>> workers, double timeout);
  void rest();

 private:
  struct Watched {
    const Worker* worker;
    std::uint64_t beats;
    double since;  // processor time of the worker when it had come to these beats
  };
  void run();
  void look();

  std::mutex mutex_;
  std::condition_variable wake_;
  bool started_ = false, asleep_ = false;
  double timeout_ = 0;
  std::vector<Watched> watched_;
};

}  // namespace simt::detail
