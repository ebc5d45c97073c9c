// What a value remembers, inside an Inspect scope, of the history that it was cut from.
#pragma once

#include <string>
#include <typeinfo>
#include <vector>

#include "autograd/node.hpp"
#include "autograd/tag.hpp"
#include "autograd/tensor.hpp"
#include "autograd/where.hpp"

namespace wengert {

/// Why a value stands in a computation without the history it had.
struct Cut final : Tag {
  enum class Kind { detach, no_grad };
  Cut(Kind why, std::vector<Ref<Node>> made_by, Where place, std::string op)
      : kind(why), from(std::move(made_by)), where(place), what(std::move(op)) {}

  Kind kind;
  std::vector<Ref<Node>> from;  ///< what it was made by, as far as the tape knows
  Where where;
  std::string what;  ///< the op of a NoGrad scope, or that made one value of several cut ones; or what was detached
};

/// The value's, or null.
inline const Cut* cut_of(const Tensor& value) {
  const Tag* const tag = value.tag().get();
  return tag && typeid(*tag) == typeid(Cut) ? static_cast<const Cut*>(tag) : nullptr;
}

}  // namespace wengert
