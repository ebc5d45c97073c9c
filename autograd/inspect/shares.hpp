// How much of its gradient a step sent to each of its inputs.
#pragma once

#include "autograd/node.hpp"

namespace wengert {

/// Notes what `node`, whose rule is about to run, sends along each edge, and for a result of up to 16 numbers its local
/// derivative. Its inputs' gradients will hold sums of such shares, so the rule runs for each input apart, and once
/// more; they keep their bits. Nothing happens to a step that no Inspect scope recorded, nor inside a capture.
void note_shares(Node& node);

}  // namespace wengert
