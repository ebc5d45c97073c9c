// Who takes part in a run of versus: each does its work in a process of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/contest.hpp"

namespace wengert::bench {

/// One contestant with one problem.
struct Entrant {
  std::string name;
  std::function<std::vector<float>()> compute;      ///< five steps, and their result; empty for a limit
  std::function<double(double seconds)> step_time;  ///< of a step in seconds, from about so many of them
};

/// Wengert, in each way in which it does this work, and the limits that apply to it.
std::vector<Entrant> own_entrants(const Problem&);

/// What a peer offers: a module that exports wengert_bench_contestants ({"FILE.so"}), or the command of a script
/// ({"python3", "FILE.py"}) that takes `--problem KEY` and `--seconds S`: see peers/pytorch.py. None if it does not do this
/// work.
/// Throws Error if the peer cannot be loaded, with the reason.
std::vector<Entrant> peer_entrants(const std::vector<std::string>& peer, const Problem&);

}  // namespace wengert::bench
