#include "autograd/inspect/watch/inspect.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "autograd/inspect/cut.hpp"
#include "autograd/inspect/watch/remembered.hpp"
#include "autograd/observer.hpp"

namespace wengert {
namespace {

template <class T>
void add(std::vector<Ref<T>>& refs, const Ref<T>& ref) {
  if (std::ranges::find(refs, ref) == refs.end()) refs.push_back(ref);
}

bool is_detach(const Ref<Tag>& tag) { return static_cast<const Cut*>(tag.get())->kind == Cut::Kind::detach; }

// What was made from a cut value is cut too, and what was made from several is cut from all that they were made from.
Ref<Tag> cut_by(const Operation& operation) {
  std::vector<Ref<Node>> from;
  std::vector<Ref<Tag>> cuts;
  for (const Operand& operand : operation.operands) {
    if (operand.wants_gradient()) {  // so a NoGrad scope is why it is not recorded
      add(from, Ref<Node>(operand.node));
    } else if (cut_of(operand.value)) {
      add(cuts, operand.value.tag());
    }
  }
  if (from.empty() && cuts.empty()) return {};
  if (from.empty() && cuts.size() == 1) return cuts[0];
  const bool detached = from.empty() && std::ranges::all_of(cuts, is_detach);
  for (const Ref<Tag>& cut : cuts) {
    for (const Ref<Node>& node : static_cast<const Cut*>(cut.get())->from) add(from, node);
  }
  const Cut::Kind kind = detached ? Cut::Kind::detach : Cut::Kind::no_grad;
  return Ref<Tag>(new Cut(kind, std::move(from), operation.where, operation.op));
}

// Notes what happens for all Inspect scopes of a thread. Other observers find its notes when they are told.
class NoteTaker final : public Observer {
 public:
  NoteTaker() : Observer(Turn::first) {}

  void saved(const Tensor& value) override {
    if (value.defined()) saved_.push_back({value.storage().get(), value.storage()->bytes()});
  }
  void recorded(Node& node, const Operation& operation) override {
    auto notes = std::make_unique<Remembered>(operation);
    notes->saved = std::exchange(saved_, {});
    if (node.notes) notes->name = std::move(node.notes->name);
    node.notes = std::move(notes);
  }
  Ref<Tag> left_out(const Operation& operation) override {
    saved_.clear();
    return cut_by(operation);
  }
  Ref<Tag> detached(std::span<const Ref<Node>> from, Where where, const char* what) override {
    return Ref<Tag>(new Cut(Cut::Kind::detach, {from.begin(), from.end()}, where, what));
  }

 private:
  std::vector<Remembered::Memory> saved_;  // since the last op: a rule is made just before
};

constinit thread_local int scopes = 0;
thread_local std::optional<NoteTaker> note_taker;

}  // namespace

Inspect::Inspect() {
  if (scopes++ == 0) note_taker.emplace();
}

Inspect::~Inspect() {
  if (--scopes == 0) note_taker.reset();
}

}  // namespace wengert
