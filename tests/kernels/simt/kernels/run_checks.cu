// Runs every check and says how it went, a line each.
#include <simt.hpp>

#include <cstdio>

#include "tests/kernels/simt/kernels/checks.hpp"

namespace {

/// The reason why nothing can run here, if there is one.
std::string without_device() {
#ifdef __CUDACC__
  int devices = 0;
  if (const cudaError_t code = cudaGetDeviceCount(&devices); code != cudaSuccess) return cudaGetErrorString(code);
#endif
  return {};
}

std::string outcome(const simt_checks::Check& check) {
  try {
    return check.run();
  } catch (const simt::Error& error) {
    return error.what();
  }
}

}  // namespace

int main() {
  if (const std::string reason = without_device(); !reason.empty()) {
    std::printf("[skipped] no CUDA device: %s\n", reason.c_str());
    return 0;
  }
  bool failed = false;
  for (const simt_checks::Check& check : simt_checks::checks) {
    const std::string wrong = outcome(check);
    std::printf("%s: %s\n", check.name, wrong.empty() ? "ok" : wrong.c_str());
    failed |= !wrong.empty();
  }
  return failed ? 1 : 0;
}
