// Where the boxes of a drawing go that is read from left to right, and how the lines between them run. Geometry alone.
#pragma once

#include <cstddef>
#include <vector>

namespace wengert {

struct Point {
  double x = 0, y = 0;
};

/// Boxes of one width, and edges from what comes earlier to what comes later. There must be no circle among them.
struct Boxes {
  struct Edge {
    std::size_t from = 0, to = 0;
  };
  double width = 0;
  std::vector<double> heights;
  std::vector<Edge> edges;
};

struct Placed {
  double width = 0, height = 0;
  std::vector<Point> boxes;                ///< of each box the upper left corner
  std::vector<std::vector<Point>> routes;  ///< of each edge where it leaves a box, passes others, and arrives
};

/// Each box stands in a column of its own distance from the end, the longest way counting, and so as close to what uses
/// it as can be (Sugiyama's method: layers, then an order within each that avoids crossings, by barycentres, then
/// heights). Edges that pass a column have a place in it, and so cross no box.
Placed place_in_layers(const Boxes& boxes);

}  // namespace wengert
