#include "autograd/inspect/show/layers.hpp"

#include <algorithm>
#include <numeric>

namespace wengert {
namespace {

constexpr double gap = 12, column_gap = 40, passing_height = 6;

// A box, or the place where an edge passes a column.
struct Cell {
  std::size_t layer = 0;  // 0 is the last column
  double height = 0;
  double y = 0;                             // of its middle
  std::vector<std::size_t> earlier, later;  // cells of the neighbouring columns
};

using Column = std::vector<std::size_t>;  // cells from the top down

// The longest way to the end, from each box; a box is done when all that uses it is.
std::vector<std::size_t> layers_of(const Boxes& boxes) {
  std::vector<std::size_t> layer(boxes.heights.size(), 0), unseen_uses(layer.size(), 0), ready;
  std::vector<std::vector<std::size_t>> inputs(layer.size());
  for (const Boxes::Edge& edge : boxes.edges) {
    ++unseen_uses[edge.from];
    inputs[edge.to].push_back(edge.from);
  }
  for (std::size_t box = 0; box < layer.size(); ++box) {
    if (unseen_uses[box] == 0) ready.push_back(box);
  }
  while (!ready.empty()) {
    const std::size_t box = ready.back();
    ready.pop_back();
    for (const std::size_t input : inputs[box]) {
      layer[input] = std::max(layer[input], layer[box] + 1);
      if (--unseen_uses[input] == 0) ready.push_back(input);
    }
  }
  return layer;
}

class Layers {
 public:
  explicit Layers(const Boxes& boxes) : width_(boxes.width) {
    const std::vector<std::size_t> layer = layers_of(boxes);
    for (std::size_t box = 0; box < layer.size(); ++box) add(layer[box], boxes.heights[box]);
    for (const Boxes::Edge& edge : boxes.edges) ways_.push_back(connect(edge));
    order();
    settle();
  }

  Placed placed() const {
    Placed result;
    const double columns = static_cast<double>(columns_.size());
    result.width = columns * width_ + std::max(0., columns - 1) * column_gap;
    double top = 0;
    for (const Cell& cell : cells_) top = std::min(top, cell.y - cell.height / 2);
    for (const Cell& cell : cells_) result.height = std::max(result.height, cell.y + cell.height / 2 - top);
    for (const std::vector<std::size_t>& way : ways_) {
      std::vector<Point> route;
      for (std::size_t k = 0; k < way.size(); ++k) {
        const Cell& cell = cells_[way[k]];
        if (k > 0) route.push_back({left(cell), cell.y - top});
        if (k + 1 < way.size()) route.push_back({left(cell) + width_, cell.y - top});
      }
      result.routes.push_back(std::move(route));
    }
    for (const Cell& cell : cells_) result.boxes.push_back({left(cell), cell.y - cell.height / 2 - top});
    return result;
  }

 private:
  std::size_t add(std::size_t layer, double height) {
    if (columns_.size() <= layer) columns_.resize(layer + 1);
    columns_[layer].push_back(cells_.size());
    cells_.push_back({layer, height, 0, {}, {}});
    return cells_.size() - 1;
  }

  // The cells that the edge goes through, first and last included.
  std::vector<std::size_t> connect(const Boxes::Edge& edge) {
    std::vector<std::size_t> way{edge.from};
    for (std::size_t layer = cells_[edge.from].layer; layer-- > cells_[edge.to].layer;) {
      const std::size_t next = layer == cells_[edge.to].layer ? edge.to : add(layer, passing_height);
      cells_[way.back()].later.push_back(next);
      cells_[next].earlier.push_back(way.back());
      way.push_back(next);
    }
    return way;
  }

  // Each column by the mean rank of its cells' neighbours, from the end to the start and back.
  void order() {
    for (int sweep = 0; sweep < 6; ++sweep) {
      for (std::size_t k = 1; k < columns_.size(); ++k) sort(columns_[k], &Cell::later);
      if (sweep == 5) break;  // the last word belongs to the side of the result: operands in their order
      for (std::size_t k = columns_.size(); k-- > 1;) sort(columns_[k - 1], &Cell::earlier);
    }
  }

  void sort(Column& column, std::vector<std::size_t> Cell::*side) {
    rank();
    std::ranges::stable_sort(column, {}, [&](std::size_t cell) { return mean_y(cells_[cell], side); });
    rank();
  }
  // For now a cell's y is its rank.
  void rank() {
    for (const Column& column : columns_) {
      for (std::size_t k = 0; k < column.size(); ++k) cells_[column[k]].y = static_cast<double>(k);
    }
  }
  double mean_y(const Cell& cell, std::vector<std::size_t> Cell::*side) const {
    const std::vector<std::size_t>& neighbours = cell.*side;
    if (neighbours.empty()) return cell.y;
    double sum = 0;
    for (const std::size_t neighbour : neighbours) sum += cells_[neighbour].y;
    return sum / static_cast<double>(neighbours.size());
  }

  // Heights: each column, in turn, comes as close to its neighbours' heights as its order and the gaps allow.
  void settle() {
    for (const Column& column : columns_) pack(column, std::vector<double>(column.size(), 0));
    for (int sweep = 0; sweep < 8; ++sweep) {
      for (std::size_t k = 1; k < columns_.size(); ++k) pull(columns_[k], &Cell::later);
      if (sweep == 7) break;
      for (std::size_t k = columns_.size(); k-- > 1;) pull(columns_[k - 1], &Cell::earlier);
    }
    for (std::size_t k = columns_.size(); k-- > 1;) pull(columns_[k - 1], &Cell::earlier);
  }
  void pull(const Column& column, std::vector<std::size_t> Cell::*side) {
    std::vector<double> wanted;
    for (const std::size_t cell : column) wanted.push_back(mean_y(cells_[cell], side));
    pack(column, wanted);
  }

  // The heights in the column's order, at least a gap apart, whose squared distance from the wanted ones is least:
  // neighbours that would overlap form a block, which stands at the mean of what its members want.
  void pack(const Column& column, const std::vector<double>& wanted) {
    struct Block {
      double sum = 0;
      std::size_t size = 0;
      double mean() const { return sum / static_cast<double>(size); }
    };
    std::vector<double> offset(column.size(), 0);  // of each cell from the first, packed
    for (std::size_t k = 1; k < column.size(); ++k) {
      offset[k] = offset[k - 1] + (cells_[column[k - 1]].height + cells_[column[k]].height) / 2 + gap;
    }
    std::vector<Block> blocks;
    for (std::size_t k = 0; k < column.size(); ++k) {
      blocks.push_back({wanted[k] - offset[k], 1});
      while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() >= blocks.back().mean()) {
        const Block last = blocks.back();
        blocks.pop_back();
        blocks.back().sum += last.sum;
        blocks.back().size += last.size;
      }
    }
    std::size_t k = 0;
    for (const Block& block : blocks) {
      for (std::size_t member = 0; member < block.size; ++member, ++k) {
        cells_[column[k]].y = block.mean() + offset[k];
      }
    }
  }

  double left(const Cell& cell) const {
    return static_cast<double>(columns_.size() - 1 - cell.layer) * (width_ + column_gap);
  }

  double width_;
  std::vector<Cell> cells_;  // the boxes, then where edges pass
  std::vector<Column> columns_;
  std::vector<std::vector<std::size_t>> ways_;
};

}  // namespace

Placed place_in_layers(const Boxes& boxes) {
  Placed result = Layers(boxes).placed();
  result.boxes.resize(boxes.heights.size());
  return result;
}

}  // namespace wengert
