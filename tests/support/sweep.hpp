// Every op at every size that has found mistakes before, in both element types.
#pragma once

#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "kernels/base/dtype.hpp"
#include "tests/support/op_case.hpp"
#include "tests/support/trial.hpp"

namespace wengert::testing {

/// An op at one size and in one element type.
template <class T>
struct Subject {
  using Type = T;
  const OpCase& op;
  std::int64_t n;

  Problem<T> problem() const { return op.problem<T>(n); }
  double tolerance() const { return op.tolerance * static_cast<double>(std::numeric_limits<T>::epsilon()); }

  /// For failure messages.
  std::string at(std::int64_t offset = 0) const {
    std::ostringstream text;
    text << op.name << ", n = " << n << ", " << name_of(dtype_of<T>) << ", offset " << offset;
    return text.str();
  }
};

/// check(Subject<float>) and check(Subject<double>) at size n.
template <class Check>
void in_both_types(const OpCase& op, std::int64_t n, const Check& check) {
  check(Subject<float>{op, n});
  check(Subject<double>{op, n});
}

/// Empty, single, and around the widths of vectors and of the sum tree's lanes.
template <class Check>
void for_all_ops(const Check& check) {
  constexpr std::int64_t most_flops = std::int64_t{1}
                                      << 22;  // products of 1000 x 1000 would take all the time there is
  for (const OpCase& op : op_cases()) {
    for (const std::int64_t n : {0, 1, 7, 31, 32, 33, 127, 128, 1000}) {
      if (n < op.least || n > op.largest || op.f32(n).flops > most_flops) continue;
      in_both_types(op, n, check);
    }
  }
}

/// Every op at the first size that is large enough for several threads: sums are split from 2^17 elements on, products
/// from two blocks of 64 rows.
template <class Check>
void for_all_ops_large(const Check& check) {
  for (const OpCase& op : op_cases()) {
    for (std::int64_t n = 33; n < op.largest; n *= 2) {
      const Problem<float> problem = op.f32(n);
      if (problem.forward_elements < 1 << 18 && problem.flops < 1 << 22) continue;
      in_both_types(op, n, check);
      break;
    }
  }
}

}  // namespace wengert::testing
