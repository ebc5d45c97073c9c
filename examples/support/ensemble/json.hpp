// The verdict as JSON, by the names of the program's contract. What is undefined, or not finite, is null.
#pragma once

#include <string>

#include "examples/support/ensemble/verdict.hpp"

namespace wengert::examples::ensemble {

std::string ensemble_json(const Verdict&);  ///< an object: accuracy, nll, ece
std::string pairs_json(const Verdict&);     ///< a list of objects, one for each pair

}  // namespace wengert::examples::ensemble
