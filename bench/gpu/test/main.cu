// test JSON [quick|all [N [NAME]]]: the GPU's kernels against the CPU's: the same bits where they are promised, else
// against float64. `quick` takes small shapes only; N every Nth check; NAME those whose names begin so.
#include <iostream>
#include <thread>

#include "bench/gpu/test/trial.hpp"
#include "examples/support/numbers.hpp"
#include "kernels/base/parallel.hpp"

int main(int count, char** arguments) {
  using namespace wengert::gpu_check;
  const std::vector<std::string> options(arguments + 1, arguments + count);
  const bool quick = options.size() > 1 && options[1] == "quick";
  wengert::set_threads(static_cast<int>(std::thread::hardware_concurrency()));
  const std::optional<int> every = wengert::examples::parse_number<int>(options.size() > 2 ? options[2] : "1");
  if (!every || *every < 1) {
    std::cerr << "test: '" << options[2] << "' is no N of every Nth check\n";
    return 2;
  }
  const Session session;
  Findings findings(options.empty() ? "/dev/null" : options[0], *every, options.size() > 3 ? options[3] : "");
  for (const Suite::Checks checks : Suite::all()) checks(findings, quick);
  return findings.conclude();
}
