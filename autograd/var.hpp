// Var: a Tensor and how it was made.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "autograd/node.hpp"
#include "autograd/tensor.hpp"
#include "autograd/where.hpp"

namespace wengert {

/// A value with (or without) history. Constness is shallow, as of a pointer: a const Var& can be zeroed and trained.
class Var {
 public:
  /// No value at all, as Tensor().
  Var() = default;
  /// A constant: no gradient will reach it.
  Var(const Tensor& constant)
      : value_(constant) {}  // NOLINT(google-explicit-constructor): a constant may stand anywhere
  /// A leaf that collects gradients. Error: int32. It shares the tensor's memory.
  static Var parameter(const Tensor& value);

  /// The value without its history: a view of the same memory, through which no gradient flows. The only way from a Var
  /// to a Tensor. Observers may leave a tag on it that says what it was, and where.
  Tensor detach(const char* file = __builtin_FILE(), int line = __builtin_LINE()) const;

  /// The gradient that backward left here, a view valid until the next backward; empty where none has reached it, which
  /// is not the same as zero. Error: a Var that cannot have one (a constant; an intermediate result that has no name,
  /// and that no observer keeps).
  std::optional<Tensor> grad() const;
  void zero_grad() const;  ///< makes the gradient absent
  bool requires_grad() const { return node_ && node_->wants_gradient(); }

  bool defined() const { return value_.defined(); }
  const Shape& shape() const { return value_.shape(); }
  std::int64_t numel() const { return value_.numel(); }
  DType dtype() const { return value_.dtype(); }
  Device device() const { return value_.device(); }
  template <Number T = float>
  T item() const {
    return value_.item<T>();
  }
  template <Number T = float>
  std::vector<T> to_vector() const {
    return value_.to_vector<T>();
  }

  // For ops and tools.
  const Ref<Node>& node() const { return node_; }
  Var(const Tensor& value, Ref<Node> node) : value_(value), node_(std::move(node)) {}

 private:
  friend class Operand;
  friend std::ostream& operator<<(std::ostream&, const Var&);
  Tensor value_;
  Ref<Node> node_;
};

std::ostream& operator<<(std::ostream&, const Var&);

/// What an op takes: a Var, or a Tensor as a constant, and the source line where it was handed over. It refers to its
/// argument and must not outlive the call.
class Operand {
 public:
  Operand(const Var& var, const char* file = __builtin_FILE(), int line = __builtin_LINE())  // NOLINT
      : value(var.value_), node(var.node_.get()), where{file, line} {}
  Operand(const Tensor& constant, const char* file = __builtin_FILE(), int line = __builtin_LINE())  // NOLINT
      : value(constant), node(nullptr), where{file, line} {}
  const Tensor& value;
  Node* const node;
  const Where where;
  bool defined() const { return value.defined(); }
  bool wants_gradient() const { return node && node->wants_gradient(); }
  operator Var() const { return {value, Ref<Node>(node)}; }  // NOLINT(google-explicit-constructor): back to what it was
};

/// Gives a step a name for the printed and the drawn tape and for messages; a Var without history is named as a Tensor
/// is. Returns the same Var.
Var named(std::string name, const Var& var);
/// The same for a value without history: its memory, and so every view of it, goes by this name where it is a constant.
Tensor named(std::string name, const Tensor& constant);

}  // namespace wengert
