// Tensor: a value without history.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "autograd/inspect/cut.hpp"
#include "autograd/shape.hpp"
#include "autograd/storage.hpp"
#include "kernels/device.hpp"
#include "kernels/dtype.hpp"

namespace wengert {

template <class T>
concept Number = std::is_arithmetic_v<T>;

/// A handle to numbers: shape, dtype, device, storage; contiguous, row-major. It has no gradient history, ever.
///
/// Copying a Tensor copies the handle: both see what assign() writes. clone() copies the numbers. int32 tensors hold
/// class labels and counts; float32 is what everything computes in unless told otherwise; float64 is there for gradient
/// checks.
class Tensor {
 public:
  /// No tensor at all; every use but assignment is an error. defined() tells.
  Tensor() = default;

  /// Values in row-major order. Unnamed dtypes: integers make int32, everything else float32. Error: a wrong number of
  /// values. from<T> converts to T first.
  template <Number T>
  static Tensor from(std::span<const T> values, const Shape& shape, DType dtype) {
    Tensor result = empty(shape, dtype);
    if (static_cast<std::int64_t>(values.size()) != shape.numel()) wrong_count(values.size(), shape);
    dispatch(dtype, [&](auto zero) {
      auto* out = static_cast<decltype(zero)*>(result.storage_->data);
      for (const T v : values) *out++ = static_cast<decltype(zero)>(v);
    });
    return result;
  }
  template <Number T>
  static Tensor from(std::span<const T> values, const Shape& shape) {
    return from(values, shape, default_dtype<T>);
  }
  template <Number T, class... Type>
  static Tensor from(const std::vector<T>& values, const Shape& shape, Type... dtype) {
    return from(std::span<const T>(values), shape, dtype...);
  }
  template <Number T, std::size_t N, class... Type>
  static Tensor from(const std::array<T, N>& values, const Shape& shape, Type... dtype) {
    return from(std::span<const T>(values), shape, dtype...);
  }
  /// A braced list, also of mixed numbers: from({1, 2.5}, {2}). Of ints alone: int32.
  template <Number T, class... Type>
  static Tensor from(std::initializer_list<T> values, const Shape& shape, Type... dtype) {
    return from(std::span<const T>(values.begin(), values.size()), shape, dtype...);
  }
  struct AnyNumber {
    double value;
    template <Number T>
    AnyNumber(T v) : value(static_cast<double>(v)) {}  // NOLINT(google-explicit-constructor)
  };
  static Tensor from(std::initializer_list<AnyNumber> values, const Shape& shape, DType dtype = DType::f32);

  static Tensor empty(const Shape& shape, DType dtype = DType::f32, Device device = {});  ///< uninitialised
  static Tensor zeros(const Shape& shape, DType dtype = DType::f32, Device device = {});
  static Tensor ones(const Shape& shape, DType dtype = DType::f32, Device device = {});
  static Tensor full(const Shape& shape, double value, DType dtype = DType::f32, Device device = {});
  /// Numbers that an op computes with, as an int32 vector on its device. In a capture too, since no replay changes them.
  static Tensor constants(std::span<const std::int32_t> values, Device device);
  static Tensor constants(std::initializer_list<std::int32_t> values, Device device) {
    return constants(std::span(values.begin(), values.size()), device);
  }

  bool defined() const { return static_cast<bool>(storage_); }
  const Shape& shape() const { return shape_; }
  std::int64_t numel() const { return shape_.numel(); }
  DType dtype() const { return storage_->dtype; }
  Device device() const { return storage_->device; }

  /// This tensor where it is there already, otherwise a copy. Errors: the device is not available; inside a capture.
  Tensor to(Device) const;
  Tensor to(DType) const;  ///< this tensor where it has that dtype, otherwise a converted copy
  Tensor clone() const;    ///< a snapshot: own memory, the same numbers

  /// The one number of a tensor with one element. Error: more or fewer elements; inside a capture.
  template <Number T = float>
  T item() const {
    T value{};
    read_one("item");
    dispatch(dtype(), [&](auto zero) {
      copy_to_host(&zero);
      value = static_cast<T>(zero);
    });
    return value;
  }
  /// All numbers, row-major. Error: inside a capture.
  template <Number T = float>
  std::vector<T> to_vector() const {
    check_readable("to_vector");
    if (device() != Device{}) return to(Device{}).to_vector<T>();
    std::vector<T> values(static_cast<std::size_t>(numel()));
    dispatch(dtype(), [&](auto zero) {
      const auto* in = data<decltype(zero)>();
      for (T& v : values) v = static_cast<T>(*in++);
    });
    return values;
  }

  /// Overwrites the contents: the only way to change a Tensor. Shape, dtype and device stay; all handles see it, and the
  /// version rises. Errors: another number of values, another shape or dtype; values from the host or another device
  /// inside a capture.
  void assign(const Tensor& values) const;
  template <Number T>
  void assign(std::span<const T> values) const {
    check_readable("assign of host values");
    assign(from(values, shape_, dtype()));
  }
  template <Number T>
  void assign(const std::vector<T>& values) const {
    assign(std::span<const T>(values));
  }
  template <Number T, std::size_t N>
  void assign(const std::array<T, N>& values) const {
    assign(std::span<const T>(values));
  }
  void assign(std::initializer_list<AnyNumber> values) const;

  // For ops and tools.
  template <class T>
  const T* data() const {
    return static_cast<const T*>(storage_->data);
  }
  const Ref<Storage>& storage() const { return storage_; }
  /// The same memory under another shape of as many elements.
  Tensor viewed_as(const Shape& shape) const;
  Tensor(Ref<Storage> storage, const Shape& shape) : storage_(std::move(storage)), shape_(shape) {}
  /// What this was cut from, if it came from a detach (or another cut) inside an Inspect scope. Backward never reads
  /// it.
  const Ref<Cut>& cut() const { return cut_; }
  Tensor with_cut(Ref<Cut> cut) const;

 private:
  template <class T>
  static constexpr DType default_dtype = std::is_integral_v<T> ? DType::i32 : DType::f32;
  [[noreturn]] static void wrong_count(std::size_t got, const Shape& shape);
  void read_one(const char* what) const;
  void check_readable(const char* what) const;
  void copy_to_host(void* to) const;
  void copy_across(const Tensor& from) const;

  Ref<Storage> storage_;
  Shape shape_;
  Ref<Cut> cut_;
};

/// The numbers in brackets, one pair per axis, each in the shortest form that reads back to the same value.
std::ostream& operator<<(std::ostream&, const Tensor&);

/// Random numbers (Philox; see kernels/philox.hpp). seed(n) restarts the calling thread's generator.
void seed(std::uint64_t n);
Tensor rand(const Shape& shape, double low = 0, double high = 1, DType dtype = DType::f32);
Tensor randn(const Shape& shape, double mean = 0, double stddev = 1, DType dtype = DType::f32);

}  // namespace wengert
