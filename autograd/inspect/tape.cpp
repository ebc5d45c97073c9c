#include "autograd/inspect/tape.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "autograd/inspect/cut.hpp"
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

Tape::Tape(const Var& root) : graph_(root) {
  if (!root.node()) return;
  list_rows();
  find_readers();
  count_bytes();
}

void Tape::list_rows() {
  for (TapeGraph::Index i = 0; i < graph_.size_before_cuts(); ++i) {
    const TapeGraph::Vertex& vertex = graph_[i];
    const Remembered* const notes = vertex.node ? remembered(*vertex.node) : nullptr;
    const Tensor value = notes ? notes->output : vertex.value ? *vertex.value : Tensor();
    rows_.push_back({vertex.node, vertex.cut, value, vertex.behind_cut, 0});
  }
  std::ranges::stable_sort(rows_, {}, [](const Row& row) { return row.node ? row.node->sequence : 0; });
  numbers_.resize(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    Row& row = rows_[i];
    row.number = i + 1;
    numbers_[*graph_.index_of(row.node ? static_cast<const void*>(row.node) : row.cut)] = row.number;
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
      if (const Remembered* const notes = remembered(*row.node)) {
        for (const Remembered::Memory& memory : notes->saved) {
          if (counted.insert(memory.storage).second) *bytes += memory.bytes;
        }
      } else {
        bytes.reset();
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

std::optional<Tape::Row::Absence> Tape::Row::absence() const {
  if (cut) return Absence::cut;
  if (node->frozen) return Absence::frozen;
  return node->has_gradient ? std::nullopt : std::optional(Absence::not_come);
}

std::optional<Tensor> Tape::Row::gradient() const { return absence() ? std::nullopt : std::optional(node->gradient); }

const char* word_of(Tape::Row::Absence absence) {
  switch (absence) {
    case Tape::Row::Absence::cut:
      return "cut";
    case Tape::Row::Absence::frozen:
      return "frozen";
    default:
      return "-";
  }
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
