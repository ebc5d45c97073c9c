// A product does two operations for each number that it loads into a register, but a processor can do some thirty in
// the time of one load from memory. So each number that was brought nearer is used as often as possible there:
//
//   registers   a tile of C (6 x 16 numbers with AVX2) is summed over k. Each step loads a number of A for each of its
//               rows and one of B for each of its columns, 6 + 16 numbers, for 6 * 16 multiply-adds.
//   L1 cache    a panel of B, as wide as a tile and `depth` long, is used by all tiles below each other.
//   L2 cache    a block of A, some tile heights of rows, is used by all tiles beside each other.
//   L3 cache    a block of B.
//
// Panels are copied ("packed") so that a tile reads them from end to end; packing also takes care of transposed
// operands. The scheme is that of Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008.
#include "kernels/ops/matmul/cpu_gemm.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "kernels/base/memory.hpp"
#include "kernels/cpu/ranges.hpp"
#include "kernels/cpu/turn.hpp"

#ifdef __FMA__
#include <immintrin.h>
#endif

namespace wengert::kernels::cpu {
namespace {

// A tile is `tile_rows` rows of two vectors: with one row of B and a number of A they fill the registers.
#if defined(__AVX512F__)
constexpr std::int64_t vector_bytes = 64, tile_rows = 14;
#elif defined(__AVX__)
constexpr std::int64_t vector_bytes = 32, tile_rows = 6;
#else
constexpr std::int64_t vector_bytes = 16, tile_rows = 6;
#endif
using Vector [[gnu::vector_size(vector_bytes)]] = float;
constexpr std::int64_t width = vector_bytes / sizeof(float), tile_cols = 2 * width;
constexpr std::int64_t depth = 256;       // with AVX2, a panel of B is half of an L1 cache
constexpr std::int64_t block_tiles = 24;  // in a block of A
constexpr std::int64_t block_panels = (1 << 18) / (depth * tile_cols);  // in a block of B: 1 MiB, the pool's largest

Vector load(const float* from) {
  Vector result;
  std::memcpy(&result, from, sizeof result);
  return result;
}

void store(Vector x, float* to) { std::memcpy(to, &x, sizeof x); }

// a * b + sum, in one rounding where the processor can do that. Left to the compiler, some tiles would be fused and
// others not, and the bits would depend on an element's tile.
Vector multiply_add(Vector a, Vector b, Vector sum) {
#if defined(__AVX512F__)
  return _mm512_fmadd_ps(a, b, sum);
#elif defined(__FMA__)
  return _mm256_fmadd_ps(a, b, sum);
#else
  return a * b + sum;
#endif
}

// Adds up a tile of C and puts its first `cols` columns. a: for each of k steps a number for each row; b: a number for
// each column. The loops over rows are unrolled, since registers cannot be numbered by a variable.
template <int Rows, int Vectors>
void tile(std::int64_t k, const float* a, const float* b, std::int64_t cols, Sink<float> c, std::int64_t pitch) {
  for (int i = 0; i < Rows; ++i) __builtin_prefetch(c.data + i * pitch, 1);
  Vector sums[Rows][Vectors];
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i) {
    for (int v = 0; v < Vectors; ++v) sums[i][v] = Vector{};
  }
  for (std::int64_t l = 0; l < k; ++l) {
    Vector row[Vectors];
    for (int v = 0; v < Vectors; ++v) row[v] = load(b + (l * Vectors + v) * width);
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
      const Vector factor = a[l * Rows + i] - Vector{};  // in each place; + would turn -0 into +0, and so cost time
      for (int v = 0; v < Vectors; ++v) sums[i][v] = multiply_add(factor, row[v], sums[i][v]);
    }
  }
  const auto each = [&](const auto& put) {
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
      for (int v = 0; v < Vectors; ++v) put(sums[i][v], c.data + i * pitch + v * width, cols - v * width);
    }
  };
  if (cols < Vectors * width) {
    each([&](Vector sum, float* to, std::int64_t count) {
      for (std::int64_t j = 0; j < std::min(count, width); ++j) Sink<float>{to, c.mode}.put(j, sum[j]);
    });
  } else if (c.mode == SinkMode::add) {
    each([](Vector sum, float* to, std::int64_t) { store(load(to) + sum, to); });
  } else {
    each([](Vector sum, float* to, std::int64_t) { store(sum, to); });
  }
}

