#include "kernels/simt/checker/report.hpp"

#include <bit>

#include "kernels/simt/checker/checker.hpp"
#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/index.hpp"
#include "kernels/simt/runtime/runtime.hpp"

namespace simt::detail::checker {
namespace {

const char* name(Doing doing) { return doing == Doing::read ? "read" : doing == Doing::write ? "write" : "atomic"; }

/// "(1,0,0)"
std::string coordinates(std::uint64_t number, dim3 extent) {
  const std::uint64_t x = number % extent.x, y = number / extent.x % extent.y, z = number / extent.x / extent.y;
  return "(" + std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(z) + ")";
}
std::string thread_name(unsigned thread) { return "thread " + coordinates(thread, blockDim); }

[[noreturn]] void end(const std::string& message, Where where) {
  const Source source = where.source();
  fail(message, source.file ? source : Source{"(no line table)", 0});
}

std::uintptr_t address_of(const Shadow& shadow, std::size_t word, unsigned bytes) {
  return shadow.base() + word * Shadow::grain + static_cast<unsigned>(std::countr_zero(bytes));
}

// Which bytes of a word are as new memory is. Others have been written by code that no compiler has instrumented: a function
// of the C library, or at -O0 g++'s a[i] = f() of a struct.
unsigned untouched(const Shadow& shadow, std::size_t word) {
  const auto* const memory = reinterpret_cast<const std::uint8_t*>(shadow.base() + word * Shadow::grain);
  unsigned same = 0;
  for (unsigned byte = 0; byte < Shadow::grain; ++byte) {
    same |= static_cast<unsigned>(memory[byte] == static_cast<std::uint8_t>(nan_pattern >> 8 * byte)) << byte;
  }
  return same;
}

const Object* object_near(const Shadow& shadow, std::uintptr_t address) {
  const Objects& objects = &shadow == &checker.shared ? checker.shared_objects : checker.device_objects;
  return objects.nearest(address, events::red_zone);
}

}  // namespace

std::string describe(const Shadow& shadow, std::uintptr_t address) {
  const Object* const object = object_near(shadow, address);
  if (!object) return "";
  const auto offset = static_cast<std::ptrdiff_t>(address - object->address);
  return "byte " + std::to_string(offset) + " of " + object->name();
}

void check_state(Doing doing, Shadow& shadow, std::size_t word, unsigned bytes, Where where) {
  const events::Pause pause;
  std::uint8_t& state = shadow.state(word);
  const std::string access = std::string("this ") + name(doing);
  if (const unsigned outside = bytes & ~state; outside != 0) {
    const std::uintptr_t address = address_of(shadow, word, outside);
    const Object* const object = object_near(shadow, address);
    if (!object) end("out of bounds: " + access + " reaches memory that belongs to no array", where);
    end((object->freed ? "use after free: " : "out of bounds: ") + access + " reaches " + describe(shadow, address),
        where);
  }
  const unsigned unwritten = bytes & ~(state >> 4) & untouched(shadow, word);
  if (unwritten == 0) {
    state |= static_cast<std::uint8_t>(bytes << 4);
    return;
  }
  const std::string place = describe(shadow, address_of(shadow, word, unwritten));
  const auto byte = static_cast<unsigned>(std::countr_zero(unwritten));
  const Write& last = (shadow.is_split(word) ? shadow.of_byte(word, byte) : shadow.of_word(word)).write();
  if (last.what() == Kind::async && last.tick() >= checker.order.block_start) {
    end(access + " of " + place + " comes before the wait for the cp.async at " + to_string(last.where.source()) +
            " by " + thread_name(last.thread()),
        where);
  }
  end("uninitialised: " + access + " of " + place + " finds what nobody has written", where);
}

void foreign_memory(Doing doing, std::uintptr_t address, Where where) {
  const events::Pause pause;
  const std::string access = std::string("this ") + name(doing);
  if (address < 4096) end("null pointer: " + access + " is at address " + std::to_string(address), where);
  end("host memory: " + access + " is neither of shared memory nor of a simt::Array, nor of the thread's own variables",
      where);
}

void race(Doing doing, const Shadow& shadow, const Cell& cell, Where where, const Other& other) {
  const events::Pause pause;
  const Order& order = checker.order;
  std::string who = thread_name(other.thread), missing = "have no __syncthreads between them";
  if (other.tick < order.block_start) {
    who = "block " + coordinates(order.block_of(other.tick), gridDim) + ", " + who;
    missing = "are of different blocks, which only a __threadfence with an atomic after it puts in order";
  } else if (Order::same_warp(other.thread, order.thread)) {
    missing = "have neither __syncwarp nor __syncthreads between them";
  }
  end("race on " + describe(shadow, shadow.address_of(cell)) + ": this " + name(doing) + " and the " + other.doing +
          " at " + to_string(other.where.source()) + " by " + who + " " + missing,
      where);
}

}  // namespace simt::detail::checker
