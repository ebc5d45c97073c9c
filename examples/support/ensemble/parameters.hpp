// All weights and biases as one vector, and how far two of those are apart.
#pragma once

#include <optional>
#include <vector>

#include "examples/support/ensemble/member.hpp"

namespace wengert::examples::ensemble {

/// Layer after layer, weight before bias.
std::vector<double> flattened(const std::vector<Layer>&);

std::optional<double> cosine(const std::vector<double>& a, const std::vector<double>& b);  ///< absent if one is 0
double l1_distance(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace wengert::examples::ensemble
