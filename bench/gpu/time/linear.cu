#include "kernels/ops/matmul/linear.hpp"

#include <memory>

#include "bench/gpu/timing.hpp"
#include "kernels/cpu/column_sums.hpp"
#include "kernels/devices/cuda/cublas.hpp"
#include "kernels/ops/matmul/gpu_linear.hpp"
#include "kernels/ops/matmul/gpu_product.hpp"
#include "kernels/ops/matmul/matmul.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::gpu_bench {
namespace {

using kernels::gpu::Cublas;

// Some of the elements of a product, in float64: `term(i, j, k)` is what element (i, j) adds up.
template <class Term>
std::string check_product(const std::vector<float>& got, std::int64_t rows, std::int64_t cols, std::int64_t depth,
                          const Term& term, double close) {
  std::vector<double> some, wanted;
  for (int sample = 0; sample < 2000; ++sample) {
    const auto i = static_cast<std::int64_t>(hashed(size(sample), 5, 0, 0.999999f) * static_cast<float>(rows));
    const auto j = static_cast<std::int64_t>(hashed(size(sample), 6, 0, 0.999999f) * static_cast<float>(cols));
    double sum = 0;
    for (std::int64_t k = 0; k < depth; ++k) sum += term(i, j, k);
    some.push_back(static_cast<double>(got[size(i * cols + j)]));
    wanted.push_back(sum);
  }
  return testing::difference(some, wanted, close);
}

// Measures the products of a layer of one shape, of which it knows the operands.
class Layer {
 public:
  Layer(Clock& clock, Results& results, kernels::LinearShape shape) : clock_(clock), results_(results), s_(shape) {}

  void forward(Cublas* cublas) {
    GpuStream& on = clock_.on();
    const auto term = [&](auto i, auto j, auto k) { return at(hx_, i * s_.in + k) * at(hw_, j * s_.in + k); };
    const kernels::MatmulShape shape{s_.rows, s_.in, s_.out, false, true};
    const auto plain = [&](int) { run<&kernels::matmul<float>>(on, shape, x_, w_, sink(y_)); };
    const auto relu = [&](int) { kernels::gpu::linear_relu(on, s_, x_, w_, b_, y_); };
    const auto mask = [&](int) { kernels::gpu::linear_relu(on, s_, x_, w_, b_, y_, mask_.data()); };
    measure("wengert", "linear fp32 (a1)", plain, term, y_, s_.rows, s_.out, s_.in, 5e-6);
    epilogue("linear fp32 + bias + relu (a6, a7)", relu);
    epilogue("linear fp32 + bias + relu + mask (a6)", mask);
    if (kernels::gpu::is_for_tensor_cores(shape)) {
      on.use(wengert::Products::tf32);
      measure("wengert", "linear tf32 (a5)", plain, term, y_, s_.rows, s_.out, s_.in, 3e-3);
      epilogue("linear tf32 + bias + relu + mask (a6)", mask);
      on.use(wengert::Products::three_tf32);
      measure("wengert", "linear 3xtf32 (a2)", plain, term, y_, s_.rows, s_.out, s_.in, 5e-6);
      on.use(wengert::Products::own);
    }
    if (cublas == nullptr) return;
    for (const bool tf32 : {false, true}) {
      cublas->tf32 = tf32;
      const auto peer = [&](int) { cublas->product(shape, x_, w_, sink(y_)); };
      measure("cublas", tf32 ? "linear tf32" : "linear fp32", peer, term, y_, s_.rows, s_.out, s_.in,
              tf32 ? 3e-3 : 5e-6);
    }
  }

