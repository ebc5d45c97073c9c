#include "autograd/backward.hpp"

#include "autograd/walk.hpp"

namespace wengert {

void backward(const Var& loss, BackwardOptions options) { Walk(loss).run(nullptr, !options.retain_graph); }

void backward(const Var& value, const Tensor& upstream, BackwardOptions options) {
  require_defined("backward", "the value", value);
  require_defined("backward", "the upstream gradient", upstream);
  if (upstream.shape() != value.shape() || upstream.dtype() != value.dtype()) {
    fail("backward: the upstream gradient is ", upstream.dtype(), " ", upstream.shape(), " but the value is ",
         value.dtype(), " ", value.shape());
  }
  Walk(value).run(&upstream, !options.retain_graph);
}

}  // namespace wengert
