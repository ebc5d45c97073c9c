// Eigen by itself.
#include <Eigen/Core>

#include "bench/peers/products.hpp"

namespace wengert::bench {
namespace {

class EigenProducts : public ProductRun {
 public:
  using ProductRun::ProductRun;
  void step() override {
    const Map X(x.data(), rows, in), W(weight.data(), out, in), dY(dy.data(), rows, out);
    Result Y(y.data(), rows, out);
    Y.noalias() = X * W.transpose();
    Y.rowwise() += Eigen::Map<const Eigen::RowVectorXf>(bias.data(), out);
    if (!with_backward) return;
    Result(dx.data(), rows, in).noalias() = dY * W;
    Result(dweight.data(), out, in).noalias() = dY.transpose() * X;
    Eigen::Map<Eigen::RowVectorXf>(dbias.data(), out) = dY.colwise().sum();
  }

 private:
  using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Map = Eigen::Map<const Matrix>;
  using Result = Eigen::Map<Matrix>;
};

}  // namespace
}  // namespace wengert::bench

void wengert_bench_contestants(std::vector<wengert::bench::Contestant>& contestants) {
  contestants.push_back(wengert::bench::of_products<wengert::bench::EigenProducts>("eigen"));
}
