#include "autograd/inspect/tape.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "autograd/inspect/watch/cut.hpp"
#include "autograd/inspect/watch/remembered.hpp"
#include "kernels/base/text_stream.hpp"

namespace wengert {
namespace {

// One operand of a step: a step, a cut, or with neither a constant.
struct Source {
  Node* node;
  const Cut* cut;
  Tensor value, share, local;
};

// As an Inspect scope noted them; otherwise what the tape itself keeps until backward has run over it.
std::vector<Source> sources_of(Node& node) {
  std::vector<Source> sources;
  if (const Remembered* const notes = remembered(node); notes && !notes->inputs.empty()) {
    for (const Remembered::Input& input : notes->inputs) {
      const Tensor share = node.has_gradient ? input.share : Tensor();  // or it is of an earlier backward
      sources.push_back(
          {input.node.get(), input.node ? nullptr : cut_of(input.value), input.value, share, input.local});
    }
  } else if (!node.released) {
    for (const Ref<Node>& input : node.inputs()) sources.push_back({input.get(), nullptr, {}, {}, {}});
  }
  return sources;
}

}  // namespace

Tape::Tape(const Var& root) {
  require_defined("tape", "the value", root);
  if (root.node()) add(*root.node(), root.detach());
  visit();
  number_rows();
  find_readers();
  count_bytes();
}

void Tape::number_rows() {
  std::ranges::stable_sort(rows_, {}, [](const Row& row) { return row.node ? row.node->sequence : 0; });
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    Row& row = rows_[i];
    row.number = i + 1;
    numbers_[row.node ? static_cast<const void*>(row.node) : row.cut] = row.number;
  }
}

void Tape::find_readers() {
  readers_.resize(rows_.size());
  for (const Row& row : rows_) {
    for (const Input& input : inputs(row)) {
      if (input.number == 0) continue;
      std::vector<std::size_t>& readers = readers_[input.number - 1];
      if (readers.empty() || readers.back() != row.number) readers.push_back(row.number);
    }
  }
}

void Tape::count_bytes() {
  std::set<const Storage*> counted;
  for (const Row& row : rows_) {
    if (row.node && row.node->is_leaf && row.value.defined()) counted.insert(row.value.storage().get());
  }
  for (const Row& row : rows_) {
    std::optional<std::size_t> bytes = 0;
    if (row.node && !row.node->is_leaf && !row.node->released) {
      const Remembered* const notes = remembered(*row.node);
      if (!notes) bytes.reset();
      if (bytes) {
        for (const Remembered::Memory& memory : notes->saved) {
          if (counted.insert(memory.storage).second) *bytes += memory.bytes;
        }
      }
    }
    kept_.push_back(bytes);
  }
}

std::size_t Tape::kept_bytes() const {
  std::size_t sum = 0;
  for (const std::optional<std::size_t>& bytes : kept_) sum += bytes.value_or(0);
  return sum;
}

void Tape::add(Node& node, const Tensor& value) {
  const auto [at, is_new] = numbers_.try_emplace(&node, rows_.size());
  if (is_new) rows_.push_back({&node, nullptr, {}, true, 0});
  Row& row = rows_[at->second];
  if (!row.behind_cut) return;
  const Remembered* const notes = remembered(node);
  row = {&node, nullptr, notes ? notes->output : value, false, 0};
  waiting_.push_back(&node);
}

void Tape::add(const Cut& cut, const Tensor& value) {
  if (numbers_.contains(&cut)) return;
  for (const Ref<Node>& from : cut.from) {
    if (!numbers_.try_emplace(from.get(), rows_.size()).second) continue;
    const Remembered* const notes = remembered(*from);
    rows_.push_back({from.get(), nullptr, notes ? notes->output : Tensor(), true, 0});
  }
  numbers_[&cut] = rows_.size();
  rows_.push_back({nullptr, &cut, value, false, 0});
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
    for (const Ref<Node>& from : row.cut->from) result.push_back({number(*from), {}, {}, {}});
  } else {
    for (const Source& source : sources_of(*row.node)) {
      const std::size_t row_number = source.node ? number(*source.node) : source.cut ? number(*source.cut) : 0;
      result.push_back({row_number, source.value, source.share, source.local});
    }
  }
  return result;
}

const char* Tape::Row::op() const {
  if (node) return node->op;
  return cut->kind == Cut::Kind::detach ? "detach" : "no_grad";
}

std::string Tape::Row::name() const {
  if (cut) return name_of(value);
  return node->notes ? node->notes->name : "";
}

Where Tape::Row::where() const { return node ? node->where : cut->where; }

std::optional<Shape> Tape::Row::shape() const {
  if (node) return node->shape;
  return value.defined() ? std::optional(value.shape()) : std::nullopt;
}

std::optional<Tensor> Tape::Row::gradient() const {
  if (!wants_gradient() || !node->has_gradient) return std::nullopt;
  return node->gradient;
}

std::string name_of(const Tensor& x) {
  const std::string* const name = x.defined() ? x.storage()->name.get() : nullptr;
  return name ? *name : "";
}

std::string brief(const Tensor& x) {
  TextStream text;
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
