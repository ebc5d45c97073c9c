#include "kernels/matmul.hpp"

#include <algorithm>

#include "kernels/error.hpp"
#include "kernels/gpu/big_product.hpp"
#include "kernels/gpu/offer.hpp"
#include "kernels/gpu/product.hpp"
#include "kernels/gpu/small_product.hpp"

namespace wengert::kernels::gpu {
namespace {

// How a product is cut: so that there are about as many blocks as a large GPU has multiprocessors, whatever the GPU at
// hand has, since the cut decides the bits.
struct Cut {
  bool is_small;
  std::int64_t tiles;
  int slices, depth;

  Cut(std::int64_t rows, std::int64_t cols, std::int64_t in_all) {
    constexpr std::int64_t blocks = 128;
    is_small = ceil_div(rows, big::tile) * ceil_div(cols, big::tile) < 64 && in_all <= 16 * small::most_depth;
    tiles = ceil_div(rows, is_small ? small::tile_m : big::tile) * ceil_div(cols, is_small ? small::tile_n : big::tile);
    const std::int64_t least = is_small ? 32 : 256, step = is_small ? 4 : big::deep;
    std::int64_t wanted = std::max<std::int64_t>(1, std::min(blocks / tiles, in_all / least));
    if (is_small) wanted = std::max(wanted, ceil_div(in_all, small::most_depth));
    const std::int64_t of_each = std::max(step, ceil_div(ceil_div(in_all, wanted), step) * step);
    depth = static_cast<int>(of_each);
    slices = static_cast<int>(std::max<std::int64_t>(1, ceil_div(in_all, of_each)));
  }
  dim3 grid() const { return {static_cast<unsigned>(tiles), static_cast<unsigned>(slices)}; }
  Slices slices_on(GpuStream& on) const {
    if (slices == 1) return {slices, depth, nullptr, nullptr};
    const std::int64_t elements = is_small ? small::tile_m * small::tile_n : big::tile * big::tile;
    return {slices, depth, on.scratch(tiles * slices * elements), on.tickets(tiles)};
  }
};

template <bool KMajorA, bool KMajorB>
void launch(GpuStream& on, const Operand& a, const Operand& b, int depth, const Output& out) {
  const Cut cut(out.rows, out.cols, depth);
  const Slices slices = cut.slices_on(on);
  const auto by_quads = [](const Operand& o) { return o.stride % 4 == 0 && aligned16(o.data); };
  const auto is_whole = [](int n, int step) { return n > 0 && n % step == 0; };
  if (cut.is_small) {
    simt::launch<small::product<KMajorA, KMajorB>>({cut.grid(), product_threads, small::shared_bytes, on.queue}, a, b,
                                                   depth, KMajorA && by_quads(a), KMajorB && by_quads(b), slices, out);
    return;
  }
  const simt::Launch where{cut.grid(), product_threads, 0, on.queue};
  if (is_whole(depth, big::deep) && is_whole(out.rows, big::tile) && is_whole(out.cols, big::tile) && by_quads(a) &&
      by_quads(b)) {
    simt::launch<big::product<KMajorA, KMajorB, true>>(where, a, b, depth, slices, out);
  } else {
    simt::launch<big::product<KMajorA, KMajorB, false>>(where, a, b, depth, slices, out);
  }
}

}  // namespace

void product(GpuStream& on, MatmulShape s, const float* a, const float* b, Sink<float> c, Epilogue epilogue) {
  if (!c.wanted() || s.m == 0 || s.n == 0) return;
  if (std::max({s.m, s.k, s.n}) > most_along_axis)
    fail("matmul: ", s.m, " x ", s.k, " by ", s.k, " x ", s.n, ", but the GPU's kernels take at most ", most_along_axis,
         " along an axis");
  const int m = static_cast<int>(s.m), k = static_cast<int>(s.k), n = static_cast<int>(s.n);
  const Operand left{a, m, s.transpose_a ? m : k}, right{b, n, s.transpose_b ? k : n};
  const Output out{c.data, m, n, epilogue, c.mode == SinkMode::add};
  if (s.transpose_a) {
    s.transpose_b ? launch<false, true>(on, left, right, k, out) : launch<false, false>(on, left, right, k, out);
  } else {
    s.transpose_b ? launch<true, true>(on, left, right, k, out) : launch<true, false>(on, left, right, k, out);
  }
}

void matmul(Stream& stream, MatmulShape s, const float* a, const float* b, Sink<float> c) {
  product(on_gpu(stream), s, a, b, c);
}

namespace {

const Offer offered{take_place<&kernels::matmul<float>, &matmul>()};

}  // namespace
}  // namespace wengert::kernels::gpu
