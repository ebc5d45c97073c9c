// What the device functions stand on. All of it is called by CUDA threads that run inside a launch; elsewhere each is an
// Error that says so.
//
// A device function takes its caller's place as a last, defaulted argument: Source source = {__builtin_FILE(),
// __builtin_LINE()}.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "kernels/simt/runtime/source.hpp"
#include "kernels/simt/types.hpp"

namespace simt::detail {

/// Which thread of which launch.
struct Place {
  std::string_view kernel;
  uint3 block, thread;
};
Place here();
/// "kernel K, block (x,y,z), thread (x,y,z)"
std::string to_string(const Place& place);

/// Ends the launch with the Error "PLACE: FILE:LINE: message". No stack is unwound, neither the caller's nor that of
/// another thread: the caller owns nothing by now but `message`.
[[noreturn]] void fail(std::string message, Source source);

/// Waits for all threads of the block; how many of them came with a predicate other than 0.
int barrier(const char* name, int predicate, Source source);

/// What the lanes of a warp brought to a collective: lane i is among them if bit i of `mask` is set, and `in[i]` and
/// `out[i]` point to what it gave and where it wants its result. Those that the call named but that were not there are
/// missing.
struct Lanes {
  unsigned named = 0, mask = 0;
  std::array<const void*, 32> in{};
  std::array<void*, 32> out{};
};
/// Nothing, or what a lane did wrong.
struct LaneError {
  int lane = 0;
  std::string message = {};
};
/// Runs once, in the lane that came last, while the others wait. The checker does not watch it.
using Combine = LaneError (*)(const Lanes&);

/// Waits for the lanes of `mask` to call the same collective, and combines what they brought. Lanes that have returned,
/// and those that a block's last, smaller warp lacks, are not waited for. __syncwarp has no `combine`.
void collective(const char* name, unsigned mask, const void* in, void* out, Combine combine, Source source);

/// Fills memory with this: NaNs of every floating-point type, and large numbers, which make bad indices.
inline constexpr std::uint64_t nan_pattern = 0x7fff7fff7fff7fff;
void fill_with_nans(void* memory, std::size_t bytes);

/// Called by what may be the body of a loop that waits for another thread (an atomic that changed nothing, __nanosleep):
/// others get a turn. Where no thread of any block in flight does anything but this, the launch ends in an Error.
void yield(Source source);

/// The block's variable of this declaration site, made by the first thread that asks.
void* shared(const void* site, std::size_t bytes, std::size_t alignment, const char* name,
             Source source = {__builtin_FILE(), __builtin_LINE()});
void* dynamic_shared(std::size_t alignment, const char* name);

struct AsyncQueue;
/// The copies that the running thread has issued and not waited for; empty when a thread starts. A thread that returns
/// before its copies have arrived ends the launch in an Error.
AsyncQueue& async_queue();

}  // namespace simt::detail
