#include "kernels/cross_entropy.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

#include "kernels/cpu/log_sum_exp.hpp"
#include "kernels/cpu/ranges.hpp"
#include "kernels/error.hpp"
#include "kernels/math.hpp"
#include "kernels/sum_tree.hpp"

namespace wengert::kernels {
namespace {

// body(begin, end) for ranges of rows, on several threads if there is much to do.
template <class F>
void for_row_ranges(Rows s, const F& body) {
  cpu::for_ranges(s.rows, body, std::max<std::int64_t>(1, cpu::grain / std::max<std::int64_t>(1, s.cols)));
}

template <class F>
void for_each_row(Rows s, const F& body) {
  for_row_ranges(s, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) body(row);
  });
}

template <class T>
void log_sum_exp(Rows s, const T* x, T* lse) {
  if (s.cols == 0) {
    std::fill_n(lse, s.rows, -std::numeric_limits<T>::infinity());
  } else if (s.cols <= cpu::short_row) {
    for_row_ranges(
        s, [=](std::int64_t begin, std::int64_t end) { cpu::log_sum_exp_of_short_rows(begin, end, s.cols, x, lse); });
  } else {
    for_each_row(s, [=](std::int64_t row) { lse[row] = cpu::log_sum_exp(s.cols, x + row * s.cols); });
  }
}

void check_labels(Rows s, const std::int32_t* labels) {
  const auto wrong = [=](std::int32_t label) { return label < 0 || label >= s.cols; };
  const std::int64_t r = std::find_if(labels, labels + s.rows, wrong) - labels;
  if (r < s.rows)
    fail("cross_entropy: label ", labels[r], " of row ", r, " is out of range: there are ", s.cols, " classes");
}

// scale * (e^(x - lse) - [c = label]) for some short rows, as if they were one long row: beside x stand the lse of each
// number's row, and a 1 at each label.
template <class T>
class ShortRows {
 public:
  // So many rows at a time.
  static std::int64_t rows_of(std::int64_t cols) { return size / cols; }

  void gradient(Rows s, const T* x, const std::int32_t* labels, const T* lse, T scale, Sink<T> dx) {
    for (std::int64_t r = 0; r < s.rows; ++r) {
      spread(lse[r], s.cols, &lse_[r * s.cols]);
      hit_[r * s.cols + labels[r]] = T(1);
    }
    cpu::store_range(dx, 0, s.rows * s.cols, [=, lse_of = lse_.data(), hit = hit_.data()](std::int64_t i) {
      return scale * (math::exp_nonpositive(x[i] - lse_of[i]) - hit[i]);
    });
    for (std::int64_t r = 0; r < s.rows; ++r) hit_[r * s.cols + labels[r]] = T(0);
  }

 private:
  static constexpr std::int64_t size = 1024, step = 8;

  // Whole vectors: what they write too much, the next row overwrites.
  static void spread(T value, std::int64_t count, T* to) {
    for (std::int64_t i = 0; i < count; i += step) std::fill_n(to + i, step, value);
  }

  std::array<T, size + step> lse_, hit_{};
};

}  // namespace

template <class T>
void cross_entropy(Stream&, Rows s, const T* x, const std::int32_t* labels, T* lse, T* loss) {
  check_labels(s, labels);
  log_sum_exp(s, x, lse);
  *loss = sum_tree::sum<T>(s.rows, [=](std::int64_t r) { return lse[r] - x[r * s.cols + labels[r]]; }) /
          static_cast<T>(s.rows);
}

template <class T>
void cross_entropy_backward(Stream&, Rows s, const T* x, const std::int32_t* labels, const T* lse, const T* dloss,
                            Sink<T> dx) {
  if (!dx.wanted() || s.cols == 0) return;
  const T scale = *dloss / static_cast<T>(s.rows);
  const auto part = [=](std::int64_t row) { return Sink<T>{dx.data + row * s.cols, dx.mode}; };
  if (s.cols <= cpu::short_row) {
    return for_row_ranges(s, [=](std::int64_t begin, std::int64_t end) {
      ShortRows<T> some;
      for (std::int64_t row = begin, count; row < end; row += count) {
        count = std::min(end - row, some.rows_of(s.cols));
        some.gradient({count, s.cols}, x + row * s.cols, labels + row, lse + row, scale, part(row));
      }
    });
  }
  for_each_row(s, [=](std::int64_t r) {
    const T *row = x + r * s.cols, total = lse[r];
    const auto p = [=](std::int64_t c) { return math::exp_nonpositive(row[c] - total); };
    cpu::store_range(part(r), 0, labels[r], [=](std::int64_t c) { return scale * p(c); });
    part(r).put(labels[r], scale * (p(labels[r]) - T(1)));
    cpu::store_range(part(r), labels[r] + 1, s.cols, [=](std::int64_t c) { return scale * p(c); });
  });
}

template <class T>
void soft_cross_entropy(Stream&, Rows s, const T* x, const T* p, T* lse, T* mass, T* loss) {
  log_sum_exp(s, x, lse);
  for_each_row(s, [=](std::int64_t r) {
    mass[r] = sum_tree::sum<T>(s.cols, [row = p + r * s.cols](std::int64_t c) { return row[c]; });
  });
  const auto row_loss = [=](std::int64_t r) {
    const T *row = x + r * s.cols, *weight = p + r * s.cols, total = lse[r];
    return sum_tree::sum<T>(s.cols,
                            [=](std::int64_t c) { return weight[c] == T(0) ? T(0) : weight[c] * (total - row[c]); });
  };
  *loss = sum_tree::sum<T>(s.rows, row_loss) / static_cast<T>(s.rows);
}

template <class T>
void soft_cross_entropy_backward(Stream&, Rows s, const T* x, const T* p, const T* lse, const T* mass, const T* dloss,
                                 Sink<T> dx) {
  if (!dx.wanted()) return;
  const T scale = *dloss / static_cast<T>(s.rows);
  for_each_row(s, [=](std::int64_t r) {
    const T *row = x + r * s.cols, *weight = p + r * s.cols, total = lse[r], all = mass[r];
    cpu::store_range(Sink<T>{dx.data + r * s.cols, dx.mode}, 0, s.cols,
                     [=](std::int64_t c) { return scale * (math::exp_nonpositive(row[c] - total) * all - weight[c]); });
  });
}

template <class T>
struct CrossEntropyKernels {
  static constexpr std::tuple kernels{&cross_entropy<T>, &cross_entropy_backward<T>, &soft_cross_entropy<T>,
                                      &soft_cross_entropy_backward<T>};
};
template struct CrossEntropyKernels<float>;
template struct CrossEntropyKernels<double>;

}  // namespace wengert::kernels
