// Buffers that tell whether anything was written beside them, or at all.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "kernels/base/memory.hpp"

namespace wengert::testing {

/// Element types as bit patterns, since NaNs do not compare.
template <class T>
using BitsOf = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

/// A NaN that no arithmetic produces (as an int32, far beyond any label): what is read beside a buffer, or from a
/// result before it was written, spoils all that is computed from it. Each is another one: a copy that runs on beyond
/// its end must not find the same poison on both sides.
template <class T>
T new_poison() {
  static std::uint16_t count = 0;
  ++count;
  if constexpr (sizeof(T) == 8) {
    return std::bit_cast<T>(std::uint64_t{0x7ff8deadbeef0000} | count);
  } else {
    return std::bit_cast<T>(std::uint32_t{0x7fc50000} | count);
  }
}

/// n poisoned elements between two margins of poison, the first of them `offset` elements after a 64-byte boundary.
template <class T>
class Guarded {
 public:
  Guarded(std::int64_t n, std::int64_t offset)
      : poison_(new_poison<T>()),
        begin_(margin + offset),
        n_(n),
        storage_(static_cast<std::size_t>(begin_ + n + margin), poison_) {}
  Guarded(const std::vector<double>& values, std::int64_t offset)
      : Guarded(static_cast<std::int64_t>(values.size()), offset) {
    std::transform(values.begin(), values.end(), data(), [](double value) { return static_cast<T>(value); });
  }

  T* data() { return storage_.data() + begin_; }
  const T* data() const { return storage_.data() + begin_; }
  std::int64_t size() const { return n_; }
  /// With the margins.
  std::span<T> whole() { return storage_; }
  std::vector<double> values() const { return {data(), data() + n_}; }

  bool margins_intact() const { return poisoned(0, begin_) && poisoned(begin_ + n_, begin_ + n_ + margin); }
  bool untouched() const { return poisoned(0, begin_ + n_ + margin); }
  /// What was never written is the same in both, though each has its own poison.
  bool same_bits(const Guarded& other) const {
    return std::equal(data(), data() + n_, other.data(), other.data() + other.n_, [&](T a, T b) {
      return bits(a) == bits(b) || (bits(a) == bits(poison_) && bits(b) == bits(other.poison_));
    });
  }

 private:
  static constexpr std::int64_t margin = 32;
  static BitsOf<T> bits(T value) { return std::bit_cast<BitsOf<T>>(value); }
  bool poisoned(std::int64_t from, std::int64_t to) const {
    return std::all_of(storage_.begin() + from, storage_.begin() + to,
                       [this](T value) { return bits(value) == bits(poison_); });
  }

  T poison_;
  std::int64_t begin_, n_;
  PoolVector<T> storage_;  // 64-byte aligned
};

}  // namespace wengert::testing
