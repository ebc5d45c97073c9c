// The tape as a picture, for people.
#pragma once

#include <string>

#include "autograd/inspect/show/tape_picture.hpp"
#include "autograd/var.hpp"

namespace wengert {

struct DrawTapeOptions {
  std::string id = "tape";         ///< unique on the page
  std::string title = "The tape";  ///< what a screen reader says first
};

/// An <svg> element, with its own style for light and dark, of the steps that `root` was made by, from left to right:
/// each a box with name or op, value or shape, and gradient (of more than one number its Euclidean norm; '-' where it
/// is absent). Grey is what no gradient passes: constants, frozen parameters, and each cut, dashed, with its name
/// (detach, no_grad) and what it was made from. Constants and cuts are known inside an Inspect scope only; outside, it
/// shows what the tape keeps. A root that was recorded by nothing is a picture that says so. Error: more than 1000
/// boxes, of which print_tape says more.
std::string draw_tape(const Var& root, const DrawTapeOptions& options = {});

/// What draw_tape draws at most.
inline constexpr std::size_t most_boxes = 1000;

struct DrawnPicture {
  std::string svg;
  double width = 0;
};
/// The same of a picture, for a page with a script: with each gradient as a band along its edge, of the class w1 to w8
/// by its norm, half a power of ten each, where w8 is `widest`; "zero" for none at all and "wild" for what is not
/// finite. Boxes have data-rows and data-group, edges data-readers (TapePicture), and boxes a second text of class
/// "pending", which holds what is known of a gradient before it has come.
DrawnPicture draw_picture(const TapePicture& picture, const DrawTapeOptions& options, double widest);

/// The style sheet of both, under the class "tape".
const char* tape_style();

}  // namespace wengert
