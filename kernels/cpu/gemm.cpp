// A product does two operations for each number that it loads into a register, but a processor can do some thirty in
// the time of one load from memory. So each number that was brought nearer is used as often as possible there:
//
//   registers   a tile of C (6 x 16 numbers with AVX2) is summed over k. Each step loads one column of A's panel and
//               one row of B's, 6 + 16 numbers, for 6 * 16 multiply-adds.
//   L1 cache    a panel of B, 16 columns deep `depth`, is used by all tiles below each other.
//   L2 cache    a block of A, some tile heights of rows, is used by all tiles beside each other.
//   L3 cache    a block of B.
//
// Panels are copied ("packed") so that a tile reads them from end to end; packing also takes care of transposed
// operands. The scheme is that of Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008.
//
// This file is compiled with -ffp-contract=fast: sum += a * b is one rounding where the processor can do that.
#include "kernels/cpu/gemm.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "kernels/cpu/ranges.hpp"
#include "kernels/cpu/turn.hpp"
#include "kernels/memory.hpp"

namespace wengert::kernels::cpu {
namespace {

// A tile is `tile_rows` rows of two vectors: with one row of B and a number of A they fill the registers.
#if defined(__AVX512F__)
constexpr std::int64_t vector_bytes = 64, tile_rows = 14, depth = 256;
#elif defined(__AVX__)
constexpr std::int64_t vector_bytes = 32, tile_rows = 6, depth = 256;
#else
constexpr std::int64_t vector_bytes = 16, tile_rows = 6, depth = 256;
#endif
using Vector [[gnu::vector_size(vector_bytes)]] = float;
constexpr std::int64_t width = vector_bytes / sizeof(float), tile_cols = 2 * width;
constexpr std::int64_t block_tiles = 20;                                // in a block of A
constexpr std::int64_t block_panels = (1 << 18) / (depth * tile_cols);  // in a block of B: 1 MiB, the pool's largest

Vector load(const float* from) {
  Vector result;
  std::memcpy(&result, from, sizeof result);
  return result;
}

// Puts the first `count` numbers of a vector, which may be none.
void put(Vector sum, std::int64_t count, Sink<float> c) {
  if (count >= width) {
    if (c.mode == SinkMode::add) sum += load(c.data);
    std::memcpy(c.data, &sum, sizeof sum);
  } else {
    for (std::int64_t j = 0; j < count; ++j) c.put(j, sum[j]);
  }
}

// Adds up one tile and puts its first `cols` columns. a: for each of k steps a number for each row; b: a number for
// each column.
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
      for (int v = 0; v < Vectors; ++v) sums[i][v] += a[l * Rows + i] * row[v];
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i) {
    for (int v = 0; v < Vectors; ++v) put(sums[i][v], cols - v * width, {c.data + i * pitch + v * width, c.mode});
  }
}

// The tile function for each height and width.
using Tile = void (*)(std::int64_t, const float*, const float*, std::int64_t, Sink<float>, std::int64_t);
template <int... I>
constexpr std::array<std::array<Tile, 2>, sizeof...(I)> table_of(std::integer_sequence<int, I...>) {
  return {{{&tile<I + 1, 1>, &tile<I + 1, 2>}...}};
}
constexpr auto tiles = table_of(std::make_integer_sequence<int, tile_rows>());

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

// By fours, of which the last may overlap the one before: a dozen numbers are not worth a call of memcpy.
void copy(const float* from, std::int64_t count, float* to) {
  if (count < 4) {
    for (std::int64_t i = 0; i < count; ++i) to[i] = from[i];
    return;
  }
  for (std::int64_t i = 0; i < count; i += 4) {
    const std::int64_t at = std::min(i, count - 4);
    std::memcpy(to + at, from + at, 4 * sizeof(float));
  }
}

// Copies x, (count, k) with element (i, l) at x[i * step + l * next], to to[l * size + i]. `to` gets zeros for
// i >= count.
void pack(const float* x, std::int64_t step, std::int64_t next, std::int64_t count, std::int64_t k, std::int64_t size,
          float* to) {
  if (count < size) std::fill_n(to, k * size, 0.f);
  if (next == 1) {
    turn(x, count, k, step, to, size);
  } else {
    for (std::int64_t l = 0; l < k; ++l) copy(x + l * next, count, to + l * size);
  }
}

// The columns of a panel for `count` columns of B: one or two vectors.
constexpr std::int64_t padded(std::int64_t count) { return count > width ? tile_cols : width; }

