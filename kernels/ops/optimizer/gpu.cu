#include "kernels/ops/optimizer/optimizer.hpp"

#include <cmath>
#include <limits>

#include "kernels/base/error.hpp"
#include "kernels/base/math.hpp"
#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/elements.hpp"
#include "kernels/gpu/last_block.hpp"
#include "kernels/gpu/sum_tree.hpp"

namespace wengert::kernels::gpu {
namespace {

constexpr int threads = 256, together = 2;

__device__ bool stopped(const std::int32_t* stop) { return stop != nullptr && *stop != 0; }

// g + decay p; without decay g itself, so that parameters which are not finite do not reach it.
__device__ float decayed(float g, float decay, float p) {
  return decay == 0.0f ? g : __fadd_rn(g, __fmul_rn(decay, p));
}

// As on the CPU, where numbers below the least normal one are slow.
__device__ float normal_or_zero(float x) { return fabsf(x) < std::numeric_limits<float>::min() ? 0.0f : x; }

// Updates n places of Arrays arrays, of which the first is only read: step(x) is given a number of each and changes
// them. The loads of two quads of each array are in flight together.
template <int Arrays, class Step>
__device__ void update(std::int64_t n, float* const (&array)[Arrays], const Step& step) {
  const std::int64_t thread = std::int64_t{blockIdx.x} * threads + threadIdx.x, all = std::int64_t{gridDim.x} * threads;
  bool aligned = true;
  for (int a = 0; a < Arrays; ++a) aligned = aligned && aligned16(array[a]);
  std::int64_t done = 0;
  if (aligned) {
    for (std::int64_t i = thread * 4; i < n / 4 * 4; i += all * 4 * together) {
      Quad x[Arrays][together] = {};
      for (int k = 0; k < together; ++k) {
        if (i + k * all * 4 >= n / 4 * 4) break;
        for (int a = 0; a < Arrays; ++a) x[a][k] = load4(array[a] + i + k * all * 4);
      }
      for (int k = 0; k < together; ++k) {
        if (i + k * all * 4 >= n / 4 * 4) break;
        for (int q = 0; q < 4; ++q) {
          float of_each[Arrays];
          for (int a = 0; a < Arrays; ++a) of_each[a] = x[a][k][q];
          step(of_each);
          for (int a = 1; a < Arrays; ++a) x[a][k][q] = of_each[a];
        }
        for (int a = 1; a < Arrays; ++a) store4(array[a] + i + k * all * 4, x[a][k]);
      }
    }
    done = n / 4 * 4;
  }
  for (std::int64_t i = done + thread; i < n; i += all) {
    float of_each[Arrays];
    for (int a = 0; a < Arrays; ++a) of_each[a] = array[a][i];
    step(of_each);
    for (int a = 1; a < Arrays; ++a) array[a][i] = of_each[a];
  }
}

struct SgdNumbers {
  float momentum, decay;
};

__global__ void __launch_bounds__(threads)
    sgd_step(SgdNumbers rule, std::int64_t n, const double* lr, const std::int32_t* stop, float* g, float* p) {
  if (stopped(stop)) return;
  const float rate = static_cast<float>(*lr);
  update<2>(n, {g, p}, [=](float(&x)[2]) { x[1] = __fsub_rn(x[1], __fmul_rn(rate, decayed(x[0], rule.decay, x[1]))); });
}

__global__ void __launch_bounds__(threads) momentum_step(SgdNumbers rule, std::int64_t n, const double* lr,
                                                         const std::int32_t* stop, float* g, float* v, float* p) {
  if (stopped(stop)) return;
  const float rate = static_cast<float>(*lr);
  update<3>(n, {g, v, p}, [=](float(&x)[3]) {
    x[1] = normal_or_zero(__fadd_rn(__fmul_rn(rule.momentum, x[1]), decayed(x[0], rule.decay, x[2])));
    x[2] = __fsub_rn(x[2], __fmul_rn(rate, x[1]));
  });
}

__global__ void __launch_bounds__(threads)
    adam_step(AdamRule rule, std::int64_t n, const double* lr, const std::int32_t* stop, const std::int32_t* t,
              float* g, float* m, float* v, float* p) {
  if (stopped(stop)) return;
  const float beta1 = static_cast<float>(rule.beta1), beta2 = static_cast<float>(rule.beta2);
  const float rest1 = static_cast<float>(1 - rule.beta1), rest2 = static_cast<float>(1 - rule.beta2);
  const float decay = static_cast<float>(rule.weight_decay), eps = static_cast<float>(rule.eps);
  const float rate = static_cast<float>(*lr / (1 - math::integer_power(rule.beta1, *t)));
  const float root = static_cast<float>(sqrt(1 - math::integer_power(rule.beta2, *t)));
  update<4>(n, {g, m, v, p}, [=](float(&x)[4]) {
    const float slope = decayed(x[0], decay, x[3]);
    x[1] = normal_or_zero(__fadd_rn(__fmul_rn(beta1, x[1]), __fmul_rn(rest1, slope)));
    x[2] = __fadd_rn(__fmul_rn(beta2, x[2]), __fmul_rn(rest2, __fmul_rn(slope, slope)));
    const float away = x[1] / __fadd_rn(sqrtf(x[2]) / root, eps);
    x[3] = __fsub_rn(x[3], __fmul_rn(rate, away));
  });
}

__global__ void count(std::int64_t n, const std::int32_t* stop, std::int32_t* t) {
  if (stopped(stop)) return;
  const std::int64_t i = std::int64_t{blockIdx.x} * threads + threadIdx.x;
  if (i < n) ++t[i];
}

__global__ void __launch_bounds__(threads)
    squares(std::int64_t n, const float* x, float* sum, float* partial, unsigned* ticket) {
  const auto blocks = static_cast<int>((n + tree_block - 1) / tree_block);
  const int step = static_cast<int>(gridDim.x) * warps_of_block();
  for (int b = static_cast<int>(blockIdx.x) * warps_of_block() + warp_of_block(); b < blocks; b += step) {
    const float* const from = x + std::int64_t{b} * tree_block;
    const int size = static_cast<int>(min(std::int64_t{tree_block}, n - std::int64_t{b} * tree_block));
    const float total = warp_sum(size, [=](int i) { return __fmul_rn(from[i], from[i]); });
    if (warp_lane() == 0) partial[b] = total;
  }
  if (gridDim.x > 1 && !is_last_block(ticket, gridDim.x)) return;
  __syncthreads();
  const float total = block_sum(blocks, [=](int b) { return partial[b]; });
  if (threadIdx.x == 0) *sum = total;
}

__global__ void __launch_bounds__(threads) find_nonfinite(std::int64_t n, const float* x, std::int32_t* flag) {
  const std::int64_t step = std::int64_t{gridDim.x} * threads;
  bool found = false;
  for (std::int64_t i = std::int64_t{blockIdx.x} * threads + threadIdx.x; i < n; i += step)
    found = found || !(fabsf(x[i]) <= std::numeric_limits<float>::max());
  if (found) atomicExch(flag, 1);
}

__global__ void __launch_bounds__(threads)
    clip(int partials, const float* sums, float max_norm, float* norm, float* factor) {
  const float sum = block_sum(partials, [=](int i) { return sums[i]; });
  if (threadIdx.x != 0) return;
  *norm = sqrtf(sum);
  const float ratio = max_norm / __fadd_rn(*norm, 1e-6f);
  *factor = ratio > 1.0f ? 1.0f : ratio;
}

simt::Launch over(const GpuStream& on, std::int64_t n) {
  return {grid_of(ceil_div(n, threads * 4), 64, on), threads, 0, on.queue};
}
// `update` takes one array of each kind, of which it does not write the gradient.
float* only_read(const float* g) { return const_cast<float*>(g); }

}  // namespace

void sgd(Stream& stream, SgdRule rule, std::int64_t n, const double* lr, const std::int32_t* stop, const float* g,
         float* v, float* p) {
  if (n == 0) return;
  const simt::Launch where = over(on_gpu(stream), n);
  const SgdNumbers numbers{static_cast<float>(rule.momentum), static_cast<float>(rule.weight_decay)};
  if (v == nullptr) {
    simt::launch<sgd_step>(where, numbers, n, lr, stop, only_read(g), p);
  } else {
    simt::launch<momentum_step>(where, numbers, n, lr, stop, only_read(g), v, p);
  }
}

void adam(Stream& stream, AdamRule rule, std::int64_t n, const double* lr, const std::int32_t* stop,
          const std::int32_t* t, const float* g, float* m, float* v, float* p) {
  if (n > 0) simt::launch<adam_step>(over(on_gpu(stream), n), rule, n, lr, stop, t, only_read(g), m, v, p);
}

void count_step(Stream& stream, std::int64_t n, const std::int32_t* stop, std::int32_t* t) {
  const auto blocks = static_cast<unsigned>(ceil_div(n, threads));
  if (n > 0) simt::launch<count>({blocks, threads, 0, on_gpu(stream).queue}, n, stop, t);
}

void flag_nonfinite(Stream& stream, std::int64_t n, const float* x, std::int32_t* flag) {
  if (n > 0) simt::launch<find_nonfinite>(over(on_gpu(stream), n), n, x, flag);
}

void sum_squares(Stream& stream, std::int64_t n, const float* x, float* sum) {
  GpuStream& on = on_gpu(stream);
  const std::int64_t blocks = ceil_div(n, tree_block);
  if (blocks > most_numbers)
    fail("sum_squares: ", n, " elements, but the GPU's kernel takes at most ", most_numbers * tree_block);
  const simt::Launch where{grid_of(ceil_div(blocks, threads / 32), 4, on), threads, 0, on.queue};
  simt::launch<squares>(where, n, x, sum, on.scratch(blocks), on.tickets(1));
}

void clip_factor(Stream& stream, std::int64_t partials, const float* sums, double max_norm, float* norm,
                 float* factor) {
  if (partials > most_numbers)
    fail("clip_factor: ", partials, " sums, but the GPU's kernel takes at most ", most_numbers);
  simt::launch<clip>({1, threads, 0, on_gpu(stream).queue}, static_cast<int>(partials), sums,
                     static_cast<float>(max_norm), norm, factor);
}

namespace {

const Offer offered{take_place<&kernels::sgd<float>, &sgd>(),
                    take_place<&kernels::adam<float>, &adam>(),
                    take_place<&kernels::count_step, &count_step>(),
                    take_place<&kernels::flag_nonfinite<float>, &flag_nonfinite>(),
                    take_place<&kernels::sum_squares<float>, &sum_squares>(),
                    take_place<&kernels::clip_factor<float>, &clip_factor>()};

}  // namespace
}  // namespace wengert::kernels::gpu
