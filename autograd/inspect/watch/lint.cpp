#include "autograd/inspect/watch/lint.hpp"

#include <algorithm>
#include <ostream>
#include <typeinfo>

#include "autograd/inspect/cut.hpp"
#include "autograd/inspect/tape.hpp"
#include "autograd/inspect/watch/remembered.hpp"
#include "autograd/sequence.hpp"

namespace wengert {
namespace {

using Names = std::vector<Node*>;

// "'fc1.weight'", "'fc1.weight' and 3 more".
std::string listed(const Names& leaves) {
  const Node& first = *leaves.front();
  std::string text = first.notes && !first.notes->name.empty() ? first.label() : "a parameter";
  if (leaves.size() > 1) text += " and " + std::to_string(leaves.size() - 1) + " more";
  return text;
}

const char* verb(const Names& leaves, const char* one, const char* many) { return leaves.size() == 1 ? one : many; }

std::pair<std::string, int> key(const Where& where) { return {where.file, where.line}; }

bool share_memory(const Tensor& a, const Tensor& b) {
  if (!a.defined() || !b.defined()) return false;
  const char *a_begin = a.data<char>(), *b_begin = b.data<char>();
  return a_begin < b_begin + b.storage()->bytes() && b_begin < a_begin + a.storage()->bytes();
}

// Whether the memory is a module's: a parameter alone may be an input whose gradient somebody looks at.
bool in_a_module(const Tensor& value) { return value.storage()->whole.get() != nullptr; }

}  // namespace

// Later ones come after it.
bool Lint::listens() const {
  const Observer* later = next();
  while (later && typeid(*later) != typeid(Lint)) later = later->next();
  return !later;
}

Lint::Leaf& Lint::leaf(Node& node) {
  Leaf& known = leaves_[&node];
  if (!known.keep) {
    known.keep = Ref<Node>(&node);
    known.number = leaves_.size();
  }
  return known;
}

void Lint::zeroed(Node& leaf) {
  if (!listens()) return;
  if (const auto known = leaves_.find(&leaf); known != leaves_.end()) known->second.used = false;
}

void Lint::report(Finding::Kind kind, Where where, const std::string& text) {
  if (!reported_.insert({kind, key(where)}).second) return;
  findings_.push_back({kind, where, brief(where) + ": " + text});
  if (out_) *out_ << "lint: " << findings_.back().text << '\n';
}

void Lint::recorded(Node& step, const Operation&) {
  const Remembered* const notes = remembered(step);
  if (!notes || !listens()) return;
  for (const Remembered::Input& input : notes->inputs) {
    if (!input.node || !input.node->is_leaf || !in_a_module(input.value)) continue;
    Leaf& read = leaf(*input.node);
    if (read.read_since >= 0) continue;
    read.read_at = step.where;
    read.read_since = steps_;
  }
  watch_growth(step, *notes);
  watch_old_model(step, *notes);
}

// total = total + loss: a step reads what the same line recorded before the optimiser's last step, and so on.
void Lint::watch_growth(const Node& step, const Remembered& notes) {
  for (const Remembered::Input& input : notes.inputs) {
    const Node* const read = input.node.get();
    if (!read || read->is_leaf || read->sequence >= step_began_) continue;
    if (read->op != step.op || key(read->where) != key(step.where) || ++links_[key(step.where)] < 2) continue;
    report(Finding::Kind::growing_graph, step.where,
           "the tape grows with every step of training: this " + std::string(step.op) +
               " takes in what the same line gave in the step before, so that all earlier ones stay in memory. Add up "
               "numbers: total += loss.item(), or loss.detach()");
  }
}

// Only views of parameters: a clone has other memory, and what was computed from them may well be meant to move.
void Lint::watch_old_model(const Node& step, const Remembered& notes) {
  for (const Remembered::Input& input : notes.inputs) {
    const Cut* const cut = input.node ? nullptr : cut_of(input.value);
    if (!cut || cut->kind != Cut::Kind::detach) continue;
    Names moved;
    std::int64_t moves = 0;
    for (const Ref<Node>& from : cut->from) {
      const auto known = leaves_.find(from.get());
      if (known == leaves_.end() || !share_memory(known->second.value, input.value)) continue;
      moves += known->second.steps;
      if (known->second.steps > 0) moved.push_back(from.get());
    }
    if (old_models_.try_emplace(key(cut->where), moves).first->second == moves) continue;
    report(Finding::Kind::moving_old, cut->where,
           "detach() of " + listed(moved) + " is used as a fixed value in " + brief(step.where) +
               ", but the optimiser in " + brief(leaves_[moved.front()].stepped_at) + " still moves " +
               verb(moved, "it", "them") +
               ", and the detached view moves along. An old model that stays is a snapshot, A.detach().clone(), taken "
               "before the loop, or a frozen one: A.freeze()");
  }
}

void Lint::overwriting(std::span<const Var> parameters, const char* optimizer, Where where) {
  if (!listens()) return;
  watch_parameters(optimizer, parameters, where);
  for (const Var& parameter : parameters) {
    Leaf& own = leaf(*parameter.node());
    own.value = Operand(parameter).value;
    if (own.keep->frozen || !own.keep->has_gradient) continue;
    own.reached = own.used = true;
    own.version = own.keep->gradient.storage()->version();
    own.stepped_at = where;
    ++own.steps;
  }
  ++steps_;
  step_began_ = next_sequence();
  watch_outside();
}

void Lint::watch_parameters(const char* optimizer, std::span<const Var> parameters, Where where) {
  Names accumulated, unreached, stale;
  bool any = false, may_move = false;
  for (const Var& parameter : parameters) {
    Node& node = *parameter.node();
    const Leaf& own = leaf(node);
    any = any || (node.has_gradient && !node.frozen);
    may_move = may_move || !node.frozen;
    if (node.frozen && node.has_gradient) stale.push_back(&node);
    const bool added_to = own.used && own.version != node.gradient.storage()->version();
    if (!node.frozen && node.has_gradient && added_to) accumulated.push_back(&node);
    if (!node.frozen && !node.has_gradient && !own.reached) unreached.push_back(&node);
  }
  const std::string step = std::string("step() of ") + optimizer;
  report_accumulated(accumulated);
  if (!stale.empty()) {
    report(Finding::Kind::stale, where,
           listed(stale) + verb(stale, " is", " are") + " frozen and still" +
               verb(stale, " holds a gradient", " hold gradients") +
               " from before. No optimiser uses it now, but the first step after unfreeze() will. Call zero_grad() "
               "where you freeze");
  }
  if (may_move && !any) {
    report(Finding::Kind::moved_nothing, where,
           step +
               " moved nothing: no parameter that it may move has a gradient. Call zero_grad(), then backward(loss), "
               "then step()");
  } else if (!unreached.empty()) {
    report(Finding::Kind::unreached, where,
           step + " was given " + listed(unreached) +
               ", which no loss has reached so far. Use it in the loss, find where it is cut, or do not give it to the "
               "optimiser");
  }
}

void Lint::replaying(std::span<Node* const> accumulating) {
  if (listens()) report_accumulated(accumulating);
}

void Lint::report_accumulated(std::span<Node* const> accumulating) {
  Names added;
  for (Node* const node : accumulating) {
    if (leaf(*node).used) added.push_back(node);
  }
  if (added.empty()) return;
  in_order(added);
  const Leaf& first = leaf(*added.front());
  report(Finding::Kind::accumulated, first.stepped_at,
         "the gradient" + std::string(verb(added, " of ", "s of ")) + listed(added) + verb(added, " was", " were") +
             " added up over two steps of the optimiser and not zeroed in between, so that each step uses the sum of "
             "all gradients so far. Call zero_grad() before backward");
}

void Lint::in_order(std::vector<Node*>& leaves) {
  std::ranges::sort(leaves, {}, [&](Node* node) { return leaf(*node).number; });
}

void Lint::watch_outside() {
  Names outside;
  for (const auto& [node, own] : leaves_) {
    const bool for_two_steps = own.read_since >= 0 && steps_ - own.read_since >= 2;
    if (for_two_steps && !own.value.defined() && node->has_gradient && !node->frozen) outside.push_back(node);
  }
  if (outside.empty()) return;
  in_order(outside);
  report(
      Finding::Kind::outside, leaves_[outside.front()].read_at,
      listed(outside) + verb(outside, " gets a gradient", " get gradients") + " here, and no optimiser moves " +
          verb(outside, "it", "them") +
          ": a layer that was never added to its module? Write nn::Linear fc = add(\"fc\", nn::Linear(..)); or give it "
          "to an optimiser, or freeze() it");
}

}  // namespace wengert
