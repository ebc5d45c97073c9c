// Why a parameter has a gradient, or has none.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "autograd/var.hpp"
#include "autograd/where.hpp"

namespace wengert {

class Tape;

/// What explain found out about one loss and one parameter. A value: it refers to nothing.
struct Explanation {
  enum class Reason {
    reached,           ///< there is a path, and a gradient
    zero,              ///< there is a path, and a gradient that is zero in every element
    backward_not_run,  ///< there is a path, and backward has not gone it yet
    cleared,           ///< there is a path, backward has gone it, and the gradient was cleared since
    frozen,            ///< the parameter is frozen, or was when the loss was recorded
    detach,            ///< every known path is cut, the one with the fewest steps first by a detach
    no_grad,           ///< the same, by a NoGrad scope
    not_used,          ///< the loss was made without it, as far as the tape knows
    not_remembered,    ///< there is no path, and parts of the tape know no cuts: see `forgetful`
    used_up,           ///< whether there was a path is unknown: backward has used the tape up
    empty_tape,        ///< the loss has no history at all
    constant,          ///< the "parameter" is a constant, which no gradient can reach
  };
  /// A step of the tape. `name` is empty where it has none; `op` and `where` point to static text.
  struct Step {
    const char* op = "";
    std::string name;
    Where where;
  };
  /// The first cut on some path from the loss towards the parameter.
  struct FirstCut {
    Reason kind;           ///< detach, no_grad or frozen
    Where where;           ///< of the cut; unknown for frozen
    std::string of;        ///< what was cut off
    Step user;             ///< the step that uses the cut value; of no op where it is the loss itself
    std::size_t distance;  ///< steps from the loss to `user`
  };

  Reason reason;
  std::string loss, parameter;     ///< their names, or ops
  std::optional<double> gradient;  ///< the Euclidean norm of what grad() holds, of whatever loss; empty where absent
  std::vector<Step> path;          ///< a shortest one, from the loss to the parameter; empty if there is none
  std::vector<FirstCut> cuts;      ///< the 100 nearest to the loss; also beside a path, where other paths are cut
  std::size_t cuts_in_all = 0;     ///< these and the further ones
  std::vector<Step> zero_at;       ///< for zero, inside an Inspect scope: steps that make a gradient zero on its way
  std::vector<Step> constants;     ///< for not_used: the steps nearest to the loss that take a constant, at most 8
  bool backward_seen = false;      ///< a backward over this tape is known of; if not, `gradient` may be another's
  bool is_parameter = false;       ///< not the result of a step
  bool in_module = false;          ///< a module holds it, so that parameters() lists it
  std::size_t steps = 0;           ///< of the loss's tape that were looked at
  std::size_t forgetful = 0;       ///< of these, recorded outside an Inspect scope: they know no cuts and constants

  bool has_path() const { return !path.empty(); }
};

/// Cuts, constants and tapes that backward has used up are known inside an Inspect scope only: build the loss in one.
/// A number that was read out (item, to_vector, or Tensor arithmetic on a detached value) and put back leaves no trace:
/// where nothing else explains a missing path, `constants` lists where such a one can have entered, which is a
/// possibility and no finding. A parameter of another loss's tape is not_used. Takes time in proportion to the tape.
/// Error: inside a capture.
Explanation explain(const Var& loss, const Var& parameter);

/// The same for several: explain(loss, model.parameters()).
struct Explanations {
  std::vector<Explanation> parameters;
};
Explanations explain(const Var& loss, const std::vector<Var>& parameters);
/// The same for all parameters on a tape, in the order of its rows.
Explanations explain(const Tape& tape);

/// In words: one sentence, then the path, the cuts and what else is known, each on a line.
std::ostream& operator<<(std::ostream&, const Explanation&);
/// A table: parameter, reason, norm of the gradient, and where the path is cut.
std::ostream& operator<<(std::ostream&, const Explanations&);

/// "backward_not_run" and so on.
const char* name_of(Explanation::Reason);

}  // namespace wengert
