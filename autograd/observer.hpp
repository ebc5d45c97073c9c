// Observers: the core reports what happens to the tape, and does not know who receives it.
#pragma once

#include <optional>
#include <span>

#include "autograd/node.hpp"
#include "autograd/tag.hpp"
#include "autograd/var.hpp"

namespace wengert {

/// A number beside an op's operands, as in x + 1: a constant that is no tensor.
struct NumberOperand {
  double value;
  bool is_first;  ///< as in 1 - x; else it is the last
};

/// One op as it was performed. It refers to its operands, and lives as long as the call that tells of it.
struct Operation {
  const char* op;
  Where where;
  const Tensor& result;
  std::span<const Operand> operands;
  std::optional<NumberOperand> number;
};

/// Receives what its thread does to the tape, from construction to destruction, both of which must be on that thread.
/// Observers are called in the order of their construction. An exception that one throws reaches the caller of the op or
/// of backward. Node::notes has room for one observer's notes, and those of inspect use it.
class Observer {
 public:
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  /// A rule keeps this value until backward. The next call of recorded() or left_out() is for the op of that rule.
  virtual void saved(const Tensor&) {}
  virtual void recorded(Node&, const Operation&) {}
  /// The op is not recorded: none of its operands requires a gradient, or a NoGrad scope is active. If this returns a
  /// tag, it is attached to the result. If several observers return one, the first is used. The same holds for detached().
  virtual Ref<Tag> left_out(const Operation&) { return {}; }
  /// A value was detached from these nodes. `what` describes it if there are several nodes, and is empty otherwise.
  virtual Ref<Tag> detached(std::span<const Ref<Node>>, Where, [[maybe_unused]] const char* what) { return {}; }
  /// Backward is about to run over these steps, latest first; the first has its gradient.
  virtual void backward_begins(std::span<Node* const>) {}
  /// The step's rule has added to its inputs' gradients.
  virtual void rule_done(Node&) {}
  /// zero_grad() made the gradient of a leaf, or of a step that keeps one, absent.
  virtual void zeroed(Node&) {}
  /// A step of training by `writer`, "SGD" say, is about to update these parameters by their gradients.
  virtual void overwriting(std::span<const Var>, [[maybe_unused]] const char* writer, Where) {}
  /// A captured step is about to be replayed that adds to these leaves' earlier gradients.
  virtual void replaying(std::span<Node* const>) {}

  /// The calling thread's first observer, or null if it has none.
  static Observer* first() { return observable ? first_ : nullptr; }
  Observer* next() const { return next_; }

 protected:
  enum class Turn { first, last };
  /// Turn::first: it is called before all existing ones.
  explicit Observer(Turn turn = Turn::last);
  ~Observer();  // in any order

 private:
#ifdef WENGERT_WITHOUT_OBSERVERS  // a test counts instructions against this build
  static constexpr bool observable = false;
#else
  static constexpr bool observable = true;
#endif
  static inline constinit thread_local Observer* first_ = nullptr;
  Observer* next_ = nullptr;
};

/// Calls a function of all observers of this thread: notify(&Observer::zeroed, leaf).
template <class... Parameters, class... Arguments>
void notify(void (Observer::*moment)(Parameters...), Arguments&&... arguments) {
  for (Observer *one = Observer::first(), *next; one; one = next) {
    next = one->next();  // one may destroy itself
    (one->*moment)(arguments...);
  }
}

/// The same for functions that return a tag. Returns the first one.
template <class... Parameters, class... Arguments>
Ref<Tag> notify(Ref<Tag> (Observer::*moment)(Parameters...), Arguments&&... arguments) {
  Ref<Tag> tag;
  for (Observer *one = Observer::first(), *next; one; one = next) {
    next = one->next();
    Ref<Tag> own = (one->*moment)(arguments...);
    if (!tag) tag = std::move(own);
  }
  return tag;
}

}  // namespace wengert
