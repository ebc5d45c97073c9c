// The tape as a page to teach from: one HTML file that fetches nothing.
#pragma once

#include <string>
#include <vector>

#include "autograd/inspect/zeroing_bars.hpp"
#include "autograd/var.hpp"

namespace wengert {

struct TapePage {
  struct Part {
    std::string title;  ///< unlike the others'
    Var root;           ///< best recorded inside an Inspect scope, and with backward run over it
    std::string note = {};
  };
  std::string title = "The tape";
  std::string introduction = {};
  std::vector<Part> tapes = {};  ///< side by side where there is room, as a loss with and without detach
  ZeroingSteps zeroing = {};     ///< left out where empty
};

/// The page, as UTF-8: each tape as a picture from left to right, with the gradient as bands along its edges, as wide as
/// its norm; what no gradient passes in grey, each cut by name; step by step through backward (buttons, slider, arrow
/// keys), with upstream, local derivative and product written out; as a table, and as JSON inside the page (tape_json).
/// Modules, known by their parameters' names ("fc1.weight"), are one box each where the picture would be large, and open
/// at a click. Beside that a table of what reaches each parameter, and zeroing's bars. Texts are escaped here.
///
/// "#tape-2-step-3" behind the page's address opens it at the third step of the second tape.
///
/// A tape that recorded nothing is a part that says so. Errors: two parts of one title; a tape of more than 1000 boxes
/// even with every module as one box.
std::string tape_page(const TapePage& page);

}  // namespace wengert
