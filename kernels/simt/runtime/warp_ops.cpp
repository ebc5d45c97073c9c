#include "kernels/simt/runtime/warp_ops.hpp"

#include <string>

#include "kernels/simt/runtime/text.hpp"

namespace simt::detail {
namespace {

bool has(unsigned lanes, int lane) { return lanes >> lane & 1u; }

struct ShuffleInput {
  std::uint64_t value;
  Shuffle kind;
  int operand, width;
};

// PTX ISA, "shfl.sync": the lane whose value is read, which is the lane itself where it would leave its segment.
int source_lane(int lane, const ShuffleInput& input) {
  const int segment = lane & ~(input.width - 1), end = segment + input.width;
  int from = lane;
  switch (input.kind) {
    case Shuffle::index:
      return segment | (input.operand & (input.width - 1));
    case Shuffle::up:
      from = lane - input.operand;
      return from >= segment ? from : lane;
    case Shuffle::down:
      from = lane + input.operand;
      break;
    case Shuffle::exclusive_or:
      from = lane ^ input.operand;
      break;
  }
  return from >= 0 && from < end ? from : lane;
}

LaneError combine_shuffle(const Lanes& lanes) {
  for (int lane = 0; lane < 32; ++lane) {
    if (!has(lanes.mask, lane)) continue;
    const int from = source_lane(lane, *static_cast<const ShuffleInput*>(lanes.in[lane]));
    if (!has(lanes.mask, from)) {
      const std::string why = has(lanes.named, from) ? "has returned, or is beyond the block"
                                                     : text("the mask ", hexadecimal(lanes.named), " does not name");
      return {lane, text("the lane reads from lane ", from, ", which ", why)};
    }
    *static_cast<std::uint64_t*>(lanes.out[lane]) = static_cast<const ShuffleInput*>(lanes.in[from])->value;
  }
  return {};
}

LaneError combine_vote(const Lanes& lanes) {
  LaneSet result{0, lanes.mask};
  for (int lane = 0; lane < 32; ++lane) {
    if (has(lanes.mask, lane) && *static_cast<const int*>(lanes.in[lane]) != 0) result.chosen |= 1u << lane;
  }
  for (int lane = 0; lane < 32; ++lane) {
    if (has(lanes.mask, lane)) *static_cast<LaneSet*>(lanes.out[lane]) = result;
  }
  return {};
}

LaneError combine_match(const Lanes& lanes) {
  const auto value = [&](int lane) { return *static_cast<const std::uint64_t*>(lanes.in[lane]); };
  for (int lane = 0; lane < 32; ++lane) {
    if (!has(lanes.mask, lane)) continue;
    LaneSet result{0, lanes.mask};
    for (int other = 0; other < 32; ++other) {
      if (has(lanes.mask, other) && value(other) == value(lane)) result.chosen |= 1u << other;
    }
    *static_cast<LaneSet*>(lanes.out[lane]) = result;
  }
  return {};
}

}  // namespace

std::uint64_t shuffle(const char* name, unsigned mask, std::uint64_t value, Shuffle kind, int operand, int width,
                      Source source) {
  if (width < 1 || width > 32 || (width & (width - 1)) != 0) {
    fail(text(name, ": the width is ", width, ", and must be a power of two up to 32"), source);
  }
  const ShuffleInput input{value, kind, operand, width};
  std::uint64_t result = 0;
  collective(name, mask, &input, &result, combine_shuffle, source);
  return result;
}

LaneSet vote(const char* name, unsigned mask, int predicate, Source source) {
  LaneSet result{};
  collective(name, mask, &predicate, &result, combine_vote, source);
  return result;
}

LaneSet match(const char* name, unsigned mask, std::uint64_t value, Source source) {
  LaneSet result{};
  collective(name, mask, &value, &result, combine_match, source);
  return result;
}

}  // namespace simt::detail
