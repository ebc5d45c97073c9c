// The loss, and with it the gradient if that is asked for, by one of four kernels, as long as a row is: a thread per row, a
// warp, a block that keeps the row in registers, and a block that reads it again. How much shared memory a device has does not
// decide which, since the last two give other bits.
#include "kernels/ops/cross_entropy/cross_entropy.hpp"

#include <algorithm>
#include <limits>

#include "kernels/base/error.hpp"
#include "kernels/devices/gpu/offer.hpp"
#include "kernels/gpu/stream.hpp"
#include "kernels/ops/cross_entropy/gpu_block.hpp"
#include "kernels/ops/cross_entropy/gpu_long.hpp"
#include "kernels/ops/cross_entropy/gpu_packed.hpp"
#include "kernels/ops/cross_entropy/gpu_warp.hpp"

namespace wengert::kernels::gpu {
namespace {

constexpr std::int64_t many_rows = 1 << 17;  // of which a block may take several tiles without leaving others idle

template <class Target>
void run(GpuStream& on, RowsOf<Target> all) {
  const auto cols = all.cols;
  if (all.rows > std::numeric_limits<std::int32_t>::max())
    fail("cross_entropy: ", all.rows, " rows, but the GPU's kernels take at most 2^31 - 1");
  if (cols > most_columns) fail("cross_entropy: ", cols, " columns, but the GPU's kernels take at most ", most_columns);
  if (cols > warp_columns && all.rows > most_numbers)
    fail("cross_entropy: ", all.rows, " rows of ", cols, " columns, but the GPU's kernels take at most ", most_numbers,
         " rows of more than ", warp_columns);
  all.scratch = on.scratch(all.rows + ceil_div(all.rows, tree_block));
  all.tickets = on.tickets(ceil_div(all.rows, tree_block) + 1);
  const auto packed = [&]<int Power>() {
    const int tiles = all.rows < many_rows ? 1 : 4;
    const auto blocks = static_cast<unsigned>(std::max<std::int64_t>(1, ceil_div(all.rows, packed_threads * tiles)));
    simt::launch<packed_rows<Target, Power>>({blocks, packed_threads, 0, on.queue}, all, tiles);
  };
  const auto warp = [&]<int Deep, int Rows>() {
    const auto blocks = static_cast<unsigned>(ceil_div(all.rows, row_warps * Rows));
    simt::launch<warp_per_row<Target, Deep, Rows>>({blocks, warp_threads, 0, on.queue}, all);
  };
  if (cols <= 4 || all.rows == 0) return packed.template operator()<4>();
  if (cols <= 8) return packed.template operator()<8>();
  if (cols <= 16) return packed.template operator()<16>();
  if (cols <= packed_columns) return packed.template operator()<32>();
  if (cols <= 128) return warp.template operator()<1, 4>();
  if (cols <= warp_columns) return warp.template operator()<4, 2>();
  if constexpr (!Target::dense) {  // which would take too many registers
    if (cols <= 1024) return warp.template operator()<8, 1>();
  }
  if (cols <= block_columns) {
    const auto threads = static_cast<unsigned>(ceil_div(cols, tree_block) * tree_lanes);
    const auto row = static_cast<std::size_t>(ceil_div(cols, 4) * 16), needed = row + block_static_bytes<Target>;
    const std::size_t room = on.shared_bytes(), by_threads = 1024 / threads;
    if (needed <= room) {
      const auto at_once = static_cast<int>(std::min(by_threads, room / needed));
      simt::launch<block_per_row<Target, true>>({grid_of(all.rows, at_once, on), threads, row, on.queue}, all);
    } else {
      const auto at_once = static_cast<int>(by_threads);
      simt::launch<block_per_row<Target, false>>({grid_of(all.rows, at_once, on), threads, 0, on.queue}, all);
    }
  } else {
    const auto bytes = static_cast<std::size_t>(ceil_div(cols, tree_block)) * (1 + Target::sums) * sizeof(float);
    simt::launch<long_rows<Target>>({grid_of(all.rows, 2, on), long_threads, bytes, on.queue}, all);
  }
}

}  // namespace

void cross_entropy(Stream& stream, Rows s, const float* x, const std::int32_t* labels, float* loss, float* dx) {
  GpuStream& on = on_gpu(stream);
  const Report report =
      on.errors().report([](std::int64_t row) { fail("cross_entropy: the label of row ", row, " is out of range"); });
  run(on, RowsOf<Labels>{s.rows, s.cols, x, {labels, report}, loss, dx});
}
void soft_cross_entropy(Stream& stream, Rows s, const float* x, const float* p, float* loss, float* dx) {
  run(on_gpu(stream), RowsOf<Probabilities>{s.rows, s.cols, x, {p}, loss, dx});
}

namespace {

const Offer offered{take_place<&kernels::cross_entropy<float>, &cross_entropy>(),
                    take_place<&kernels::soft_cross_entropy<float>, &soft_cross_entropy>()};

}  // namespace
}  // namespace wengert::kernels::gpu
