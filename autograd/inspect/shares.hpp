// How much of its gradient a step sent to each of its inputs.
#pragma once

#include "autograd/node.hpp"

namespace wengert {

/// Notes what `node`, whose rule has just run, sent along each edge, and for a result of up to 16 numbers its local
/// derivative. Its inputs' gradients hold sums of such shares, so the rule runs again, for each input apart; they keep
/// their bits. Nothing happens to a step that no Inspect scope recorded, nor inside a capture.
void note_shares(Node& node);

}  // namespace wengert
