#include "autograd/inspect/tape.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>

namespace wengert {
namespace {

// One operand of a step: a step, a cut, or with neither a constant.
struct Source {
  Node* node;
  const Cut* cut;
  Tensor value;
};

// As an Inspect scope noted them; otherwise what the tape itself keeps until backward has run over it.
std::vector<Source> sources_of(Node& node) {
  std::vector<Source> sources;
  if (node.notes && !node.notes->inputs.empty()) {
    for (const Notes::Input& input : node.notes->inputs) {
      sources.push_back({input.node.get(), input.node ? nullptr : input.value.cut().get(), input.value});
    }
  } else if (!node.released) {
    for (const Ref<Node>& input : node.inputs()) sources.push_back({input.get(), nullptr, Tensor()});
  }
  return sources;
}

}  // namespace

Tape::Tape(const Var& root) {
  if (root.node()) add(*root.node(), root.detach());
  visit();
  std::ranges::stable_sort(rows_, {}, [](const Row& row) { return row.node ? row.node->sequence : 0; });
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    numbers_[row.node ? static_cast<const void*>(row.node) : row.cut] = i + 1;
  }
}

void Tape::add(Node& node, const Tensor& value) {
  const auto [at, is_new] = numbers_.try_emplace(&node, rows_.size());
  if (is_new) rows_.push_back({&node, nullptr, {}, true});
  Row& row = rows_[at->second];
  if (!row.behind_cut) return;
  row = {&node, nullptr, node.notes && node.notes->output.defined() ? node.notes->output : value};
  waiting_.push_back(&node);
}

void Tape::add(const Cut& cut, const Tensor& value) {
  if (numbers_.contains(&cut)) return;
  for (const Ref<Node>& from : cut.from) {
    if (!numbers_.try_emplace(from.get(), rows_.size()).second) continue;
    rows_.push_back({from.get(), nullptr, from->notes ? from->notes->output : Tensor(), true});
  }
  numbers_[&cut] = rows_.size();
  rows_.push_back({nullptr, &cut, value});
}

// An explicit stack, as in backward: depth is no limit.
void Tape::visit() {
  while (!waiting_.empty()) {
    Node* const node = waiting_.back();
    waiting_.pop_back();
    for (const Source& source : sources_of(*node)) {
      if (source.node) add(*source.node, source.value);
      if (source.cut) add(*source.cut, source.value);
    }
  }
}

std::vector<Tape::Input> Tape::inputs(const Row& row) const {
  std::vector<Input> result;
  if (row.behind_cut) return result;
  if (row.cut) {
    for (const Ref<Node>& from : row.cut->from) result.push_back({number(*from), Tensor()});
  } else {
    for (const Source& source : sources_of(*row.node)) {
      result.push_back({source.node ? number(*source.node) : source.cut ? number(*source.cut) : 0, source.value});
    }
  }
  return result;
}

std::string name_of(const Tensor& x) {
  const std::string* const name = x.defined() ? x.storage()->name.get() : nullptr;
  return name ? *name : "";
}

std::string brief(const Tensor& x) {
  std::ostringstream text;
  if (!x.defined()) return "";
  if (x.numel() <= 4) {
    text << x;
  } else {
    text << x.dtype() << ' ' << x.shape();
  }
  return text.str();
}

std::string brief(const Where& where) {
  if (where.line == 0) return "";
  const std::string_view path = where.file;
  return std::string(path.substr(path.rfind('/') + 1)) + ":" + std::to_string(where.line);
}

}  // namespace wengert
