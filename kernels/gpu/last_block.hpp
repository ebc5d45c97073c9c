// Last block done: the blocks of a grid leave their shares in memory, and whichever arrives last adds them up.
//
// Shares are indexed by what they are of, and added in the order of the index, so the sum does not depend on who is last.
#pragma once

#include <simt.hpp>

namespace wengert::kernels::gpu {

/// Called by all threads of `arrivals` blocks in all, each once it has written its share. True, in every thread, for the
/// last of them, which then sees what the others wrote. The ticket is 0 before the first launch and after each one.
__device__ inline bool is_last_block(unsigned* ticket, unsigned arrivals) {
  SHARED(unsigned, last, [1]);
  __syncthreads();
  if (threadIdx.x == 0) {
    __threadfence();  // the block's writes, which the barrier made this thread's, come before its ticket
    last[0] = atomicInc(ticket, arrivals - 1) == arrivals - 1;
    __threadfence();  // and the ticket before the reads of what others wrote
  }
  __syncthreads();
  return last[0] != 0;
}

}  // namespace wengert::kernels::gpu