// The tile function for each height (less one) and for one and two vectors.
using Tile = void (*)(std::int64_t, const float*, const float*, std::int64_t, Sink<float>, std::int64_t);
template <std::size_t... I>
constexpr std::array<std::array<Tile, 2>, sizeof...(I)> table_of(std::index_sequence<I...>) {
  return {{{&tile<I + 1, 1>, &tile<I + 1, 2>}...}};
}
constexpr auto tiles = table_of(std::make_index_sequence<tile_rows>());

// Copies a tile's row, or fewer numbers by fours, of which the last may overlap the one before: a call of memcpy would
// cost more than they do.
void copy(const float* from, std::int64_t count, float* to) {
  if (count == tile_cols) {
    std::memcpy(to, from, tile_cols * sizeof(float));
  } else if (count >= 4) {
    for (std::int64_t i = 0; i < count; i += 4) {
      const std::int64_t at = std::min(i, count - 4);
      std::memcpy(to + at, from + at, 4 * sizeof(float));
    }
  } else {
    for (std::int64_t i = 0; i < count; ++i) to[i] = from[i];
  }
}

// A matrix in memory: element (i, j) at data[i * row_step + j * col_step], one of the steps being 1.
struct View {
  const float* data;
  std::int64_t row_step, col_step;

  View at(std::int64_t i, std::int64_t j) const { return {data + i * row_step + j * col_step, row_step, col_step}; }
  View transposed() const { return {data, col_step, row_step}; }
};

// Packs x (count, k): element (i, l) goes to to[l * size + i], where zeros make up for what count lacks of size.
void pack(View x, std::int64_t count, std::int64_t k, std::int64_t size, float* to) {
  if (count < size) std::fill_n(to, k * size, 0.f);
  if (x.col_step == 1) {
    turn(x.data, count, k, x.row_step, to, size);
  } else {
    for (std::int64_t l = 0; l < k; ++l) copy(x.data + l * x.col_step, count, to + l * size);
  }
}

