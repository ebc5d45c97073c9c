// record: the one place where an op enters the tape, or does not.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "autograd/no_grad.hpp"
#include "autograd/node.hpp"
#include "autograd/observer.hpp"
#include "autograd/recorder.hpp"
#include "autograd/sequence.hpp"
#include "autograd/var.hpp"
#include "kernels/base/memory.hpp"

namespace wengert {

/// A recorded op. Rule is a callable (const Tensor& upstream, Sinks& sinks) that launches the backward kernels, and may
/// have why_not_finite() and, where a number stands beside the operands, number(). Edges is an array, or a PoolVector
/// where how many inputs there are varies.
template <class Rule, class Edges>
class RecordedOp final : public Node {
 public:
  template <class R>
  RecordedOp(const char* op_name, Where place, const Tensor& output, R&& rule, Edges&& edges)
      : Node(op_name, place, output), edges_(std::move(edges)), rule_(std::forward<R>(rule)) {}

  std::span<Ref<Node>> inputs() override { return edges_; }
  void propagate(const Tensor& upstream, const Sinks& sinks) override { (*rule_)(upstream, sinks); }
  void release_graph() override {
    rule_.reset();
    for (Ref<Node>& edge : edges_) edge.reset();
    released = true;
  }
  std::string why_not_finite() const override {
    if constexpr (requires { rule_->why_not_finite(); }) {
      return rule_ ? rule_->why_not_finite() : "";
    } else {
      return "";
    }
  }

 private:
  Edges edges_;  // before the rule: near what else a walk reads of every node
  std::optional<Rule> rule_;
};

namespace detail {

template <class Rule>
std::optional<NumberOperand> number_of(const Rule& rule) {
  if constexpr (requires { rule.number(); }) {
    return rule.number();
  } else {
    return std::nullopt;
  }
}

/// A constant; observers may note of what it was made.
template <class Rule>
Var leave_out(const char* op, const Tensor& y, const Rule& rule, std::span<const Operand> operands) {
  if (!Observer::first()) [[likely]]
    return Var(y);
  Ref<Tag> tag = notify(&Observer::left_out, Operation{op, operands[0].where, y, operands, number_of(rule)});
  return tag ? Var(y.with_tag(std::move(tag))) : Var(y);
}

template <class Rule, class Edges>
Var append(const char* op, const Tensor& y, Rule&& rule, std::span<const Operand> operands, Edges edges) {
  std::uint64_t past = 0;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (Node* const node = operands[i].node; node && node->wants_gradient()) {
      edges[i] = Ref<Node>(node);
      past = std::max(past, node->sequence);
    }
  }
  const std::optional<NumberOperand> number = number_of(rule);
  using Op = RecordedOp<std::remove_cvref_t<Rule>, Edges>;
  Ref<Node> node(new Op(op, operands[0].where, y, std::forward<Rule>(rule), std::move(edges)));
  node->sequence = next_sequence(past);
  if (const Recorder* const recorder = Recorder::current()) node->capture = recorder->number;
  if (Observer::first()) [[unlikely]]
    notify(&Observer::recorded, *node, Operation{op, operands[0].where, y, operands, number});
  return {y, std::move(node)};
}

inline bool any_wants_gradient(std::span<const Operand> operands) {
  if (NoGrad::active()) return false;
  for (const Operand& operand : operands) {
    if (operand.wants_gradient()) return true;
  }
  return false;
}

}  // namespace detail

/// y as a Var. If some operand wants a gradient, and no NoGrad scope forbids it, the op is appended to the tape with
/// its rule; otherwise what lies behind it is not remembered at all.
template <class Rule, class... Operands>
Var record(const char* op, const Tensor& y, Rule&& rule, const Operands&... operands) {
  const std::array<Operand, sizeof...(Operands)> all{operands...};
  if (!detail::any_wants_gradient(all)) return detail::leave_out(op, y, rule, all);
  return detail::append(op, y, std::forward<Rule>(rule), all, std::array<Ref<Node>, sizeof...(Operands)>{});
}

/// The same for an op of any number of operands.
template <class Rule>
Var record_many(const char* op, const Tensor& y, Rule&& rule, std::span<const Operand> operands) {
  if (!detail::any_wants_gradient(operands)) return detail::leave_out(op, y, rule, operands);
  return detail::append(op, y, std::forward<Rule>(rule), operands, PoolVector<Ref<Node>>(operands.size()));
}

}  // namespace wengert
