// The verdict on the terminal.
#pragma once

#include <string>
#include <vector>

#include "examples/support/ensemble/verdict.hpp"
#include "nn/data/dataset.hpp"

namespace wengert::examples::ensemble {

/// Tables of members, ensemble and pairs, and what they say in words. Ends with a line break.
std::string verdict_text(const std::vector<Member>&, const Verdict&, std::int64_t images);

/// At most `count` of the images that members disagree on, as characters, with what each member says. Empty if there are
/// none.
std::string disputed_text(const std::vector<Member>&, const data::Samples& test, std::size_t count);

}  // namespace wengert::examples::ensemble
