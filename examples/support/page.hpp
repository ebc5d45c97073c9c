// A page of its own: what all reports have around their sections.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace wengert::examples {

/// The whole HTML file. It needs no network, and follows the reader's choice of light or dark. `style` is added to what
/// charts, figures and tables look like everywhere.
std::string page(const std::string& title_text, const std::string& style, const std::string& html);

/// What was asked for: names and values, side by side where there is room.
std::string settings_list(const std::vector<std::pair<std::string, std::string>>& texts);

}  // namespace wengert::examples
