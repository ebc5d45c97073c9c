// What a picture of the tape shows: boxes, the words in them, and the edges between. No geometry.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "autograd/inspect/tape.hpp"

namespace wengert {

/// The classes are those of draw_tape's style sheet.
struct TapePicture {
  struct Box {
    std::string classes;
    std::vector<std::string> lines;  ///< the first is the heading
    std::string tooltip;             ///< all of it, unabridged
  };
  struct Edge {
    std::size_t from = 0, to = 0;
    const char* classes = "";
  };
  std::vector<Box> boxes;  ///< the tape's rows in their order, then the constants
  std::vector<Edge> edges;
  std::string description;  ///< for screen readers: how many steps, and what was cut
};

TapePicture picture_of(const Tape& tape);

}  // namespace wengert
