#include <charconv>
#include <ostream>
#include <span>

#include "autograd/recorder.hpp"
#include "autograd/tensor.hpp"

namespace wengert {
namespace {

template <class T>
void print(std::ostream& out, T value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  out.write(text.data(), end.ptr - text.data());
}

template <class T>
void print(std::ostream& out, std::span<const std::int64_t> shape, const T*& value) {
  if (shape.empty()) return print(out, *value++);
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
  if (x.device() != Device{}) return out << x.to(Device{});
  dispatch(x.dtype(), [&](auto zero) {
    const auto* value = x.data<decltype(zero)>();
    print(out, std::span(x.shape()), value);
  });
  return out;
}

}  // namespace wengert
