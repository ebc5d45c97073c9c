// What the two models answer where, and where they disagree.
#pragma once

#include <string>
#include <vector>

#include "examples/support/two_blobs/training.hpp"

namespace wengert::examples {

/// The chance of target 1 at the centre of each cell of the plane that is drawn (see Plane).
struct PlaneAnswers {
  std::vector<float> a, b;

  /// The share of the cells in which one holds 1 for likelier and the other does not.
  double disagreement() const;
};
PlaneAnswers answers_on_plane(const Blobs& data, const Trained& a, const Trained& b);

/// Three figures: A, B, and where they disagree.
std::string plane_figures(const Blobs& data, const Trained& a, const Trained& b, const PlaneAnswers& answers);

/// Both models' planes beside each other, an SVG file.
std::string planes_picture(const Blobs& data, const Trained& a, const Trained& b);

}  // namespace wengert::examples
