// time JSON [NAME]: how long the kernels take, beside the machine's bandwidth and cuBLAS; NAME: only the parts whose names begin
// so. What is timed has been verified on the same data just before. The file is written after each part.
#include <string>
#include <string_view>
#include <thread>

#include "bench/gpu/timing.hpp"
#include "kernels/base/parallel.hpp"

int main(int count, char** arguments) {
  using namespace wengert::gpu_bench;
  wengert::set_threads(static_cast<int>(std::thread::hardware_concurrency()));
  Clock clock;
  Results results;
  const std::string file = count > 1 ? arguments[1] : "/dev/null", only = count > 2 ? arguments[2] : "";
  int code = 1;
  for (const Part& part : Part::all()) {
    if (!std::string_view(part.name).starts_with(only)) continue;
    part.attempt(clock, results);
    code = results.write(file);
  }
  return code;
}
