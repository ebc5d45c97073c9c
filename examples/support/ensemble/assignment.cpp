#include "examples/support/ensemble/assignment.hpp"

#include <limits>

namespace wengert::examples::ensemble {
namespace {

constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

// Rows are matched one after another. Prices keep every reduced cost, -gain - row_price - column_price, at 0 or above, and
// at 0 where a row and a column are matched, which makes each stage's matching the best one of its rows.
class Matching {
 public:
  Matching(std::span<const double> gain, std::size_t n)
      : gain_(gain), n_(n), row_price_(n), column_price_(n), row_of_(n, nobody) {}

  void add(std::size_t row) {
    find_path(row);
    extend_along_path(row);
  }
  const std::vector<std::size_t>& row_of() const { return row_of_; }

 private:
  double reduced_cost(std::size_t row, std::size_t column) const {
    return -gain_[row * n_ + column] - row_price_[row] - column_price_[column];
  }

  // Dijkstra's method, from the row over matched columns to the nearest column that is free.
  void find_path(std::size_t row) {
    distance_.assign(n_, std::numeric_limits<double>::infinity());
    from_.assign(n_, row);
    settled_.assign(n_, false);
    free_column_ = nobody;
    double so_far = 0;
    for (std::size_t at = row; free_column_ == nobody;) {
      const std::size_t nearest = relax(at, so_far);
      settled_[nearest] = true;
      so_far = distance_[nearest];
      at = row_of_[nearest];
      if (at == nobody) free_column_ = nearest;
    }
    adjust_prices(row, so_far);
  }

  // Ways that go through this row; the nearest column not yet settled.
  std::size_t relax(std::size_t at, double so_far) {
    std::size_t nearest = nobody;
    for (std::size_t column = 0; column < n_; ++column) {
      if (settled_[column]) continue;
      const double through = so_far + reduced_cost(at, column);
      if (through < distance_[column]) {
        distance_[column] = through;
        from_[column] = at;
      }
      if (nearest == nobody || distance_[column] < distance_[nearest]) nearest = column;
    }
    return nearest;
  }

  void adjust_prices(std::size_t row, double length) {
    row_price_[row] += length;
    for (std::size_t column = 0; column < n_; ++column) {
      if (!settled_[column] || column == free_column_) continue;
      const double slack = length - distance_[column];
      column_price_[column] -= slack;
      row_price_[row_of_[column]] += slack;
    }
  }

  void extend_along_path(std::size_t row) {
    std::vector<std::size_t> column_of(n_, nobody);
    for (std::size_t column = 0; column < n_; ++column) {
      if (row_of_[column] != nobody) column_of[row_of_[column]] = column;
    }
    for (std::size_t column = free_column_;;) {
      const std::size_t taker = from_[column];
      row_of_[column] = taker;
      if (taker == row) return;
      column = column_of[taker];
    }
  }

  std::span<const double> gain_;
  std::size_t n_;
  std::vector<double> row_price_, column_price_;
  std::vector<std::size_t> row_of_;  // of each column
  std::vector<double> distance_;     // of each column from the row that is being matched
  std::vector<std::size_t> from_;    // the row before each column on that way
  std::vector<bool> settled_;
  std::size_t free_column_ = nobody;
};

}  // namespace

std::vector<std::int64_t> best_assignment(std::span<const double> gain, std::int64_t n) {
  const auto size = static_cast<std::size_t>(n);
  Matching matching(gain, size);
  for (std::size_t row = 0; row < size; ++row) matching.add(row);
  std::vector<std::int64_t> column_of(size);
  for (std::size_t column = 0; column < size; ++column) {
    column_of[matching.row_of()[column]] = static_cast<std::int64_t>(column);
  }
  return column_of;
}

}  // namespace wengert::examples::ensemble
