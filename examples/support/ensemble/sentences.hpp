// What one sees, in sentences with the run's own numbers.
#pragma once

#include <string>
#include <vector>

#include "examples/support/ensemble/verdict.hpp"

namespace wengert::examples::ensemble {

/// Paragraphs of plain text, for the terminal and for the page.
std::vector<std::string> in_sentences(const std::vector<Member>&, const Verdict&);

}  // namespace wengert::examples::ensemble
