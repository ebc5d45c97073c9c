// Tensor: a value without history.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <iterator>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "autograd/defined.hpp"
#include "autograd/shape.hpp"
#include "autograd/tag.hpp"
#include "kernels/base/device.hpp"
#include "kernels/base/dtype.hpp"
#include "kernels/base/number.hpp"
#include "kernels/devices/storage.hpp"

namespace wengert {

/// Values to make a tensor of: a vector, an array or a span, const or not.
template <class Values>
concept ManyNumbers = requires(const Values& values) {
  std::begin(values);
  std::end(values);
};
template <ManyNumbers Values>
using NumberOf = std::remove_cvref_t<decltype(*std::begin(std::declval<const Values&>()))>;

/// A handle to numbers: shape, dtype, device, storage; contiguous, row-major. It has no gradient history, ever.
///
/// Copying a Tensor copies the handle: both see what assign() writes. clone() copies the numbers. int32 tensors hold
/// class labels and counts; float32 is what everything computes in unless told otherwise; float64 is there for gradient
/// checks.
class Tensor {
 public:
  /// No tensor at all; every use but assignment is an error, which says "undefined tensor". defined() tells.
  Tensor() = default;

  /// Values in row-major order. Unnamed dtypes: integers make int32, everything else float32. Errors: a wrong number of
  /// values; for int32 one that it cannot hold, see number_as.
  template <ManyNumbers Values>
  static Tensor from(const Values& values, const Shape& shape) {
    return made("from", numbers(values), shape, default_dtype<NumberOf<Values>>);
  }
  template <ManyNumbers Values>
  static Tensor from(const Values& values, const Shape& shape, DType dtype) {
    return made("from", numbers(values), shape, dtype);
  }
  /// from<T> converts to T first.
  template <Number T, ManyNumbers Values, class... Type>
  static Tensor from(const Values& values, const Shape& shape, Type... dtype) {
    std::vector<T> converted;
    for (const auto value : numbers(values)) converted.push_back(number_as<T>("from", value));
    return from(converted, shape, dtype...);
  }
  /// A braced list, also of mixed numbers: from({1, 2.5}, {2}). Of ints alone: int32.
  template <Number T, class... Type>
  static Tensor from(std::initializer_list<T> values, const Shape& shape, Type... dtype) {
    return from(std::span(values.begin(), values.size()), shape, dtype...);
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
  const Shape& shape() const { return checked().shape_; }
  std::int64_t numel() const { return shape().numel(); }
  DType dtype() const { return checked().storage_->dtype; }
  Device device() const { return checked().storage_->device; }

  /// This tensor where it is there already, otherwise a copy. Errors: the device is not available; inside a capture.
  Tensor to(Device) const;
  /// This tensor where it has that dtype, otherwise a converted copy. To int32 it cuts towards zero, saturates, and makes
  /// 0 of NaN: unlike from and assign, it looks at no value, so that no device has to be asked.
  Tensor to(DType) const;
  Tensor clone() const;  ///< a snapshot: own memory, the same numbers

  /// The one number of a tensor with one element. Errors: more or fewer elements; T is an integer type that cannot hold it,
  /// see number_as; inside a capture.
  template <Number T = float>
  T item() const {
    T value{};
    read_one("item");
    dispatch(dtype(), [&](auto zero) {
      copy_to_host(&zero);
      value = number_as<T>("item", zero);
    });
    return value;
  }
  /// All numbers, row-major. Errors: T is an integer type that cannot hold one; inside a capture.
  template <Number T = float>
  std::vector<T> to_vector() const {
    check_readable("to_vector");
    static_assert(!std::is_same_v<T, bool>, "std::vector<bool> has bits instead of numbers; take to_vector<int>()");
    const Tensor here = to(Device{});
    std::vector<T> values(static_cast<std::size_t>(numel()));
    dispatch(dtype(), [&](auto zero) {
      const auto* in = here.data<decltype(zero)>();
      for (T& v : values) v = number_as<T>("to_vector", *in++);
    });
    return values;
  }

  /// Overwrites the contents: the only way to change a Tensor. Shape, dtype and device stay; all handles see it, and the
  /// version rises. Errors: another number of values, another shape or dtype; values from the host or another device
  /// inside a capture.
  void assign(const Tensor& values) const;
  template <ManyNumbers Values>
  void assign(const Values& values) const {
    check_readable("assign of host values");
    assign(made("assign", numbers(values), shape_, dtype()));
  }
  void assign(std::initializer_list<AnyNumber> values) const;

  // For ops and tools.
  template <class T>
  const T* data() const {
    return static_cast<const T*>(checked().storage_->data);
  }
  const Ref<Storage>& storage() const { return storage_; }
  /// The same memory under another shape of as many elements.
  Tensor viewed_as(const Shape& shape) const;
  Tensor(Ref<Storage> storage, const Shape& shape) : storage_(std::move(storage)), shape_(shape) {}
  /// What an observer attached; see Observer::detached. Null if none did.
  const Ref<Tag>& tag() const { return tag_; }
  Tensor with_tag(Ref<Tag> tag) const;

 private:
  template <class T>
  static constexpr DType default_dtype = std::is_integral_v<T> ? DType::i32 : DType::f32;
  template <class Values>
  static auto numbers(const Values& values) {
    using T = NumberOf<Values>;
    constexpr bool is_side_by_side = requires {
      { std::data(values) } -> std::convertible_to<const T*>;
    };
    static_assert(
        Number<T> && is_side_by_side,
        "a tensor is made of numbers that lie side by side in memory: a std::vector, std::array or std::span of "
        "them. std::vector<bool> has bits instead; make it a std::vector<int>");
    if constexpr (Number<T> && is_side_by_side) {  // or more errors would hide the one above
      return std::span<const T>(std::data(values), std::size(values));
    } else {
      return std::span<const int>();
    }
  }
  template <Number T>
  static Tensor made(const char* what, std::span<const T> values, const Shape& shape, DType dtype) {
    if (static_cast<std::int64_t>(values.size()) != shape.numel()) wrong_count(what, values.size(), shape);
    Tensor result = empty(shape, dtype);
    dispatch(dtype, [&](auto zero) {
      auto* out = static_cast<decltype(zero)*>(result.storage_->data);
      for (const T v : values) *out++ = number_as<decltype(zero)>(what, v);
    });
    return result;
  }
  [[noreturn]] static void wrong_count(const char* what, std::size_t got, const Shape& shape);
  const Tensor& checked() const {
    if (!storage_) [[unlikely]]
      refuse_undefined();
    return *this;
  }
  void read_one(const char* what) const;
  void check_readable(const char* what) const;
  std::size_t bytes() const { return static_cast<std::size_t>(numel()) * size_of(dtype()); }
  void copy_to_host(void* to) const;
  void copy_across(const Tensor& from) const;

  Ref<Storage> storage_;
  Shape shape_;
  Ref<Tag> tag_;
};

/// The numbers in brackets, one pair per axis, each in the shortest form that reads back to the same value.
std::ostream& operator<<(std::ostream&, const Tensor&);

}  // namespace wengert
