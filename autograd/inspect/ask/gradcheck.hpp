// Is a gradient right? Backward against finite differences, entry by entry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "autograd/var.hpp"

namespace wengert {

struct GradcheckOptions {
  /// One entry of an input after another, or each input once along a random direction, which costs two evaluations
  /// however large it is, and names no entry.
  enum class Along { entries, directions };
  Along along = Along::entries;
  double step = 1e-5;       ///< of the central difference, whose error is of the order step^2
  double tolerance = 1e-6;  ///< of the largest slope: of the same input's, and along directions of all inputs'
  std::uint32_t seed = 0;   ///< of the random upstream and directions; the library's own generator is not touched
};

/// What gradcheck found. A value.
struct Gradcheck {
  struct Mismatch {
    std::string input;                ///< its name, or "input 0"
    std::vector<std::int64_t> entry;  ///< where in it; empty along a direction
    std::optional<double> analytic;   ///< by backward; empty where no gradient arrives
    double numeric = 0;               ///< by finite differences
    double ratio = 0;                 ///< analytic / numeric, absent counting as 0
    std::string cause;                ///< what this often means, of the first ten; empty where nothing is known
  };
  std::size_t checked = 0;
  double largest = 0;  ///< numeric slope by size. If it is 0, everything passes and nothing was tested
  std::vector<Mismatch> mismatches;

  bool passed() const { return mismatches.empty(); }
};

/// Evaluates f at the inputs, converted to float64, and compares d sum(u f) / d input, for a random u of the result's
/// shape (ones hide mistakes in ops whose results sum to a constant). What f computes with beside its inputs must be
/// float64 too. A detach within f is found out: finite differences go through it. Errors: no inputs, int32 inputs,
/// options out of range; what f throws; inside a capture.
Gradcheck gradcheck(const std::function<Var(const std::vector<Var>&)>& f, const std::vector<Tensor>& inputs,
                    const GradcheckOptions& options = {});

/// One line for each of the first ten mismatches: the entry, both slopes, their ratio, the likely cause.
std::ostream& operator<<(std::ostream&, const Gradcheck&);

}  // namespace wengert
