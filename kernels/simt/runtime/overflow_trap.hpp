// A CUDA thread whose stack overflows must not end the process.
#pragma once

#include <memory>

namespace simt::detail {

/// Takes SIGSEGV, if another has it: a test framework, say, takes it at each of its tests. One caller at a time.
void catch_faults();

/// While it lives, and faults are caught, an access below a stack of this operating-system thread's Worker ends the block in an error. Accesses
/// elsewhere go the way that they went before.
class OverflowTrap {
 public:
  OverflowTrap();
  ~OverflowTrap();
  OverflowTrap(const OverflowTrap&) = delete;
  OverflowTrap& operator=(const OverflowTrap&) = delete;

 private:
  std::unique_ptr<char[]> stack_;  // of the signal handler, if the thread had none: the one that overflows is no use
};

}  // namespace simt::detail
