#include "bench/problems.hpp"

#include "kernels/base/error.hpp"

namespace wengert::bench {
namespace {

// A chain of additions of one element: recorded, walked backward and freed. `nodes` tell what a node costs.
Problem chain(std::int64_t nodes) { return {"chain", {nodes}}; }

// A and B are read, and the gradient is written.
Problem similarity(std::int64_t n, std::int64_t pairs) {
  const auto numel = static_cast<double>(n);
  return {"similarity", {n, pairs}, 12 * numel, 12 * numel, 0};
}

Problem linear_layer(const char* work, int products, std::int64_t rows, std::int64_t in, std::int64_t out) {
  return {work, {rows, in, out}, 0, 0, 2. * products * static_cast<double>(rows * in * out)};
}

// `passes`: how often a number of the parameters is read or written, of which `arrays` take part.
Problem optimizer(const char* work, int arrays, int passes, std::int64_t n) {
  const auto numel = static_cast<double>(n);
  return {work, {n}, 4 * arrays * numel, 4 * passes * numel, 0};
}

}  // namespace

std::vector<Problem> problems() {
  std::vector<Problem> all{{"recorded_add", {}}, {"two_blobs_step", {}}};
  for (const std::int64_t nodes : {100, 10'000, 1'000'000}) all.push_back(chain(nodes));
  for (const std::int64_t n : {100, 1000, 10'000, 100'000, 1'000'000, 16'000'000, 100'000'000, 150'000'000})
    all.push_back(similarity(n, 1));
  for (const std::int64_t pairs : {10, 100, 1000, 10'000}) all.push_back(similarity(1'000'000, pairs));
  all.push_back({"cross_entropy", {128, 10}});
  all.push_back({"cross_entropy", {8192, 10}});
  all.push_back({"cross_entropy", {1024, 32'000}});
  all.push_back(linear_layer("linear_forward", 1, 128, 784, 256));
  all.push_back(linear_layer("linear", 3, 20, 2, 4));
  all.push_back(linear_layer("linear", 3, 128, 784, 256));
  all.push_back(linear_layer("linear", 3, 1024, 1024, 1024));
  for (const std::int64_t n : {10'000, 1'000'000, 100'000'000}) {
    all.push_back(optimizer("sgd", 2, 3, n));
    all.push_back(optimizer("adam", 4, 7, n));
  }
  return all;
}

Problem find_problem(const std::string& key) {
  for (const Problem& problem : problems()) {
    if (problem.key() == key) return problem;
  }
  fail("no problem is called '", key, "'; --list lists them");
}

}  // namespace wengert::bench
