#include "kernels/ops/inverse_l1/inverse_l1.hpp"

#include <algorithm>
#include <array>

#include "kernels/base/math.hpp"
#include "kernels/base/sum_tree.hpp"
#include "kernels/cpu/offer.hpp"
#include "kernels/cpu/ranges.hpp"
#include "kernels/cpu/stream_out.hpp"

namespace wengert::kernels {
namespace {

constexpr std::int64_t lanes = sum_tree::lanes;
constexpr std::int64_t rows = 16;             // of lanes, whose signs share words
constexpr std::int64_t group = rows * lanes;  // elements

// What is read next is asked for this many elements ahead: the processor's own prefetching alone leaves a fifth of the
// bandwidth unused.
constexpr std::int64_t ahead = 512;

template <class T>
void prefetch_row(const T* x) {
  for (std::int64_t i = 0; i < lanes; i += 64 / static_cast<std::int64_t>(sizeof(T))) __builtin_prefetch(x + i);
}

// One row of lanes: adds the distances to the lanes' sums, and pushes the signs into their words from above, two bits
// down for each row.
template <class T>
void add_row(std::int64_t width, const T* a, const T* b, T* sums, std::uint32_t* words) {
  for (std::int64_t l = 0; l < width; ++l) {
    const T difference = b[l] - a[l];
    sums[l] += math::abs(difference);
    words[l] = words[l] >> 2 | (difference > T(0) ? 1U << 30 : 0U) | (difference < T(0) ? 2U << 30 : 0U);
  }
}

// One block of the tree: the distance of a and b over `count` elements, and their signs.
template <class T>
T distance(std::int64_t count, const T* a, const T* b, std::int32_t* signs) {
  std::array<T, lanes> sums;
  sums.fill(T(-T{0}));  // to which x + -0 = x for every x
  for (std::int64_t first = 0; first < count; first += group) {
    std::array<std::uint32_t, lanes> words{};
    const std::int64_t end = std::min(count, first + group);
    std::int64_t i = first;
    for (; i + lanes <= end; i += lanes) {
      prefetch_row(a + i + ahead);
      prefetch_row(b + i + ahead);
      add_row(lanes, a + i, b + i, sums.data(), words.data());
    }
    const auto missing = static_cast<int>(rows - (i - first) / lanes) * 2;  // bits that the last rows would have filled
    const std::int64_t left = end - i;
    if (left > 0) add_row(left, a + i, b + i, sums.data(), words.data());
    std::int32_t* const to = signs + first / rows;
    const std::int64_t used = std::min(end - first, lanes);
    for (std::int64_t l = 0; l < used; ++l)
      to[l] = static_cast<std::int32_t>(words[l] >> (l < left ? missing - 2 : missing) % 32);
  }
  return sum_tree::fold(sums, count);
}

// sink[i - from] = scale * sign_i for the elements [from, to) of a segment.
template <class T>
void spread(std::int64_t from, std::int64_t to, const std::int32_t* signs, T scale, Sink<T> sink) {
  for (std::int64_t i = from, end; i < to; i = end) {  // row by row
    end = std::min(to, (i / lanes + 1) * lanes);
    const std::int32_t* const words = signs + i / group * lanes + i % lanes;
    const auto shift = static_cast<int>(i / lanes % rows * 2);
    cpu::store_range(Sink<T>{sink.data + (i - from), sink.mode}, 0, end - i, [=](std::int64_t l) {
      const std::int32_t sign = words[l] >> shift;
      return scale * static_cast<T>((sign & 1) - (sign >> 1 & 1));
    });
  }
}

}  // namespace

template <class T>
void inverse_l1(Stream&, std::int64_t segments, const std::int32_t* offsets, std::int64_t, double eps, const T* a,
                const T* b, T* s, std::int32_t* signs, T* loss) {
  for (std::int64_t k = 0; k < segments; ++k) {
    const T *from_a = a + offsets[k], *from_b = b + offsets[k];
    std::int32_t* const words = signs + sign_words(offsets[k], k);
    s[k] = sum_tree::sum_of_blocks<T>(offsets[k + 1] - offsets[k], [=](std::int64_t begin, std::int64_t count) {
      return distance(count, from_a + begin, from_b + begin, words + begin / rows);
    });
  }
  *loss = sum_tree::sum<T>(segments, [=](std::int64_t k) { return T(1) / (s[k] + static_cast<T>(eps)); });
}

template <class T>
void inverse_l1_backward(Stream&, std::int64_t segments, const std::int32_t* offsets, std::int64_t, double eps,
                         const std::int32_t* signs, const T* s, const T* dloss, Range range, Sink<T> db) {
  if (!db.wanted()) return;
  const std::int32_t* const first_end = std::upper_bound(offsets + 1, offsets + segments, range.begin);
  for (std::int64_t k = first_end - offsets - 1; k < segments && offsets[k] < range.end; ++k) {
    const T inverse = T(1) / (s[k] + static_cast<T>(eps));
    const T scale = -*dloss * (inverse * inverse);
    const std::int32_t* const words = signs + sign_words(offsets[k], k);
    const std::int64_t from = std::max<std::int64_t>(range.begin - offsets[k], 0);
    const std::int64_t to = std::min<std::int64_t>(range.end, offsets[k + 1]) - offsets[k];
    const Sink<T> part{db.data + offsets[k], db.mode};
    const bool past_caches =
        db.mode == SinkMode::write && (to - from) * static_cast<std::int64_t>(sizeof(T)) >= cpu::stream_out_bytes;
    cpu::for_ranges(to - from, [=](std::int64_t begin, std::int64_t end) {
      if (!past_caches)
        return spread(from + begin, from + end, words, scale, Sink<T>{part.data + from + begin, part.mode});
      std::array<T, group> values;
      for (std::int64_t i = from + begin, next; i < from + end; i = next) {
        next = std::min(from + end, i + group);
        spread(i, next, words, scale, written(values.data()));
        cpu::stream_out(next - i, values.data(), part.data + i);
      }
      cpu::stream_out_fence();
    });
  }
}

template <class T>
struct InverseL1Kernels {
  static inline const cpu::Offer<&inverse_l1<T>, &inverse_l1_backward<T>> offer;
};
template struct InverseL1Kernels<float>;
template struct InverseL1Kernels<double>;

}  // namespace wengert::kernels
