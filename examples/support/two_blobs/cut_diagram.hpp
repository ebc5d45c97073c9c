// Which way B's gradient goes, and where it is cut.
#pragma once

#include <string>

#include "examples/support/svg.hpp"

namespace wengert::examples {

/// `pushed`: whether B's loss has the similarity in it.
Svg cut_diagram(bool pushed);
std::string cut_diagram_style();

}  // namespace wengert::examples
