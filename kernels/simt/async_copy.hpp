// cp.async: copies from device to shared memory that proceed while the thread goes on.
//
//     simt::cp_async<16>(&tile[row][column], &a[offset]);   // any number of them
//     simt::cp_async_commit();                              // these are a group
//     simt::cp_async_wait<1>();                             // all groups of this thread but the newest have arrived
//     __syncthreads();                                      // and those of the other threads
//
// Here a copy happens at the wait, the latest moment at which a device may do it, and until then the destination holds
// NaN patterns: whoever reads it too early gets them, not by luck the data.
#pragma once

#include "kernels/simt/runtime/source.hpp"

namespace simt {

namespace detail {

void issue_async_copy(void* to, const void* from, unsigned bytes, unsigned valid, Source source);
void commit_async_copies();
/// Until at most `newest` of the running thread's groups are under way.
void wait_for_async_copies(unsigned newest);

}  // namespace detail

/// Starts to copy Bytes bytes (4, 8 or 16; both addresses are multiples of it), of which the first `valid` are read
/// and the rest become zeros.
template <unsigned Bytes>
void cp_async(void* shared, const void* global, unsigned valid = Bytes,
              detail::Source source = {__builtin_FILE(), __builtin_LINE()}) {
  static_assert(Bytes == 4 || Bytes == 8 || Bytes == 16, "cp.async copies 4, 8 or 16 bytes");
  detail::issue_async_copy(shared, global, Bytes, valid, source);
}

/// The copies since the last commit become a group, which may be empty.
inline void cp_async_commit() { detail::commit_async_copies(); }

/// Until at most `Newest` of this thread's groups are under way.
template <unsigned Newest>
void cp_async_wait() {
  detail::wait_for_async_copies(Newest);
}

/// Until all of this thread's copies, committed or not, have arrived.
inline void cp_async_wait_all() {
  detail::commit_async_copies();
  detail::wait_for_async_copies(0);
}

}  // namespace simt
