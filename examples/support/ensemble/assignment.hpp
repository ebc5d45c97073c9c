// The assignment problem: who goes with whom.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace wengert::examples::ensemble {

/// The permutation p of 0..n-1 with the largest sum of gain[i * n + p[i]], gain being (n, n), row-major and finite. The
/// Hungarian method by shortest augmenting paths (Jonker and Volgenant 1987, "A shortest augmenting path algorithm for
/// dense and sparse linear assignment problems"), in O(n^3).
std::vector<std::int64_t> best_assignment(std::span<const double> gain, std::int64_t n);

}  // namespace wengert::examples::ensemble
