// Where all threads of a block meet.
#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/runtime/worker.hpp"

namespace simt::detail {

int Worker::barrier(const char* name, int predicate, Source source) {
  if (barrier_.arrived == 0) {
    barrier_.name = name;
    barrier_.source = source;
    barrier_.count = 0;
  } else if (barrier_.source != source) {
    fail(text("divergent barrier: the thread is at ", name, " while others wait at ", barrier_.name, ' ',
              to_string(barrier_.source)),
         source);
  }
  barrier_.count += predicate != 0;
  if (++barrier_.arrived == threads_) {
    barrier_.arrived = 0;
    barrier_.result = barrier_.count;
    for (unsigned turn = 0; turn < threads_; ++turn) ready_.push(turns_.threads[turn]);
    note_progress();
    events::barrier_done();
  }
  park(State::at_barrier, Next::ready);
  return barrier_.result;
}

}  // namespace simt::detail