// Memory from the pool, uninitialised.
class Scratch {
 public:
  explicit Scratch(std::int64_t numbers) : bytes_(static_cast<std::size_t>(numbers) * sizeof(float)) {}
  ~Scratch() { release(data_, bytes_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  float* data() const { return data_; }

 private:
  std::size_t bytes_;
  float* data_ = static_cast<float*>(allocate(bytes_));
};

// A range of one of the three dimensions.
struct Span {
  std::int64_t begin, end;
  std::int64_t size() const { return end - begin; }
};

constexpr std::int64_t pieces_of(std::int64_t n, std::int64_t most) { return (n + most - 1) / most; }

// [0, n) in pieces of nearly the same size, rather than with a small one at the end.
constexpr Span piece(std::int64_t n, std::int64_t pieces, std::int64_t index) {
  return {n * index / pieces, n * (index + 1) / pieces};
}

struct Product {
  std::int64_t k, n;
  View a, b;
  Sink<float> c;

  // C's rectangle of these rows and columns, by one thread, block of B after block.
  void rectangle(Span rows, Span cols) const {
    const std::int64_t depths = std::max<std::int64_t>(1, pieces_of(k, depth));
    const std::int64_t panels = pieces_of(cols.size(), tile_cols), blocks = pieces_of(panels, block_panels);
    const Scratch packed_b(pieces_of(k, depths) * pieces_of(panels, blocks) * tile_cols);
    for (std::int64_t j = 0; j < blocks; ++j) {
      const Span some = piece(panels, blocks, j);
      const Span block{cols.begin + some.begin * tile_cols, std::min(cols.end, cols.begin + some.end * tile_cols)};
      for (std::int64_t l = 0; l < depths; ++l) {
        const Span steps = piece(k, depths, l);
        pack_b(steps, block, packed_b.data());
        const std::int64_t tiles_down = pieces_of(rows.size(), tile_rows);
        for (std::int64_t t = 0; t < tiles_down; t += block_tiles)
          multiply(steps, rows, block, packed_b.data(), t, std::min(tiles_down, t + block_tiles));
      }
    }
  }

  // A block of B as panels one behind the other, the last of which may be one vector wide.
  void pack_b(Span steps, Span cols, float* to) const {
    for (std::int64_t at = 0; at < cols.size(); at += tile_cols) {
      const std::int64_t count = std::min(tile_cols, cols.size() - at);
      pack(b.at(steps.begin, cols.begin + at).transposed(), count, steps.size(), count > width ? tile_cols : width,
           to + at * steps.size());
    }
  }

  // Row tiles [first, last) of a rectangle, for one block of B.
  void multiply(Span steps, Span all_rows, Span cols, const float* packed_b, std::int64_t first,
                std::int64_t last) const {
    const std::int64_t tiles_down = pieces_of(all_rows.size(), tile_rows);
    const auto rows_of = [&](std::int64_t t) {
      const Span rows = piece(all_rows.size(), tiles_down, t);
      return Span{all_rows.begin + rows.begin, all_rows.begin + rows.end};
    };
    const std::int64_t top = rows_of(first).begin;
    const Scratch packed_a((rows_of(last - 1).end - top) * steps.size());
    for (std::int64_t t = first; t < last; ++t) {
      const Span rows = rows_of(t);
      pack(a.at(rows.begin, steps.begin), rows.size(), steps.size(), rows.size(),
           packed_a.data() + (rows.begin - top) * steps.size());
    }
    for (std::int64_t at = 0; at < cols.size(); at += tile_cols) {
      const std::int64_t count = std::min(tile_cols, cols.size() - at);
      for (std::int64_t t = first; t < last; ++t) {
        const Span rows = rows_of(t);
        const Sink<float> to{c.data + rows.begin * n + cols.begin + at, steps.begin > 0 ? SinkMode::add : c.mode};
        tiles[static_cast<std::size_t>(rows.size() - 1)][count > width ? 1 : 0](
            steps.size(), packed_a.data() + (rows.begin - top) * steps.size(), packed_b + at * steps.size(), count, to,
            n);
      }
    }
  }
};

// C is made by threads as a grid of down x across rectangles, each by one thread alone. What a thread packs no
// other one reads: to fetch what another core has just written takes longer than to pack it again.
struct Grid {
  std::int64_t down, across;
};

// The grid whose largest rectangle takes the least time. Where that is a part of rows it takes longer to be read: other
// kernels cut C by whole rows, and fetch the rest from another core.
Grid best_grid(const MatmulShape& s) {
  constexpr std::int64_t least = 4 * grain;  // multiply-adds worth a thread
  constexpr std::int64_t packing = 25;       // multiply-adds in the time in which a number is packed
  const std::int64_t most = std::min<std::int64_t>(threads(), s.m * s.k * s.n / least + 1);
  const std::int64_t tiles_down = pieces_of(s.m, tile_rows), panels = pieces_of(s.n, tile_cols);
  const auto cost = [&](Grid grid) {
    const std::int64_t rows = tile_rows * pieces_of(tiles_down, grid.down),
                       cols = tile_cols * pieces_of(panels, grid.across);
    return s.k * (rows * cols / packing + rows + cols) + (grid.across > 1 ? rows * cols : 0);
  };
  Grid best{1, 1};
  for (std::int64_t down = 1; down <= std::min(most, tiles_down); ++down) {
    const Grid grid{down, std::min(panels, most / down)};
    if (cost(grid) < cost(best)) best = grid;
  }
  return best;
}

}  // namespace

void gemm(const MatmulShape& s, const float* a, const float* b, Sink<float> c) {
  if (s.m == 0 || s.n == 0) return;
  const View view_a{a, s.transpose_a ? 1 : s.k, s.transpose_a ? s.m : 1};
  const View view_b{b, s.transpose_b ? 1 : s.n, s.transpose_b ? s.k : 1};
  const Product product{s.k, s.n, view_a, view_b, c};
  const Grid grid = best_grid(s);
  const std::int64_t panels = pieces_of(s.n, tile_cols);
  const auto rectangles = [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      const Span some = piece(panels, grid.across, i % grid.across);
      product.rectangle(piece(s.m, grid.down, i / grid.across),
                        {some.begin * tile_cols, std::min(s.n, some.end * tile_cols)});
    }
  };
  for_ranges(grid.down * grid.across, rectangles, 1);
}

}  // namespace wengert::kernels::cpu
