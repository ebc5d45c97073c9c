// What two_blobs prints.
#pragma once

#include <string>
#include <vector>

#include "examples/support/two_blobs/training.hpp"

namespace wengert::examples {

/// One line of the table of parameters: a matrix's row, or a vector.
struct TableRow {
  std::string name;  ///< "fc1.weight[0]"
  std::vector<float> a, b;
};
std::vector<TableRow> parameter_table(const nn::Module& a, const nn::Module& b);

/// What the data is, what was done, and both models' parameters side by side.
void print_experiment(const TwoBlobsOptions& options, const Blobs& data, const Trained& a, const Trained& b);

/// How hard each term of the loss pulls at the model's parameters, before the first step and after the last.
void print_audit(const Trained& model);

/// "A: bce X" and "B: bce X similarity Y", each number in the shortest form that reads back to the same float.
void print_last_lines(const Trained& a, const Trained& b);

}  // namespace wengert::examples
