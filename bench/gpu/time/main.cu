// time JSON: how long the kernels take, beside the machine's bandwidth and cuBLAS. What is timed has been verified on the
// same data just before.
#include <thread>

#include "bench/gpu/timing.hpp"
#include "kernels/parallel.hpp"

int main(int count, char** arguments) {
  using namespace wengert::gpu_bench;
  wengert::set_threads(static_cast<int>(std::thread::hardware_concurrency()));
  Clock clock;
  Results results;
  for (const Part& part : Part::all()) part.attempt(clock, results);
  return results.write(count > 1 ? arguments[1] : "/dev/null");
}
