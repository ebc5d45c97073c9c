#include "bench/build_context.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace wengert::bench {
namespace {

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "not known";
}

std::string last_level_cache() {
  int size = 0;
  for (const auto& cache : benchmark::CPUInfo::Get().caches) size = std::max(size, cache.size);
  return std::to_string(size);
}

#ifdef __clang__
constexpr const char* compiler = "clang++ " __clang_version__;
#else
constexpr const char* compiler = "g++ " __VERSION__;
#endif

}  // namespace

void add_build_context() {
  benchmark::AddCustomContext("wengert_version", WENGERT_VERSION);
  benchmark::AddCustomContext("compiler", compiler);
  benchmark::AddCustomContext("flags", WENGERT_FLAGS);
  benchmark::AddCustomContext("cpu", processor());
  benchmark::AddCustomContext("last_level_cache", last_level_cache());
  benchmark::AddCustomContext("threads", "1");
}

}  // namespace wengert::bench
