// Lint: mistakes in a training loop that run, compute and say nothing.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "autograd/inspect/watch/inspect.hpp"
#include "autograd/observer.hpp"

namespace wengert {

struct Remembered;

/// One mistake: what, where, and the way out.
struct Finding {
  enum class Kind {
    accumulated,    ///< gradients of two optimiser steps were added up
    growing_graph,  ///< each step of training keeps the one before alive
    moved_nothing,  ///< an optimiser's step found no gradient at all
    unreached,      ///< the optimiser has a parameter that no loss has reached
    outside,        ///< a module's parameter gets gradients, and no optimiser moves it
    stale,          ///< a frozen parameter holds a gradient from before
    moving_old      ///< a detach() used as the old model, of parameters that are still trained
  };
  Kind kind;
  Where where;
  std::string text;  ///< begins with the place
};

/// While one lives, this thread's recorded ops and optimiser steps are watched for such mistakes. Each is reported once
/// for its place. It is an Inspect scope too; what is computed stays the same bits. Begin it before the loop, and before
/// a capture: of a captured step it sees the first run, and of replays whether they add gradients up. Of several
/// the innermost alone listens, so that one which is not looked at silences the others. Where none lives nothing is
/// watched.
///
///     const Lint lint(std::cerr);
///     for (...) { ... }
class Lint final : Observer {
 public:
  [[nodiscard("it acts while it lives: give it a name")]] Lint() : Lint(nullptr) {}  ///< collects the findings
  [[nodiscard("it acts while it lives: give it a name")]] explicit Lint(std::ostream& out)
      : Lint(&out) {}  ///< and writes a line for each
  const std::vector<Finding>& findings() const { return findings_; }

 private:
  void recorded(Node& step, const Operation& operation) override;
  void zeroed(Node& leaf) override;
  void overwriting(std::span<const Var> parameters, const char* optimizer, Where where) override;
  void replaying(std::span<Node* const> accumulating) override;

  // What is known of a parameter.
  struct Leaf {
    Ref<Node> keep;
    std::size_t number = 0;        // in the order in which they were met
    Tensor value;                  // its memory, once an optimiser had it
    std::int64_t steps = 0;        // of optimisers that moved it
    bool reached = false;          // by a gradient, at some step
    bool used = false;             // a step used its gradient, which has not been zeroed since
    std::uint64_t version = 0;     // of its gradient at that step
    Where stepped_at = {};         // by the last step
    Where read_at = {};            // by the first recorded op
    std::int64_t read_since = -1;  // steps of all optimisers before that; -1 where none has read it
  };
  using SourceLine = std::pair<std::string, int>;

  explicit Lint(std::ostream* out) : out_(out) {}
  bool listens() const;
  Leaf& leaf(Node& node);
  void in_order(std::vector<Node*>& leaves);
  void report(Finding::Kind kind, Where where, const std::string& text);
  void watch_growth(const Node& step, const Remembered& notes);
  void watch_old_model(const Node& step, const Remembered& notes);
  void watch_parameters(const char* optimizer, std::span<const Var> parameters, Where where);
  void report_accumulated(std::span<Node* const> accumulating);
  void watch_outside();

  std::ostream* out_;
  Inspect inspect_;
  std::vector<Finding> findings_;
  std::set<std::pair<Finding::Kind, SourceLine>> reported_;
  std::map<Node*, Leaf> leaves_;
  std::map<SourceLine, int> links_;  // from a step to one at the same place in an earlier step of training
  std::map<SourceLine, std::int64_t> old_models_;  // how often the detached parameters had been moved when first read
  std::int64_t steps_ = 0;                         // of all optimisers
  std::uint64_t step_began_ = 0;                   // the tape's number at the last of them
};

}  // namespace wengert
