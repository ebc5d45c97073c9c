#include "kernels/ops/matmul/linear.hpp"

#include "kernels/base/error.hpp"
#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/column_sums.hpp"
#include "kernels/gpu/divisor.hpp"
#include "kernels/gpu/put.hpp"
#include "kernels/ops/matmul/gpu_linear.hpp"
#include "kernels/ops/matmul/gpu_product.hpp"

namespace wengert::kernels::gpu {
namespace {

void forward(GpuStream& on, LinearShape s, const float* x, const float* weight, Epilogue epilogue, float* y) {
  product(on, {s.rows, s.in, s.out, false, true}, x, weight, {y, SinkMode::write}, epilogue);
}

struct Masked {
  std::int64_t out;
  Divisor by_out;
  const std::uint8_t* mask;
  const float* dy;

  __device__ unsigned bits_from(std::int64_t i) const {
    const std::int64_t row = by_out.quotient(i), n = by_out.remainder(i, row);
    return static_cast<unsigned>(mask[row * ((out + 7) / 8) + n / 8]) >> (n % 8);
  }
  __device__ static float masked(float upstream, unsigned bits) { return upstream * ((bits & 1) != 0 ? 1.0f : 0.0f); }

  __device__ bool aligned() const { return out % 4 == 0 && aligned16(dy); }
  __device__ Quad four(std::int64_t i) const {
    Quad quad = load4(dy + i);
    const unsigned bits = bits_from(i);
    for (int q = 0; q < 4; ++q) quad[q] = masked(quad[q], bits >> q);
    return quad;
  }
  __device__ float one(std::int64_t i) const { return masked(dy[i], bits_from(i)); }
};

}  // namespace

void linear(Stream& stream, LinearShape s, const float* x, const float* weight, const float* bias, float* y) {
  forward(on_gpu(stream), s, x, weight, {bias, false}, y);
}
void linear_relu(Stream& stream, LinearShape s, const float* x, const float* weight, const float* bias, float* y,
                 std::uint8_t* mask) {
  forward(on_gpu(stream), s, x, weight, {bias, true, mask}, y);
}

void linear_relu_gradient(Stream& stream, std::int64_t rows, std::int64_t out, const std::uint8_t* mask,
                          const float* dy, Sink<float> dz) {
  const std::int64_t n = rows * out;
  if (n > Divisor::most) fail("linear_relu_gradient: at most ", Divisor::most, " elements, and here are ", n);
  launch_put(on_gpu(stream), n, dz, Masked{out, Divisor(out), mask, dy});
}

void linear_backward(Stream& stream, LinearShape s, const float* x, const float* weight, const float* dy,
                     Sink<float> dx, Sink<float> dweight, Sink<float> dbias) {
  GpuStream& on = on_gpu(stream);
  product(on, {s.rows, s.out, s.in}, dy, weight, dx);
  product(on, {s.out, s.rows, s.in, true, false}, dy, x, dweight);
  column_sums(on, {1, s.rows, s.out}, dy, 1.0f, dbias);
}

namespace {

const Offer offered{take_place<&kernels::linear<float>, &linear>(),
                    take_place<&kernels::linear_backward<float>, &linear_backward>()};

}  // namespace
}  // namespace wengert::kernels::gpu
