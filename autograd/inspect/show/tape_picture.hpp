// What a picture of the tape shows: boxes, the words in them, and the edges between. No geometry.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "autograd/inspect/show/tape_groups.hpp"
#include "autograd/inspect/tape.hpp"

namespace wengert {

/// The classes are those of draw_tape's style sheet.
struct TapePicture {
  struct Box {
    std::string classes;
    std::vector<std::string> lines;  ///< the first is the heading, the third says what is known of the gradient
    std::string tooltip;             ///< all of it, unabridged
    std::vector<std::size_t> rows;   ///< the numbers of the rows that it stands for; none for a constant
    std::string group;               ///< the module's name, if it stands for one
    bool collects = false;           ///< whether a gradient may come
  };
  struct Edge {
    std::size_t from = 0, to = 0;
    const char* classes = "";
    std::vector<std::size_t> readers;  ///< the numbers of the rows that sent gradient back along it
    std::optional<double> gradient;    ///< the norm of what they sent
  };
  std::vector<Box> boxes;  ///< the tape's rows in their order, then the constants
  std::vector<Edge> edges;
  std::string description;  ///< for screen readers: how many steps, and what was cut
};

TapePicture picture_of(const Tape& tape);

/// The same with each of these groups as one box.
TapePicture collapsed(const TapePicture& picture, const Tape& tape, const std::vector<TapeGroup>& groups);

/// Of a picture only these rows and what has an edge to or from one of them.
TapePicture surroundings(const TapePicture& picture, const std::vector<std::size_t>& rows);

}  // namespace wengert
