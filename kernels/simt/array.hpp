// Device memory with an owner.
#pragma once

#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/simt/error.hpp"
#include "kernels/simt/runtime/device_memory.hpp"

namespace simt {

/// `size` elements of device memory, which begin as NaNs (integers as large numbers). The host reaches them by upload and download
/// alone.
template <class T>
class Array {
  static_assert(std::is_trivially_copyable_v<T>, "device memory is copied byte by byte");

 public:
  explicit Array(std::size_t size, detail::Source source = {__builtin_FILE(), __builtin_LINE()})
      : data_(static_cast<T*>(detail::allocate(size, sizeof(T), source))), size_(size), source_(source) {}
  ~Array() {
    if (data_) detail::release(data_, source_);
  }
  Array(Array&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)), source_(other.source_) {}
  Array& operator=(Array&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(source_, other.source_);
    return *this;
  }

  /// Throws Error unless there are size() values.
  void upload(std::span<const T> values) {
    if (values.size() != size_)
      throw Error("upload: the array has " + std::to_string(size_) + " elements, and " + std::to_string(values.size()) +
                  " were given");
    detail::upload(data_, values.data(), values.size_bytes());
  }
  std::vector<T> download() const {
    std::vector<T> values(size_);
    detail::download(values.data(), data_, size_ * sizeof(T));
    return values;
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  T* data_;
  std::size_t size_;
  detail::Source source_;
};

}  // namespace simt
