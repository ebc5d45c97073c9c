#include <ostream>
#include <span>

#include "autograd/recorder.hpp"
#include "autograd/tensor.hpp"
#include "kernels/base/number.hpp"

namespace wengert {
namespace {

std::string text_of(float value) { return shortest(value); }
std::string text_of(double value) { return shortest(value); }
std::string text_of(std::int32_t value) { return std::to_string(value); }

template <class T>
void print(std::ostream& out, std::span<const std::int64_t> shape, const T*& value) {
  if (shape.empty()) {
    out << text_of(*value++);
    return;
  }
  out << '[';
  for (std::int64_t i = 0; i < shape[0]; ++i) {
    if (i > 0) out << ", ";
    print(out, shape.subspan(1), value);
  }
  out << ']';
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Tensor& x) {
  if (!x.defined()) return out << "undefined";
  refuse_in_capture("<<");
  const Tensor here = x.to(Device{});
  dispatch(x.dtype(), [&](auto zero) {
    const auto* value = here.data<decltype(zero)>();
    print(out, std::span(x.shape()), value);
  });
  return out;
}

}  // namespace wengert
