// What a Tensor remembers, inside an Inspect scope, of the history that it was cut from.
#pragma once

#include <string>
#include <vector>

#include "autograd/where.hpp"
#include "kernels/base/refcount.hpp"

namespace wengert {

class Node;

/// Why a value stands in a computation without the history it had. Backward never reads it.
struct Cut {
  enum class Kind { detach, no_grad };
  // Out of line, because Node is not complete here.
  Cut(Kind kind, std::vector<Ref<Node>> from, Where where, std::string what = {});
  ~Cut();
  Cut(const Cut&) = delete;
  Cut& operator=(const Cut&) = delete;

  Kind kind;
  std::vector<Ref<Node>> from;  ///< what it was made by, as far as the tape knows
  Where where;
  std::string what;  ///< the op of a NoGrad scope, or that made one value of several cut ones; or what was detached
  RefCount references;
};
void destroy(Cut*);

}  // namespace wengert
