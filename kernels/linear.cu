#include "kernels/linear.hpp"

#include "kernels/gpu/column_sums.hpp"
#include "kernels/gpu/linear.hpp"
#include "kernels/gpu/offer.hpp"
#include "kernels/gpu/product.hpp"

namespace wengert::kernels::gpu {
namespace {

void forward(GpuStream& on, LinearShape s, const float* x, const float* weight, Epilogue epilogue, float* y) {
  product(on, {s.rows, s.in, s.out, false, true}, x, weight, {y, SinkMode::write}, epilogue);
}

}  // namespace

void linear(Stream& stream, LinearShape s, const float* x, const float* weight, const float* bias, float* y) {
  forward(on_gpu(stream), s, x, weight, {bias, false}, y);
}
void linear_relu(Stream& stream, LinearShape s, const float* x, const float* weight, const float* bias, float* y) {
  forward(on_gpu(stream), s, x, weight, {bias, true}, y);
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
