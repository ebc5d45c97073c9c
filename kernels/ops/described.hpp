// Every op that the engine records on a tape, and what it says about itself, found by its name.
#pragma once

#include <cstddef>
#include <string_view>

#include "kernels/base/types.hpp"
#include "kernels/ops/cross_entropy/cross_entropy.hpp"
#include "kernels/ops/elementwise/table.hpp"
#include "kernels/ops/inverse_l1/inverse_l1.hpp"
#include "kernels/ops/layout/layout.hpp"
#include "kernels/ops/matmul/linear.hpp"
#include "kernels/ops/matmul/matmul.hpp"
#include "kernels/ops/pointwise_loss/pointwise_loss.hpp"
#include "kernels/ops/reduce/reduce.hpp"
#include "kernels/ops/softmax/softmax.hpp"
#include "kernels/ops/words.hpp"

namespace wengert::kernels {

using OtherOps =
    Types<Sum, Mean, Max, Matmul, Linear, Transpose, Reshape, Select, Slice, Cat, Flat, Softmax, LogSoftmax,
          SquaredError, BinaryCrossEntropy, BinaryCrossEntropyWithLogits, CrossEntropy, SoftCrossEntropy, InverseL1>;
using RecordedOps = decltype(BinaryOps{} + UnaryOps{} + NumberOps{} + OtherOps{});

/// One element of an elementwise op: its operands (b is NaN where there is but one), and its result.
struct Element {
  double a, b, y;
};

struct Description {
  std::string_view name;
  Words words;
  /// Of an elementwise op, otherwise null: what is singular about an element whose result is not finite, and the slope
  /// of its result by one operand.
  Singular (*singular)(const Element&) = nullptr;
  double (*slope)(std::size_t operand, const Element&) = nullptr;

  /// Whether each number of the result depends on the operands' numbers at its own place alone, so that what is sent to
  /// one of the same shape is upstream times slope, number by number.
  bool elementwise() const { return slope != nullptr; }
  /// words.local of that operand.
  const char* local(std::size_t operand) const;
};

/// Null for an op of somebody's own.
const Description* description_of(std::string_view name);

}  // namespace wengert::kernels
