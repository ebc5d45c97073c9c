#include "kernels/ops/matmul/linear.hpp"

#include <algorithm>

#include "bench/gpu/test/products.hpp"
#include "kernels/cpu/column_sums.hpp"
#include "kernels/ops/matmul/gpu_linear.hpp"
#include "tests/support/closeness.hpp"

namespace wengert::gpu_check {
namespace {

using kernels::LinearShape;

// By the CPU, in the fixed tree. (Its own linear_backward would bring in Eigen, which a machine with a GPU may lack.)
void add_columns(std::int64_t rows, std::int64_t cols, const std::vector<float>& x, Sink<float> sums) {
  kernels::cpu::column_sums<float>(x.data(), rows, cols, cols,
                                   [&](std::int64_t column, float sum) { sums.put(column, sum); });
}

// The mask lets dy through where y is not 0.
std::string passes(LinearShape s, std::size_t shift, const Guarded<std::uint8_t>& mask, const std::vector<float>& y,
                   const Guarded<float>& dy) {
  const Guarded<float> dz(std::vector<float>(y.size(), 0.25f), shift);
  std::vector<float> wanted = dy.get();
  for (std::size_t i = 0; i < y.size(); ++i) wanted[i] = 0.25f + (y[i] > 0 ? wanted[i] : 0);
  kernels::gpu::linear_relu_gradient(on(), s.rows, s.out, mask.data(), dy.data(), {dz.data(), SinkMode::add});
  const std::string wrong = other_bits(dz.get(), wanted);
  mask.get();  // for its guards
  return wrong;
}

// Against float64; exactly, if all numbers are small integers. The bias' gradient has the CPU's bits.
std::string linear(LinearShape s, std::size_t shift, bool integers, bool relu) {
  Random random(static_cast<unsigned>(s.rows * s.in + s.out));
  const auto some = [&](std::int64_t n) { return draw(random, n, integers); };
  const std::vector<float> x = some(s.rows * s.in), w = some(s.out * s.in), b = some(s.out), dy = some(s.rows * s.out);
  std::vector<double> y(dy.size()), dx(x.size(), 1), dw(w.size(), 1);
  std::vector<float> db(b.size(), 1);
  add_product({s.rows, s.in, s.out, false, true}, x, w, y);
  add_product({s.rows, s.out, s.in}, dy, w, dx);
  add_product({s.out, s.rows, s.in, true, false}, dy, x, dw);
  for (std::size_t i = 0; i < y.size(); ++i) {
    y[i] += static_cast<double>(b[i % size(s.out)]);
    if (relu) y[i] = std::max(y[i], 0.0);
  }
  add_columns(s.rows, s.out, dy, {db.data(), SinkMode::add});

  const auto ones = [](std::size_t n) { return std::vector<float>(n, 1); };
  const Guarded<std::uint8_t> mask(size(kernels::gpu::relu_mask_bytes(s.rows, s.out)), shift);
  const Guarded<float> gx(x, shift), gw(w, shift), gb(b, shift), gdy(dy, shift), gy(y.size(), shift),
      gdx(ones(x.size()), shift), gdw(ones(w.size()), shift), gdb(ones(b.size()), shift);
  if (relu) {
    kernels::gpu::linear_relu(on(), s, gx.data(), gw.data(), gb.data(), gy.data(), mask.data());
    if (const std::string wrong = passes(s, shift, mask, gy.get(), gdy); !wrong.empty()) return "mask: " + wrong;
  } else {
    run<&kernels::linear<float>>(s, gx.data(), gw.data(), gb.data(), gy.data());
  }
  const auto added = [](const Guarded<float>& to) { return Sink<float>{to.data(), SinkMode::add}; };
  run<&kernels::linear_backward<float>>(s, gx.data(), gw.data(), gdy.data(), added(gdx), added(gdw), added(gdb));
  using testing::difference;
  return first_of({{"y", difference(wide(gy.get()), y, closeness(integers))},
                   {"dx", difference(wide(gdx.get()), dx, closeness(integers))},
                   {"dW", difference(wide(gdw.get()), dw, closeness(integers))},
                   {"db", other_bits(gdb.get(), db)}});
}

// The bias' gradient alone.
std::string bias(std::int64_t rows, std::int64_t out, std::size_t shift) {
  const LinearShape s{rows, 0, out};
  const std::vector<float> dy = Random(static_cast<unsigned>(rows)).normal(size(rows * out));
  std::vector<float> db(size(out));
  add_columns(rows, out, dy, {db.data(), SinkMode::write});
  const Guarded<float> gdy(dy, shift), gdb(std::vector<float>(db.size(), 77.0f), shift);
  const Sink<float> ignored{nullptr, SinkMode::ignore};
  run<&kernels::linear_backward<float>>(s, nullptr, nullptr, gdy.data(), ignored, ignored,
                                        Sink<float>{gdb.data(), SinkMode::write});
  return other_bits(gdb.get(), db);
}

void test_bias(Findings& findings, bool quick) {
  for (const std::int64_t rows :
       {0, 1, 2, 7, 31, 64, 127, 128, 129, 1000, 4095, 4096, 4097, 8200, 20'000, 16'781'313}) {
    for (const std::int64_t out : {1, 2, 4, 5, 10, 16, 17, 32, 33, 100, 1000}) {
      if (rows * out > (quick ? 40'000 : 20'000'000)) continue;
      const std::size_t shift = static_cast<std::size_t>(out) % 4;
      findings.expect("bias of " + std::to_string(rows) + " x " + std::to_string(out),
                      [&] { return bias(rows, out, shift); });
    }
  }
}

const Suite suite([](Findings& findings, bool quick) {
  test_bias(findings, quick);
  for (const LinearShape s : {LinearShape{20, 2, 4},
                              {3, 1, 2},
                              {20, 4, 1},
                              {33, 7, 65},
                              {128, 784, 256},
                              {128, 256, 10},
                              {96, 784, 256},
                              {65, 100, 33},
                              {130, 17, 129},
                              {256, 128, 256},
                              {7, 2100, 9},
                              {1024, 64, 1024},
                              {1030, 33, 1025},
                              {1024, 1024, 1024},
                              {130, 2500, 129},
                              {1024, 264, 1152}}) {
    const bool large = s.rows * s.in * s.out > 1'000'000;
    if (quick && large) continue;
    for (const std::size_t shift : {0, 1}) {
      for (const bool integers : {true, false}) {
        for (const bool relu : {false, true}) {
          if (large && relu == integers) continue;
          const std::string name = "linear " + std::to_string(s.rows) + " x " + std::to_string(s.in) + " x " +
                                   std::to_string(s.out) + ", shift " + std::to_string(shift) +
                                   (integers ? ", integers" : "") + (relu ? ", relu" : "");
          findings.expect(name, [&] { return linear(s, shift, integers, relu); });
        }
      }
    }
  }
});

}  // namespace
}  // namespace wengert::gpu_check
