// The verdict on the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "examples/support/ensemble/verdict.hpp"
#include "nn/data/dataset.hpp"

namespace wengert::examples::ensemble {

/// Tables of members, ensemble and pairs, and what one sees in them. Whole lines.
std::string verdict_text(const std::vector<Member>&, const Verdict&);

/// At most `count` of the images that members disagree on, as characters, with what each member says. Whole lines; empty if
/// they agree on all.
std::string disputed_text(const std::vector<Member>&, const Verdict&, const data::Samples& test, std::size_t count);

}  // namespace wengert::examples::ensemble
