#pragma once

#include <vector>

/// Of 64 values.
std::vector<int> reversed(const std::vector<int>& values, bool with_barrier);
