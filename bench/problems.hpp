// What versus measures.
#pragma once

#include <vector>

#include "bench/contest.hpp"

namespace wengert::bench {

std::vector<Problem> problems();

/// By its key; an unknown one is an error.
Problem find_problem(const std::string& key);

}  // namespace wengert::bench
