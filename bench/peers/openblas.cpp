// OpenBLAS.
#include <cblas.h>

#include "bench/peers/products.hpp"

namespace wengert::bench {
namespace {

class BlasProducts : public ProductRun {
 public:
  using ProductRun::ProductRun;
  void step() override {
    for (std::int64_t row = 0; row < rows; ++row) std::copy(bias.begin(), bias.end(), y.begin() + row * out);
    product(CblasNoTrans, CblasTrans, rows, out, in, x, in, weight, in, 1, y);
    if (!with_backward) return;
    product(CblasNoTrans, CblasNoTrans, rows, in, out, dy, out, weight, in, 0, dx);
    product(CblasTrans, CblasNoTrans, out, in, rows, dy, out, x, in, 0, dweight);
    std::fill(dbias.begin(), dbias.end(), 0.f);
    for (std::int64_t row = 0; row < rows; ++row) {
      const float* const from = dy.data() + row * out;
      for (std::int64_t column = 0; column < out; ++column) dbias[static_cast<std::size_t>(column)] += from[column];
    }
  }

 private:
  static void product(CBLAS_TRANSPOSE a_as, CBLAS_TRANSPOSE b_as, std::int64_t m, std::int64_t n, std::int64_t k,
                      const std::vector<float>& a, std::int64_t a_pitch, const std::vector<float>& b,
                      std::int64_t b_pitch, float keep, std::vector<float>& c) {
    const auto size = [](std::int64_t value) { return static_cast<blasint>(value); };
    cblas_sgemm(CblasRowMajor, a_as, b_as, size(m), size(n), size(k), 1, a.data(), size(a_pitch), b.data(),
                size(b_pitch), keep, c.data(), size(n));
  }
};

}  // namespace
}  // namespace wengert::bench

void wengert_bench_contestants(std::vector<wengert::bench::Contestant>& contestants) {
  contestants.push_back(wengert::bench::of_products<wengert::bench::BlasProducts>("openblas"));
}
