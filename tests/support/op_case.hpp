// One description per op, from which the tests and the benchmarks draw all that they do: shapes, ranges of values,
// tolerance, how to run the kernels, what they cost, and what the op means in its most obvious form.
//
// An op is tried at every size n from `least` to `largest` that a test or a benchmark likes; the case makes a shape of
// it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "kernels/base/sink.hpp"
#include "kernels/devices/run.hpp"

namespace wengert::testing {

using kernels::Sink;
using kernels::Stream;

/// An input, evenly distributed over [low, high); with `both_signs` over (-high, -low] too, which keeps it off a kink
/// at 0.
struct InputRange {
  std::int64_t numel = 0;
  double low = -2, high = 2;
  bool both_signs = false;
  bool constant = false;  // no gradient reaches it
  // Where an operand was broadcast its gradient is laid out like the result: element i of `gradients` belongs to
  // element place(i) of the operand. Otherwise the two are the same.
  std::int64_t broadcast = -1;
  std::function<std::int64_t(std::int64_t)> place{};

  std::int64_t gradients() const { return broadcast < 0 ? numel : broadcast; }
  std::int64_t place_of(std::int64_t i) const { return place ? place(i) : i; }
};

/// The memory of one call.
template <class T>
struct Buffers {
  std::vector<const T*> x;
  const std::int32_t* integers;
  std::int32_t* integer_result;
  std::vector<T*> y;
  const T* dy;              // the gradient of y[0]
  std::vector<Sink<T>> dx;  // one for each input; those of constants are ignored
};

using Values = std::vector<std::vector<double>>;

/// An op at one size.
template <class T>
struct Problem {
  std::vector<InputRange> inputs;
  std::vector<std::int32_t> integers{};  // labels, offsets
  std::int64_t integer_results = 0;      // numbers saved for the backward
  std::vector<std::int64_t> results;     // their sizes; the first has a gradient, the others are saved for the backward
  std::function<void(Stream&, const Buffers<T>&)> forward, backward;
  std::function<Values(const Values&)> reference;            // inputs -> results, the specification as plain loops
  std::int64_t forward_elements = 0, backward_elements = 0;  // read and written
  std::int64_t flops = 0;                                    // of the forward, where they are what limits it
};

struct OpCase {
  std::string name;
  std::function<Problem<float>(std::int64_t)> f32;
  std::function<Problem<double>(std::int64_t)> f64;
  double tolerance;  // in epsilons of the element type, relative to the largest element
  std::int64_t least, largest;
  bool same_bits;  // in float32, on every device

  template <class T>
  Problem<T> problem(std::int64_t n) const {
    if constexpr (sizeof(T) == 4) {
      return f32(n);
    } else {
      return f64(n);
    }
  }
};

inline std::vector<OpCase>& op_cases() {
  static std::vector<OpCase> cases;
  return cases;
}

struct Limits {
  double tolerance = 8;
  std::int64_t least = 0, largest = std::int64_t{1} << 24;
  bool same_bits = true;
};

/// Adds a case. make(n, T{}) returns a Problem<T>.
template <class Make>
void add_case(std::string name, Make make, Limits limits = {}) {
  op_cases().push_back(OpCase{std::move(name), [make](std::int64_t n) { return make(n, float{}); },
                              [make](std::int64_t n) { return make(n, double{}); }, limits.tolerance, limits.least,
                              limits.largest, limits.same_bits});
}

/// A file of cases registers them through a global one of these.
struct Register {
  template <class F>
  explicit Register(F&& add_them) {
    add_them();
  }
};

}  // namespace wengert::testing
