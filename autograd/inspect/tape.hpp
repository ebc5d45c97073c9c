// What the tape holds behind one Var, for those who show it or look through it.
//
//   const Inspect inspect;
//   ... backward(loss);
//   for (const Tape tape(loss); const Tape::Row& row : tape.rows()) {
//     std::cout << row.number << ' ' << row.op() << ' ' << row.name() << '\n';
//     for (const Tape::Input& input : tape.inputs(row)) std::cout << "  from " << input.number << '\n';
//   }
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "autograd/inspect/graph.hpp"
#include "autograd/node.hpp"
#include "autograd/var.hpp"

namespace wengert {

/// The steps and cuts behind one Var, each with a number from 1: leaves and cuts in the order in which they are met,
/// then ops as they were recorded, so that all that a row was computed from has a smaller number. What a cut was made
/// from is among them, but not the history behind that. Of a Var without history it is empty. It refers to the tape and
/// must not outlive the Var.
class Tape {
 public:
  explicit Tape(const Var& root);

  /// A step (node is set), or a cut (cut is set).
  struct Row {
    Node* node = nullptr;
    const Cut* cut = nullptr;
    Tensor value;             ///< undefined where the tape does not keep it
    bool behind_cut = false;  ///< listed only because a cut was made from it: its own inputs are not
    std::size_t number = 0;

    const char* op() const;              ///< "parameter", "matmul", ...; of a cut "detach" or "no_grad"
    std::string name() const;            ///< that of named(), or of the memory that was cut; empty where it has none
    Where where() const;                 ///< no place outside an Inspect scope for a cut, never one for a parameter
    std::optional<Shape> shape() const;  ///< empty for a cut whose value is not kept
    bool wants_gradient() const { return node && node->wants_gradient(); }
    /// Absent, which is not zero, where absence() says why.
    std::optional<Tensor> gradient() const;
    /// Where there is no gradient here: what of its own keeps it from coming, if anything; explain() says more. Empty
    /// where there is one.
    enum class Absence { cut, frozen, not_come };
    std::optional<Absence> absence() const;
  };
  const std::vector<Row>& rows() const { return rows_; }
  const TapeGraph& graph() const { return graph_; }
  const Row& row(std::size_t number) const { return rows_.at(number - 1); }
  std::size_t number(const Node& node) const { return number_of(&node); }
  std::size_t number(const Cut& cut) const { return number_of(&cut); }

  /// What a step was computed from: the row of that number, or a constant, which has none and the number 0.
  struct Input {
    std::size_t number = 0;
    Tensor value;  ///< undefined where the tape does not keep it
    Tensor share;  ///< of the step's gradient, what it sent here; undefined before backward, and where none goes
    Tensor local;  ///< what an upstream of ones would send here; undefined too where the result is not small
  };
  /// In the order of the op's operands; for a cut, what it was made from; none for a row behind a cut, or where an
  /// earlier backward let go of them.
  std::vector<Input> inputs(const Row& row) const;
  /// The numbers of the rows that were computed from this one, each once.
  const std::vector<std::size_t>& readers(const Row& row) const { return readers_[row.number - 1]; }

  /// Bytes that this step's rule keeps alive until backward has run over it (then 0), without parameters, and without
  /// what an earlier row keeps already: summed over the rows, what the tape holds on to outside an Inspect scope too,
  /// beside the nodes themselves. Empty where no Inspect scope noted it; 0 for leaves and cuts.
  std::optional<std::size_t> kept_bytes(const Row& row) const { return kept_[row.number - 1]; }
  std::size_t kept_bytes() const;  ///< of all rows that know

 private:
  void list_rows();
  void find_readers();
  void count_bytes();
  std::size_t number_of(const void* node_or_cut) const { return numbers_[*graph_.index_of(node_or_cut)]; }

  TapeGraph graph_;
  std::vector<Row> rows_;
  std::vector<std::size_t> numbers_;  // of each vertex before the cuts
  std::vector<std::vector<std::size_t>> readers_;
  std::vector<std::optional<std::size_t>> kept_;
};

/// For tables: "cut", "frozen" or "-".
const char* word_of(Tape::Row::Absence);

/// The name of its memory; empty where it has none.
std::string name_of(const Tensor& x);

/// Up to four numbers as they are, more as their dtype and shape; empty for an undefined tensor.
std::string brief(const Tensor& x);

/// "file.cpp:12", without folders; empty for no place.
std::string brief(const Where& where);

}  // namespace wengert
