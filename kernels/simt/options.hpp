// How the simulator runs kernels.
#pragma once

#include <cstdint>

namespace simt {

/// In which order blocks, and the threads of a block, get their turns.
enum class Order { forward, reverse, shuffled };

/// What carries a CUDA thread: a switch of stacks in assembly (on x86-64), or the C library's swapcontext.
enum class Fibers { native, ucontext };

struct Options {
  Order order = Order::forward;  // SIMT_ORDER=forward|reverse|shuffled[:SEED]
  std::uint64_t seed = 0;        // of Order::shuffled
  int workers = 0;      // SIMT_WORKERS: operating-system threads, 1 to 16; 0: one for a small grid, else up to four
  int stack_kib = 0;    // SIMT_STACK_KB: a CUDA thread's stack, 16 to 65536; 0: 64, and 256 under sanitizers
  double timeout = 10;  // SIMT_TIMEOUT, in seconds: how long a thread may run without a barrier; 0: for ever
  Fibers fibers = Fibers::native;  // SIMT_FIBERS=native|ucontext
  // SIMT_SHARED_BYTES, 16384 to 232448: how much shared memory a block has at most, static and dynamic together. 232448 is that
  // of compute capability 9.0 and 10.0; 8.6, 8.9 and 12.0 have 101376, 8.0 has 166912, and before a kernel asks for more it has
  // 49152.
  int shared_bytes = 232448;
};

/// The settings of the launches to come, at first as the environment says. Throws Error where it says nonsense.
Options& options();

namespace detail {

Options options_from_environment();

}

}  // namespace simt