  void backward() {
    const auto to = [&](kernels::Sink<float> dx, kernels::Sink<float> dw, kernels::Sink<float> db) {
      return [=, this](int) { run<&kernels::linear_backward<float>>(clock_.on(), s_, x_, w_, dy_, dx, dw, db); };
    };
    const auto products = [&](const std::string& precision, const std::string& goal, double close) {
      measure(
          "wengert", "linear " + precision + " dx" + goal, to(sink(dx_), ignored, ignored),
          [&](auto i, auto j, auto k) { return at(hdy_, i * s_.out + k) * at(hw_, k * s_.in + j); }, dx_, s_.rows,
          s_.in, s_.out, close);
      measure(
          "wengert", "linear " + precision + " dW" + goal, to(ignored, sink(dw_), ignored),
          [&](auto i, auto j, auto k) { return at(hdy_, k * s_.out + i) * at(hx_, k * s_.in + j); }, dw_, s_.out, s_.in,
          s_.rows, close);
    };
    products("fp32", "", 5e-6);
    if (kernels::gpu::is_for_tensor_cores({s_.rows, s_.out, s_.in})) {
      clock_.on().use(wengert::Products::tf32);
      products("tf32", " (a4)", 3e-3);
      clock_.on().use(wengert::Products::own);
    }
    bias(to(ignored, ignored, sink(db_)));
  }

 private:
  static double at(const std::vector<float>& v, std::int64_t i) { return static_cast<double>(v[size(i)]); }
  static kernels::Sink<float> sink(float* to) { return {to, SinkMode::write}; }
  static constexpr kernels::Sink<float> ignored{nullptr, SinkMode::ignore};

  std::string name() const {
    return std::to_string(s_.rows) + " x " + std::to_string(s_.in) + " x " + std::to_string(s_.out);
  }
  double flops() const {
    return 2.0 * static_cast<double>(s_.rows) * static_cast<double>(s_.in) * static_cast<double>(s_.out);
  }
  bool small() const { return s_.rows * s_.out < 100'000; }

  template <class Run, class Term>
  void measure(const std::string& who, const std::string& what, const Run& work, const Term& term, const Floats& result,
               std::int64_t rows, std::int64_t cols, std::int64_t depth, double close) {
    erase(result, rows * cols);
    work(0);
    clock_.wait();
    const std::string wrong = check_product(result.download(), rows, cols, depth, term, close);
    results_.add(who, what + " " + name(), "warm", clock_.call(work), {0, flops()}, wrong);
    if (small()) results_.add(who, what + " " + name(), "node", clock_.node(work), {0, flops()}, wrong);
  }

  template <class Run>
  void epilogue(const std::string& what, const Run& work) {
    results_.add("wengert", what + " " + name(), small() ? "node" : "warm",
                 small() ? clock_.node(work) : clock_.call(work), {0, flops()});
  }

  template <class Run>
  void bias(const Run& work) {
    std::vector<float> db(size(s_.out));
    kernels::cpu::column_sums<float>(hdy_.data(), s_.rows, s_.out, s_.out,
                                     [&](std::int64_t column, float sum) { db[size(column)] = sum; });
    work(0);
    clock_.wait();
    results_.add("wengert", "linear db " + name(), small() ? "node" : "warm",
                 small() ? clock_.node(work) : clock_.call(work), {4.0 * static_cast<double>(s_.rows * s_.out)},
                 differs(db_.download(), db));
  }

  Clock& clock_;
  Results& results_;
  kernels::LinearShape s_;
  Floats x_{s_.rows * s_.in, 1}, w_{s_.out * s_.in, 2}, b_{s_.out, 3}, dy_{s_.rows * s_.out, 4};
  Floats y_{s_.rows * s_.out}, dx_{s_.rows * s_.in}, dw_{s_.out * s_.in}, db_{s_.out};
  simt::Array<std::uint8_t> mask_{size(kernels::gpu::relu_mask_bytes(s_.rows, s_.out))};
  std::vector<float> hx_ = x_.download(), hw_ = w_.download(), hdy_ = dy_.download();
};

void linear(Clock& clock, Results& results) {
  std::unique_ptr<Cublas> cublas;
  try {
    cublas = std::make_unique<Cublas>(clock.queue());
  } catch (const std::exception& error) {
    results.miss("cublas", error.what());
  }
  for (const kernels::LinearShape shape :
       {kernels::LinearShape{4096, 4096, 4096}, {8192, 8192, 8192}, {1024, 1024, 1024}, {128, 784, 256}, {20, 2, 4}}) {
    Layer layer(clock, results, shape);
    layer.forward(cublas.get());
    layer.backward();
  }
}

const Part part("linear", linear);

}  // namespace
}  // namespace wengert::gpu_bench
