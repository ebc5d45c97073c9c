// The images that members do not agree on.
#pragma once

#include <cstdint>
#include <vector>

#include "examples/support/ensemble/verdict.hpp"

namespace wengert::examples::ensemble {

/// Their numbers. First come those on which the members are surest of their different answers, by the mean of each one's
/// probability of its own answer.
std::vector<std::int64_t> disputed(const Verdict&);

}  // namespace wengert::examples::ensemble
