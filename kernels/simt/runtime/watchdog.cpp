#include "kernels/simt/runtime/watchdog.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>

namespace simt::detail {

void Watchdog::watch(std::span<const std::unique_ptr<Worker>> workers, double timeout) {
  if (timeout <= 0) return;
  const std::lock_guard lock(mutex_);
  timeout_ = timeout;
  try {
    for (const auto& worker : workers) watched_.push_back({worker.get(), worker->beats(), 0});
    if (!started_) std::thread([this] { run(); }).detach();
    started_ = true;
  } catch (const std::exception&) {  // there is no memory or no thread for it
    watched_.clear();
  }
  // A watchdog that still looks around after the last launch need not be woken: that would cost more than a launch.
  if (asleep_) wake_.notify_one();
}

void Watchdog::rest() {
  const std::lock_guard lock(mutex_);
  watched_.clear();
}

void Watchdog::run() {
  for (std::unique_lock lock(mutex_);;) {
    asleep_ = true;
    wake_.wait(lock, [this] { return !watched_.empty(); });
    asleep_ = false;
    while (!watched_.empty()) {
      look();
      wake_.wait_for(lock, std::chrono::duration<double>(std::min(timeout_ / 10, 1.0)));
    }
  }
}

void Watchdog::look() {
  for (Watched& each : watched_) {
    const std::uint64_t beats = each.worker->beats();
    const double now = each.worker->processor_seconds();
    if (beats != each.beats || each.since == 0) {
      each.beats = beats;
      each.since = now;
    } else if (now - each.since >= timeout_) {
      const std::string message = text(
          "simt: ", to_string(each.worker->here()), ": has run for ", timeout_,
          " s without coming to a barrier or its end; if it waits for another thread by plain reads, that does not get "
          "its turn. SIMT_TIMEOUT sets the seconds, and 0 lets it run\n");
      std::fputs(message.c_str(), stderr);
      std::abort();  // where a debugger stops
    }
  }
}

}  // namespace simt::detail
