// How hard each term of a loss pulls at the parameters, in which direction, and which terms do nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "autograd/var.hpp"

namespace wengert {

/// One summand of a loss, its factor included, and what it is called.
struct LossTerm {
  std::string name;
  Var value;
};

struct AuditOptions {
  double no_effect = 1e-3;  ///< a term whose share of the gradient is smaller is warned of
  double opposes = -0.5;    ///< and so are two terms whose gradients have a smaller cosine
};

/// The gradients of the terms of a loss, measured. A value: it refers to nothing.
struct Audit {
  /// One term at one parameter.
  struct Pull {
    std::optional<double>
        norm;  ///< Euclidean, of the gradient; empty where none arrives, which is not the same as zero
    std::optional<double> share;  ///< norm / the sum of all terms' norms; empty where that sum is 0 or not finite
  };
  struct Row {
    std::string parameter;
    std::int64_t numel = 0;
    std::vector<Pull> pulls;                     ///< one for each of `terms`
    std::vector<std::optional<double>> cosines;  ///< one for each of `pairs`; empty where undefined: a gradient is
                                                 ///< absent, zero or not finite
  };
  struct Pair {
    std::size_t first, second;  ///< of `terms`
  };
  enum class Problem { not_reached, not_finite, no_effect, opposes };
  struct Warning {
    Problem problem;
    std::string parameter;  ///< where; of all parameters together empty
    std::string text;
  };

  std::vector<std::string> terms;
  std::vector<Pair> pairs;  ///< every two terms
  std::vector<Row> parameters;
  Row all;  ///< all parameters as one vector
  std::vector<Warning> warnings;
};

/// Sends each term backward by itself. The tape and all gradients are left as they were. A parameter goes by the name it
/// has from its module or from named(), or by its place. A warning about all parameters together is not repeated for
/// each, and none is given about one number's pull against another, whose cosine is 1 or -1. Errors: no terms; no
/// parameters, or something that is none; a term of more than one element; a tape that a backward has used up (audit
/// before backward); inside a capture.
Audit audit(const std::vector<LossTerm>& terms, const std::vector<Var>& parameters, const AuditOptions& options = {});

/// A table with a line for each parameter, and the warnings.
std::ostream& operator<<(std::ostream&, const Audit&);

/// {"terms": [...], "pairs": [[0, 1], ...], "parameters": [{"parameter", "numel", "norms", "shares", "cosines"}, ...],
/// "all": {...}, "warnings": [{"problem", "parameter", "text"}]}; what is absent or undefined is null, numbers that are
/// not finite are strings.
std::string to_json(const Audit&);

}  // namespace wengert
