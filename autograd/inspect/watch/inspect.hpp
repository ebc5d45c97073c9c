// The Inspect scope: a tape that also remembers values, gradients and cuts, for people to look at.
#pragma once

namespace wengert {

/// While one lives, this thread's tape remembers each op's operands and result, what its rule saved, and every cut; and
/// backward over it leaves every gradient, and on each edge the share that it sent there (so each rule runs up to three
/// times). Gradients and values are the same bits with it and without. Outside, nothing of the kind is kept.
class Inspect {
 public:
  [[nodiscard("it acts while it lives: give it a name")]] Inspect();
  ~Inspect();  // they may end in any order
  Inspect(const Inspect&) = delete;
  Inspect& operator=(const Inspect&) = delete;
};

}  // namespace wengert