constexpr std::int64_t pieces_of(std::int64_t n, std::int64_t most) { return (n + most - 1) / most; }

// Where piece `index` of `pieces` begins, when n is cut into pieces of nearly the same size.
constexpr std::int64_t cut(std::int64_t n, std::int64_t pieces, std::int64_t index) { return n * index / pieces; }

// A range of one of the three dimensions.
struct Span {
  std::int64_t begin, end;
  std::int64_t size() const { return end - begin; }
};
Span piece(std::int64_t n, std::int64_t pieces, std::int64_t index) {
  return {cut(n, pieces, index), cut(n, pieces, index + 1)};
}

struct Product {
  std::int64_t m, k, n;
  MatrixView a, b;
  Sink<float> c;

  std::int64_t row_tiles() const { return pieces_of(m, tile_rows); }
  // Tile t's rows: tiles differ in height by one row at most, rather than the last one being a low one.
  std::int64_t first_row(std::int64_t t) const { return cut(m, row_tiles(), t); }

  // A block of B as panels, one behind the other.
  void pack_b(Span steps, Span cols, float* to) const {
    const auto some_panels = [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t panel = first; panel < last; ++panel) {
        const std::int64_t at = panel * tile_cols, count = std::min(tile_cols, cols.size() - at);
        pack(b.data + steps.begin * b.row_step + (cols.begin + at) * b.col_step, b.col_step, b.row_step, count,
             steps.size(), padded(count), to + at * steps.size());
      }
    };
    for_ranges(pieces_of(cols.size(), tile_cols), some_panels,
               std::max<std::int64_t>(1, grain / (tile_cols * steps.size())));
  }

  // Row tiles [first, last) of C, for one block of B.
  void multiply(Span steps, Span cols, const float* packed_b, std::int64_t first, std::int64_t last,
                float* packed_a) const {
    const std::int64_t row = first_row(first);
    for (std::int64_t t = first; t < last; ++t) {
      const std::int64_t at = first_row(t), count = first_row(t + 1) - at;
      pack(a.data + at * a.row_step + steps.begin * a.col_step, a.row_step, a.col_step, count, steps.size(), count,
           packed_a + (at - row) * steps.size());
    }
    const Sink<float> sink{c.data + cols.begin, steps.begin > 0 ? SinkMode::add : c.mode};
    for (std::int64_t at = 0; at < cols.size(); at += tile_cols) {
      const std::int64_t count = std::min(tile_cols, cols.size() - at);
      for (std::int64_t t = first; t < last; ++t) {
        const std::int64_t i = first_row(t), height = first_row(t + 1) - i;
        tiles[static_cast<std::size_t>(height - 1)][count > width](
            steps.size(), packed_a + (i - row) * steps.size(), packed_b + at * steps.size(), count,
            Sink<float>{sink.data + i * n + at, sink.mode}, n);
      }
    }
  }

  // One block of B, times all of A.
  void block(Span steps, Span cols, float* packed_b) const {
    pack_b(steps, cols, packed_b);
    const auto some_tiles = [&](std::int64_t first, std::int64_t last) {
      const Scratch packed_a(std::min(block_tiles, last - first) * tile_rows * steps.size());
      for (std::int64_t t = first; t < last; t += block_tiles)
        multiply(steps, cols, packed_b, t, std::min(last, t + block_tiles), packed_a.data());
    };
    for_ranges(row_tiles(), some_tiles,
               std::max<std::int64_t>(1, 4 * grain / (tile_rows * steps.size() * cols.size())));
  }
};

}  // namespace

void gemm(std::int64_t m, std::int64_t k, std::int64_t n, MatrixView a, MatrixView b, Sink<float> c) {
  const Product product{m, k, n, a, b, c};
  const std::int64_t depths = pieces_of(k, depth), panels = pieces_of(n, tile_cols);
  const std::int64_t col_blocks = pieces_of(panels, block_panels);
  const Scratch packed_b(pieces_of(k, depths) * pieces_of(panels, col_blocks) * tile_cols);
  for (std::int64_t j = 0; j < col_blocks; ++j) {
    const Span block = piece(panels, col_blocks, j);
    const Span cols{block.begin * tile_cols, std::min(n, block.end * tile_cols)};
    for (std::int64_t l = 0; l < depths; ++l) product.block(piece(k, depths, l), cols, packed_b.data());
  }
}

}  // namespace wengert::kernels::cpu
