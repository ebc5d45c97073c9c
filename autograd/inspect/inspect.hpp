// The Inspect scope: a tape that also remembers values, gradients and cuts, for people to look at.
#pragma once

#include <span>

#include "autograd/inspect/hooks.hpp"
#include "autograd/node.hpp"
#include "autograd/var.hpp"

namespace wengert {

/// While one lives, this thread's tape remembers each op's operands and result, what its rule saved, and every cut; and
/// backward over it leaves every gradient, and on each edge the share that it sent there (so each rule runs up to three
/// times). Gradients and values are the same bits with it and without. Outside, nothing of the kind is kept.
class Inspect {
 public:
  [[nodiscard("it acts while it lives: give it a name")]] Inspect() {
    ++active_;
    Saved::watch = &note_saved;
  }
  ~Inspect() {
    if (--active_ == 0) Saved::watch = nullptr;
  }
  Inspect(const Inspect&) = delete;
  Inspect& operator=(const Inspect&) = delete;
  static bool active() { return has_inspect && active_ > 0; }

  static void remember(Node& node, const Tensor& output, std::span<const Operand> operands);
  /// That the next op is one beside a number, which counts as a constant, the first or the last of the operands.
  static void number_beside(double number, bool is_first) {
    if (active()) note_number(number, is_first);
  }
  /// A constant; inside an Inspect scope and a NoGrad scope it remembers what was not recorded.
  static Var unrecorded(const char* op, const Tensor& y, std::span<const Operand> operands) {
    return active() ? noted(op, y, operands) : Var(y);
  }

 private:
  static void note_saved(const Tensor& value);
  static void note_number(double number, bool is_first);
  static Var noted(const char* op, const Tensor& y, std::span<const Operand> operands);
  static inline thread_local int active_ = 0;  // how many there are: they may end in any order
};

}  // namespace wengert
