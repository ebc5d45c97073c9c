// Where tests make the system refuse.
#pragma once

#include <atomic>
#include <cstdint>

namespace wengert::faults {

/// What a system may refuse at any moment.
enum class Kind : std::uint8_t { memory, file, thread, device_memory };

/// Whether this request, which has not been made yet, is to be treated as refused.
using Refuses = bool (*)(Kind);

/// Null outside tests. Visible, so that a device's library asks the pointer of the program that loads it.
[[gnu::visibility("default")]] inline constinit std::atomic<Refuses> refuses = nullptr;

inline bool refused(Kind kind) {
  const Refuses ask = refuses.load(std::memory_order_relaxed);
  return ask != nullptr && ask(kind);
}

}  // namespace wengert::faults
