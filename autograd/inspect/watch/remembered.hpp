// What an Inspect scope notes of each step.
#pragma once

#include <cstddef>
#include <typeinfo>
#include <vector>

#include "autograd/node.hpp"
#include "autograd/observer.hpp"
#include "autograd/tensor.hpp"

namespace wengert {

/// One op's operands and result, and once backward has run over it, what it sent to each operand.
struct Remembered final : Notes {
  struct Input {
    Ref<Node> node;  ///< set for a Var with history
    Tensor value;
    Tensor share = {};  ///< of its gradient: what the last backward over this step sent it; undefined before
    Tensor local = {};  ///< what an upstream of ones would send it; known of small results
  };
  struct Memory {
    const Storage* storage;
    std::size_t bytes;
  };
  explicit Remembered(const Operation& operation);
  void rule_begins(Node& step) override;

  Tensor output;
  std::vector<Input> inputs;       ///< in the order of the operands; a number beside them is one of them
  std::vector<Memory> saved = {};  ///< what the rule keeps for backward
};

/// Null for a step that no Inspect scope recorded, and for a leaf.
inline const Remembered* remembered(const Node& node) {
  const Notes* const notes = node.notes.get();
  return notes && typeid(*notes) == typeid(Remembered) ? static_cast<const Remembered*>(notes) : nullptr;
}

}  // namespace wengert
