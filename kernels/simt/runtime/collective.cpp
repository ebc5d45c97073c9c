// What the lanes of a warp do together: each joins a group, and the last one to come does the work for all.
#include <string>
#include <utility>

#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/runtime/worker.hpp"

namespace simt::detail {

void Worker::collective(const char* name, unsigned mask, const void* in, void* out, Combine combine, Source source) {
  const unsigned lane = running() % 32;
  if (!(mask >> lane & 1u)) {
    fail(text(name, ": the mask ", hexadecimal(mask), " does not name the lane that calls, ", lane), source);
  }
  Warp& warp = warps_[running() / 32];
  Group& group = group_for(warp, name, mask, combine, source);
  group.lanes.mask |= 1u << lane;
  group.lanes.in[lane] = in;
  group.lanes.out[lane] = out;
  complete_if_all_came(warp, group);
  park(State::at_collective, Next::ready);
}

Worker::Group& Worker::group_for(Warp& warp, const char* name, unsigned mask, Combine combine, Source source) {
  for (Group& group : warp.groups) {
    // The lanes of a __syncwarp may come from different lines, as on the device.
    const bool same_call = combine == nullptr || group.source == source;
    if (group.lanes.named == mask && group.combine == combine && same_call) return group;
  }
  warp.groups.push_back({name, combine, source, {.named = mask}});
  return warp.groups.back();
}

void Worker::complete_if_all_came(Warp& warp, Group& group) {
  if ((group.lanes.named & warp.alive & ~group.lanes.mask) != 0) return;
  const unsigned number = static_cast<unsigned>(&warp - warps_.data()), first = 32 * number;
  if (group.combine) {
    LaneError error = group.combine(group.lanes);
    if (!error.message.empty()) fail_at(first + error.lane, std::move(error.message), group.source);
  } else {
    events::warp_sync(number, group.lanes.mask);
  }
  for (const unsigned lane : turns_.lanes) {
    if (group.lanes.mask >> lane & 1u) ready_.push(first + lane);
  }
  group = warp.groups.back();
  warp.groups.pop_back();
  note_progress();
}

}  // namespace simt::detail
