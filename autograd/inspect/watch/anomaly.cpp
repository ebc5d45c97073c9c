#include "autograd/inspect/watch/anomaly.hpp"

#include "autograd/inspect/tape.hpp"
#include "autograd/inspect/watch/non_finite.hpp"
#include "autograd/recorder.hpp"

namespace wengert {
namespace {

constexpr const char* mode = "anomaly mode";

void stop_if(const std::string& reason) {
  if (!reason.empty()) fail(mode, ": ", reason);
}

}  // namespace

void Anomaly::recorded(Node& step, const Operation& operation) {
  refuse_in_capture(mode);
  if (const Remembered* const notes = remembered(step))
    stop_if(why_not_finite({operation.op, operation.where, *notes, &step}));
}

Ref<Tag> Anomaly::left_out(const Operation& operation) {
  refuse_in_capture(mode);
  stop_if(why_not_finite({operation.op, operation.where, Remembered(operation), nullptr}));
  return {};
}

// The gradients that it begins with: of the loss, and of leaves from earlier ones.
void Anomaly::backward_begins(std::span<Node* const> steps) {
  refuse_in_capture(mode);
  if (first_non_finite(steps.front()->gradient)) {
    fail(mode, ": the upstream gradient that backward is given is not finite; look at what made it");
  }
  for (Node* const step : steps) {
    for (const Ref<Node>& input : step->inputs()) {
      if (!input || !input->is_leaf || !input->has_gradient || !first_non_finite(input->gradient)) continue;
      fail(mode, ": ", input->label(), " held a gradient that is not finite before this backward: an earlier one left ",
           "it there, and every later one would add to it. Call zero_grad() first");
    }
  }
}

void Anomaly::rule_done(Node& step) {
  if (remembered(step)) stop_if(why_gradients_not_finite(step));
}

}  // namespace wengert
