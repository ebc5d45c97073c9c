// Observers: the core tells what happens to the tape, and does not know who listens.
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

/// Is told what its thread does to the tape, while it lives. It begins and ends on that thread. Observers are told in the
/// order in which they began; an exception of one passes through to whoever used the tape. One that keeps notes of a step
/// in Node::notes must not begin where another one does, as those of inspect do.
class Observer {
 public:
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  /// A rule that is being made keeps this value until backward. The next op told of is the rule's.
  virtual void saved(const Tensor&) {}
  virtual void recorded(Node&, const Operation&) {}
  /// The op is not recorded: none of its operands wants a gradient, or a NoGrad scope forbids it. The tag that this
  /// returns, if any, goes along with the result, and so for detached; of several the first counts.
  virtual Ref<Tag> left_out(const Operation&) { return {}; }
  /// A value without its history. It was made by the nodes; `what` names it where these are many, and is else empty.
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

  /// The calling thread's first, or null where nobody listens, which is all that most programs ever ask.
  static Observer* first() { return observable ? first_ : nullptr; }
  Observer* next() const { return next_; }

 protected:
  enum class Turn { first, last };
  /// Turn::first: it is told before those that are there already.
  explicit Observer(Turn turn = Turn::last);
  ~Observer();  // they may end in any order

 private:
#ifdef WENGERT_WITHOUT_OBSERVERS  // a build by which a test counts what the calls below cost where nobody listens
  static constexpr bool observable = false;
#else
  static constexpr bool observable = true;
#endif
  static inline constinit thread_local Observer* first_ = nullptr;
  Observer* next_ = nullptr;
};

/// tell(&Observer::zeroed, leaf): all observers of this thread, if there are any.
template <class... Parameters, class... Arguments>
void tell(void (Observer::*moment)(Parameters...), Arguments&&... arguments) {
  for (Observer *one = Observer::first(), *next; one; one = next) {
    next = one->next();  // one may end itself
    (one->*moment)(arguments...);
  }
}

/// The same, where the observers may leave a tag: the first one's counts.
template <class... Parameters, class... Arguments>
Ref<Tag> tell(Ref<Tag> (Observer::*moment)(Parameters...), Arguments&&... arguments) {
  Ref<Tag> tag;
  for (Observer *one = Observer::first(), *next; one; one = next) {
    next = one->next();
    Ref<Tag> own = (one->*moment)(arguments...);
    if (!tag) tag = std::move(own);
  }
  return tag;
}

}  // namespace wengert
