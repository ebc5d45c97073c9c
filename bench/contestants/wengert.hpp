// Wengert itself as a contestant, and the machine's limits.
#pragma once

#include <vector>

#include "bench/contest.hpp"

namespace wengert::bench {

/// "wengert", and where it can do the work in other ways too "wengert_eager", "wengert_composed".
void add_wengert(std::vector<Contestant>& contestants);

/// "read", "write", "copy" and "copy_nt" (with non-temporal stores) move the problem's working set once, where it is
/// memory that limits the problem; "multiply_add" does as many operations on registers, where it is arithmetic.
void add_limits(std::vector<Contestant>& contestants);

}  // namespace wengert::bench
