// Elementwise ops: the kernels that run any formula of the table (table.hpp).
//
//   unary    y_i = f(x_i)         dx_i = dy_i f'(x_i)
//   binary   y_i = f(a_i, b_i)    da_i, db_i from dy_i, a_i and b_i, with NumPy broadcasting
//
//   shapes       unary: any; x, y, dx and dy have n elements, and n = 0 does nothing.
//                binary: described by Broadcast; y and dy are contiguous in its order. da and db are laid out like y:
//                where an operand was broadcast, the op sums over the repeated axes afterwards (reduce.hpp), in the
//                fixed tree.
//   dtypes       float32, float64; int32 forward for the ops that say so, which wraps around at 2^32. A number beside an
//                int32 operand is cut to an int32 towards zero.
//   backward     reads dy and what the op saves.
//   kinks        stated at each formula, as in PyTorch.
//   aliasing     a and b may be one tensor, da and db one buffer (write, then add): da is finished before db begins.
//   determinism  each element depends on its own inputs alone: same bits for any address, thread count and n.
//   bytes        unary: forward 2n sizeof(T); backward 3n (2n where nothing is saved), one n more when the sink adds.
//                binary: forward 3n, backward up to 5n.
#pragma once

#include <cstdint>

#include "kernels/base/broadcast.hpp"
#include "kernels/base/sink.hpp"
#include "kernels/base/stream.hpp"
#include "kernels/ops/elementwise/table.hpp"

namespace wengert::kernels {

template <class Op, class T>
void unary(Stream&, Op op, std::int64_t n, const T* x, T* y);

/// `saved` is x or y as Op::saves says, and not read where it says nothing.
template <class Op, class T>
void unary_backward(Stream&, Op op, std::int64_t n, const T* saved, const T* dy, Sink<T> dx);

template <class Op, class T>
void binary(Stream&, Broadcast loop, const T* a, const T* b, T* y);

/// Where Op::saves is false, a and b are not read and may be null.
template <class Op, class T>
void binary_backward(Stream&, Broadcast loop, const T* a, const T* b, const T* dy, Sink<T> da, Sink<T> db);

}  // namespace wengert::kernels
