// What losses of a whole model's parameters share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>

#include "autograd/ops/binary.hpp"
#include "kernels/base/memory.hpp"
#include "losses/per.hpp"
#include "losses/sides.hpp"

namespace wengert::losses::detail {

/// Calls write(begin, end, mode) for the ranges of a model's flat gradient that are wanted; parameter k's sink is
/// sinks[first + k]. Usually all want theirs in one mode, and one call does it; where some are frozen, or hold an
/// earlier contribution, each that wants one gets its own.
template <class Write>
void for_wanted_ranges(const nn::Layout& layout, const Sinks& sinks, std::size_t first, const Write& write) {
  PoolVector<SinkMode> modes;
  for (std::size_t k = 0; k < layout.size(); ++k) {
    const GradientSink sink = sinks[first + k];
    modes.push_back(sink.wanted() ? sink.open() : SinkMode::ignore);
  }
  const auto& offsets = layout.offsets;
  if (std::ranges::count(modes, modes.front()) == std::ssize(modes)) return write(0, offsets.back(), modes.front());
  for (std::size_t k = 0; k < modes.size(); ++k) {
    if (modes[k] != SinkMode::ignore) write(offsets[k], offsets[k + 1], modes[k]);
  }
}

/// All parameters of the model as one Var (total), a view of their memory.
Var flat(const nn::Module& model, const char* file, int line);

/// loss(reference, trained) of two models by `per`: summed over the pairs of parameters, or of all of them as one.
/// Errors: those of require_models.
template <class Loss>
Var of_models(const char* name, const nn::Weights& reference, const nn::Module& trained, Per per, const char* file,
              int line, const Loss& loss) {
  require_models(name, reference, trained);
  if (per == Per::model) return loss(reference.flat(), Operand(flat(trained, file, line), file, line));
  std::optional<Var> total;
  for (std::size_t k = 0; k < reference.size(); ++k) {
    const Var one = loss(reference[k], Operand(trained.parameters()[k], file, line));
    total = total ? *total + one : one;
  }
  return *total;
}

}  // namespace wengert::losses::detail
