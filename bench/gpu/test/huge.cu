// Arrays of more than 2^31 elements, whose places no 32-bit number holds. A device has made them, and looks at the results.
#include <cmath>

#include "bench/gpu/hashed.hpp"
#include "bench/gpu/test/trial.hpp"
#include "kernels/ops/cross_entropy/cross_entropy.hpp"
#include "kernels/ops/elementwise/elementwise.hpp"
#include "kernels/ops/matmul/linear.hpp"
#include "kernels/ops/matmul/matmul.hpp"
#include "kernels/ops/optimizer/optimizer.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::gpu_check {
namespace {

#ifdef __CUDACC__  // the simulator would take hours

using gpu_bench::hashed;

constexpr std::int64_t past_32_bits = std::int64_t{1} << 31;

class Huge {
 public:
  explicit Huge(std::int64_t n, std::uint32_t seed = 1) : n_(n) {
    data_ = static_cast<float*>(kernels::gpu::platform::allocate(on().queue, size(n) * sizeof(float)));
    simt::launch<gpu_bench::fill_hashed<>>({blocks(), 256, 0, on().queue}, n, data_, seed, -1.0f, 1.0f);
  }
  Huge(const Huge&) = delete;
  ~Huge() { kernels::gpu::platform::release(on().device().index, on().queue, data_); }
  float* data() const { return data_; }
  unsigned blocks() const { return static_cast<unsigned>(kernels::gpu::ceil_div(n_, 256)); }
  Sink<float> sink() const { return {data_, SinkMode::write}; }

 private:
  std::int64_t n_;
  float* data_;
};

template <class Wanted>
__global__ void count_wrong(std::int64_t n, Wanted wanted, const float* got, unsigned* wrong) {
  const std::int64_t i = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (i < n && !(fabsf(got[i] - wanted(i)) <= 1e-5f)) atomicAdd(wrong, 1u);
}

// Whether element i is wanted(i) to 1e-5, by the device.
template <class Wanted>
std::string compare(std::int64_t n, const Huge& got, const Wanted& wanted) {
  const Guarded<unsigned> wrong(std::vector<unsigned>{0});
  simt::launch<count_wrong<Wanted>>({got.blocks(), 256, 0, on().queue}, n, wanted,
                                    static_cast<const float*>(got.data()), wrong.data());
  const unsigned count = wrong.get()[0];
  return count == 0 ? "" : std::to_string(count) + " of " + std::to_string(n) + " elements are wrong";
}

__device__ float number(std::int64_t i, std::uint32_t seed = 1) {
  return hashed(static_cast<std::uint64_t>(i), seed, -1.0f, 1.0f);
}

struct Squared {
  __device__ float operator()(std::int64_t i) const { return number(i) * number(i); }
};
std::string elementwise(std::int64_t n) {
  const Huge x(n), y(n, 2);
  run<&kernels::unary<kernels::Square, float>>(kernels::Square{}, n, x.data(), y.data());
  return compare(n, y, Squared{});
}

struct Stepped {
  __device__ float operator()(std::int64_t i) const { return number(i, 2) - 0.5f * number(i); }
};
std::string optimizer(std::int64_t n) {
  const Huge g(n), p(n, 2);
  const Guarded<double> lr(std::vector<double>{0.5});
  run<&kernels::sgd<float>>(kernels::SgdRule{0, 0}, n, lr.data(), nullptr, g.data(), nullptr, p.data());
  return compare(n, p, Stepped{});
}

// One column of A, whose rows are so many that their elements are past 2^31.
struct OfRow {
  std::int64_t k;
  __device__ float operator()(std::int64_t i) const {
    float sum = 0;
    for (std::int64_t j = 0; j < k; ++j) sum += number(i * k + j) * number(j, 3);
    return sum;
  }
};
std::string product(std::int64_t rows, std::int64_t k) {
  const Huge a(rows * k), b(k, 3), c(rows, 2);
  run<&kernels::matmul<float>>(kernels::MatmulShape{rows, k, 1}, a.data(), b.data(), c.sink());
  return compare(rows, c, OfRow{k});
}

// The gradient to labels that are all 1, in some rows from the first to the last.
std::string cross_entropy(std::int64_t rows, std::int64_t cols) {
  const Huge x(rows * cols), dx(rows * cols, 2);
  const Guarded<std::int32_t> labels(std::vector<std::int32_t>(size(rows), 1));
  const Guarded<float> loss(1);
  run<&kernels::cross_entropy<float>>(kernels::Rows{rows, cols}, x.data(), labels.data(), loss.data(), dx.data());
  for (std::int64_t row = 0; row < rows; row += (rows - 1) / 100) {
    const std::vector<double> got = wide(download(dx.data() + row * cols, size(cols)));
    std::vector<double> wanted;
    double sum = 0;
    for (std::int64_t c = 0; c < cols; ++c) {
      wanted.push_back(std::exp(static_cast<double>(hashed(size(row * cols + c), 1, -1, 1))));
      sum += wanted.back();
    }
    for (double& value : wanted) value /= sum * static_cast<double>(rows);
    wanted[1] -= 1 / static_cast<double>(rows);
    const std::string wrong = testing::difference(got, wanted, 5e-6);
    if (!wrong.empty()) return "row " + std::to_string(row) + ": " + wrong;
  }
  return {};
}

// Sums down the columns, against a product with ones.
std::string columns(std::int64_t rows, std::int64_t cols) {
  const Huge dy(rows * cols);
  const Guarded<float> db(size(cols)), ones(std::vector<float>(size(rows), 1.0f)), products(size(cols));
  const Sink<float> ignored{nullptr, SinkMode::ignore};
  run<&kernels::linear_backward<float>>(kernels::LinearShape{rows, 0, cols}, nullptr, nullptr, dy.data(), ignored,
                                        ignored, Sink<float>{db.data(), SinkMode::write});
  run<&kernels::matmul<float>>(kernels::MatmulShape{1, rows, cols}, ones.data(), dy.data(),
                               Sink<float>{products.data(), SinkMode::write});
  const std::vector<float> got = db.get(), wanted = products.get();
  for (std::size_t c = 0; c < got.size(); ++c) {
    const double allowed = 1e-7 * static_cast<double>(rows);
    if (!(std::abs(static_cast<double>(got[c]) - static_cast<double>(wanted[c])) <= allowed))
      return "column " + std::to_string(c) + " adds up to " + std::to_string(got[c]) + ", by a product to " +
             std::to_string(wanted[c]);
  }
  return {};
}

const Suite suite([](Findings& findings, bool quick) {
  if (quick) return;
  findings.expect("huge: elementwise", [] { return elementwise(past_32_bits + 4099); });
  findings.expect("huge: sgd", [] { return optimizer(past_32_bits + 4099); });
  findings.expect("huge: matmul", [] { return product(past_32_bits / 16 + 3, 17); });
  findings.expect("huge: cross-entropy", [] { return cross_entropy(past_32_bits / 128 + 3, 129); });
  findings.expect("huge: bias", [] { return columns(past_32_bits / 16 + 3, 17); });
});

#endif

}  // namespace
}  // namespace wengert::gpu_check
