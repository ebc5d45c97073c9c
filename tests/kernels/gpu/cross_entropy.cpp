// The ways of cross-entropy's kernels on devices with little and with much shared memory.
#include "kernels/ops/cross_entropy/cross_entropy.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <simt.hpp>
#include <string>
#include <type_traits>

#include "bench/gpu/test/trial.hpp"
#include "kernels/ops/cross_entropy/gpu_block.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::gpu_check {
namespace {

using kernels::Rows;
using kernels::gpu::Labels;
using kernels::gpu::Probabilities;
using testing::difference;

constexpr int smallest = 48 << 10, usual = 99 << 10, largest = 227 << 10;

/// So much shared memory for the blocks of launches in this scope.
class SharedMemory {
 public:
  explicit SharedMemory(int bytes) { simt::options().shared_bytes = bytes; }
  SharedMemory(const SharedMemory&) = delete;
  ~SharedMemory() { simt::options().shared_bytes = largest; }
};

struct Results {
  std::vector<float> loss, dx;
};

/// Logits, with labels or probabilities, whose results are asked for on several devices.
template <bool Soft>
class Problem {
 public:
  explicit Problem(Rows shape)
      : s_(shape),
        random_(static_cast<unsigned>(shape.cols)),
        x_(random_.normal(size(s_.rows * s_.cols), 3)),
        p_(random_.uniform(Soft ? x_.size() : 0, 0, 2 / static_cast<float>(s_.cols))),
        labels_(random_.integers(size(s_.rows), static_cast<std::int32_t>(s_.cols))) {}

  Results on(int shared_bytes) const {
    const SharedMemory scope(shared_bytes);
    const Guarded<float> x(x_), p(p_), loss(1), dx(x_.size());
    const Guarded<std::int32_t> labels(labels_);
    if constexpr (Soft) {
      run<&kernels::soft_cross_entropy<float>>(s_, x.data(), p.data(), loss.data(), dx.data());
    } else {
      run<&kernels::cross_entropy<float>>(s_, x.data(), labels.data(), loss.data(), dx.data());
    }
    return {loss.get(), dx.get()};
  }

  /// How a device's results differ from the CPU's in float64, relative to what they are differences of; or nothing.
  std::string mismatch(const Results& got) const {
    const std::vector<double> x = wide(x_), p = wide(p_);
    std::vector<double> loss(1), dx(x_.size());
    if constexpr (Soft) {
      kernels::soft_cross_entropy(cpu, s_, x.data(), p.data(), loss.data(), dx.data());
    } else {
      kernels::cross_entropy(cpu, s_, x.data(), labels_.data(), loss.data(), dx.data());
    }
    const double of_terms = std::log(static_cast<double>(s_.cols)) + 9, share = 1 / static_cast<double>(s_.rows);
    return first_of({{"loss", difference({got.loss[0], of_terms}, {loss[0], of_terms}, 3e-6)},
                     {"dx", difference(and_last(wide(got.dx), share), and_last(dx, share), 5e-6)}});
  }

 private:
  static std::vector<double> and_last(std::vector<double> values, double last) {
    values.push_back(last);
    return values;
  }

  Rows s_;
  Random random_;
  std::vector<float> x_, p_;
  std::vector<std::int32_t> labels_;
};

template <bool Soft>
void check_columns() {
  using Target = std::conditional_t<Soft, Probabilities, Labels>;
  const Session session;
  std::vector<std::int64_t> columns{512, 513, 1024, 1025, 4096, 4097, 32767, 32768, 32769, 50257, 61001, 65537};
  for (const int limit :
       {smallest, usual, largest}) {  // the longest row for which shared memory has room, and the next ones
    const auto longest = static_cast<std::int64_t>((limit - kernels::gpu::block_static_bytes<Target>) / 16 * 4);
    for (const std::int64_t more : {-4, -3, 0, 1, 4}) columns.push_back(longest + more);
  }
  for (const std::int64_t cols : columns) {
    CAPTURE(cols);
    const Problem<Soft> problem({3, cols});
    const Results expected = problem.on(largest);
    CHECK(problem.mismatch(expected) == "");
    for (const int limit : {smallest, usual}) {
      CAPTURE(limit);
      const Results got = problem.on(limit);
      CHECK(other_bits(got.loss, expected.loss) == "");
      CHECK(other_bits(got.dx, expected.dx) == "");
    }
  }
}

TEST_CASE("cross_entropy: the same bits with 48, 99 and 227 KiB of shared memory, whatever the number of columns") {
  check_columns<false>();
}
TEST_CASE(
    "soft_cross_entropy: the same bits with 48, 99 and 227 KiB of shared memory, whatever the number of columns") {
  check_columns<true>();
}

TEST_CASE("cross_entropy: rows of one block after another, with and without room for the next") {
  const Session session;
  const AtMost blocks(1, on());
  for (const std::int64_t cols : {2000, 30000}) {
    const Problem<false> problem({5, cols});
    const Problem<true> soft({5, cols});
    const Results expected = problem.on(largest), expected_soft = soft.on(largest);
    CHECK(problem.mismatch(expected) == "");
    CHECK(soft.mismatch(expected_soft) == "");
    CHECK(other_bits(problem.on(smallest).dx, expected.dx) == "");
    CHECK(other_bits(soft.on(smallest).dx, expected_soft.dx) == "");
  }
}

}  // namespace
}  // namespace wengert::gpu_check
