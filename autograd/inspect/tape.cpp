#include "autograd/inspect/tape.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>

namespace wengert {

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
    if (node->notes) {
      for (const Notes::Input& input : node->notes->inputs) {
        if (input.node) {
          add(*input.node, input.value);
        } else if (input.value.cut()) {
          add(*input.value.cut(), input.value);
        }
      }
    } else {
      for (const Ref<Node>& input : node->inputs()) {
        if (input) add(*input, Tensor());
      }
    }
  }
}

std::vector<Tape::Input> Tape::inputs(const Row& row) const {
  std::vector<Input> result;
  if (row.behind_cut) return result;
  if (row.cut) {
    for (const Ref<Node>& from : row.cut->from) result.push_back({number(*from), Tensor()});
  } else if (row.node->notes && !row.node->notes->inputs.empty()) {
    for (const Notes::Input& input : row.node->notes->inputs) {
      const Cut* const cut = input.value.cut().get();
      result.push_back({input.node ? number(*input.node) : cut ? number(*cut) : 0, input.value});
    }
  } else {
    for (const Ref<Node>& input : row.node->inputs()) result.push_back({input ? number(*input) : 0, Tensor()});
  }
  return result;
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
