// What the tape holds behind one Var, for those who show it.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "autograd/node.hpp"
#include "autograd/var.hpp"

namespace wengert {

/// The steps and cuts behind one Var, each with a number from 1: leaves and cuts in the order in which they are met,
/// then ops as they were recorded. What a cut was made from is among them, but not the history behind that. It refers to
/// the tape and must not outlive the Var.
class Tape {
 public:
  explicit Tape(const Var& root);

  /// A step, or a cut.
  struct Row {
    Node* node = nullptr;
    const Cut* cut = nullptr;
    Tensor value;             ///< undefined where the tape does not keep it
    bool behind_cut = false;  ///< listed only because a cut was made from it: its own inputs are not
  };
  const std::vector<Row>& rows() const { return rows_; }
  std::size_t number(const Node& node) const { return numbers_.at(&node); }
  std::size_t number(const Cut& cut) const { return numbers_.at(&cut); }

  /// What a step was computed from: the row of that number, or a constant, which has none and the number 0.
  struct Input {
    std::size_t number = 0;
    Tensor value;  ///< undefined where the tape does not keep it
  };
  /// In the order of the op's operands; for a cut, what it was made from; none for a row behind a cut, or where an
  /// earlier backward let go of them.
  std::vector<Input> inputs(const Row& row) const;

 private:
  void add(Node& node, const Tensor& value);
  void add(const Cut& cut, const Tensor& value);
  void visit();

  std::vector<Row> rows_;
  std::vector<Node*> waiting_;
  std::map<const void*, std::size_t> numbers_;
};

/// The name of its memory; empty where it has none.
std::string name_of(const Tensor& x);

/// Up to four numbers as they are, more as their dtype and shape; empty for an undefined tensor.
std::string brief(const Tensor& x);

/// "file.cpp:12", without folders; empty for no place.
std::string brief(const Where& where);

}  // namespace wengert
