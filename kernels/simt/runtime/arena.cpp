#include "kernels/simt/runtime/arena.hpp"

#include <sys/mman.h>

#include <algorithm>

#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/error.hpp"
#include "kernels/simt/runtime/runtime.hpp"
#include "kernels/simt/runtime/sanitizer.hpp"
#include "kernels/simt/runtime/text.hpp"

namespace simt::detail {
namespace {

// Behind each variable lies a gap that nobody may touch, so that the arena is larger than what a block may have.
constexpr std::size_t gap = std::max<std::size_t>(events::checking ? events::red_zone : 0, sanitizer::on ? 64 : 0);
constexpr std::size_t arena_bytes = std::size_t{4} << 20;
constexpr std::size_t dynamic_alignment = 128;  // of a cache line: more than any instruction asks for

constexpr std::size_t round_up(std::size_t value, std::size_t step) { return (value + step - 1) / step * step; }

}  // namespace

Arena::Arena() {
  void* const memory = mmap(nullptr, arena_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw Error("no memory for the shared memory of the blocks");
  memory_ = static_cast<std::byte*>(memory);
  events::shared_range(memory_, arena_bytes);
  sanitizer::poison(memory_, arena_bytes);
}

Arena::~Arena() {
  sanitizer::unpoison(memory_, arena_bytes);
  munmap(memory_, arena_bytes);
}

void Arena::clear(std::size_t dynamic_bytes, std::size_t most_bytes) {
  sanitizer::poison(memory_, end_);
  variables_.clear();
  end_ = gap;
  static_bytes_ = 0;
  dynamic_bytes_ = dynamic_bytes;
  most_bytes_ = most_bytes;
}

void* Arena::make(const void* site, std::size_t bytes, std::size_t alignment, const char* name, std::string& why) {
  static_bytes_ += bytes;
  if (static_bytes_ > largest_static_shared) {
    why = text('\'', name, "' makes ", static_bytes_, " bytes of static shared memory, and a block has at most ",
               largest_static_shared, ": take SHARED_DYNAMIC");
    return nullptr;
  }
  if (static_bytes_ + dynamic_bytes_ > most_bytes_) {
    why = text('\'', name, "' makes ", static_bytes_ + dynamic_bytes_, " bytes of shared memory, ", dynamic_bytes_,
               " of them dynamic, and a block has at most ", most_bytes_);
    return nullptr;
  }
  return place(site, bytes, alignment, name);
}

void* Arena::make_dynamic(std::size_t alignment, const char* name) {
  return place(nullptr, dynamic_bytes_, std::max(alignment, dynamic_alignment), name);
}

void* Arena::place(const void* site, std::size_t bytes, std::size_t alignment, const char* name) {
  const std::size_t begin = round_up(end_, std::max<std::size_t>(alignment, 16));
  void* const address = memory_ + begin;
  end_ = begin + bytes + gap;
  sanitizer::unpoison(address, bytes);
  fill_with_nans(address, bytes);
  events::shared(address, bytes, name);
  variables_.push_back({site, address});
  return address;
}

}  // namespace simt::detail
