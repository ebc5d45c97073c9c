// Where device memory comes from: a range of addresses of its own, which is closed to the host as a GPU's memory is.
#pragma once

#include <cstddef>

namespace simt::detail::heap {

/// The range. Addresses alone: memory comes with the first use of a page.
inline constexpr std::size_t range = std::size_t{64} << 30;
/// Its begin; null if there is no room for it.
std::byte* base();
inline bool holds(const void* address) {
  return static_cast<std::size_t>(static_cast<const std::byte*>(address) - base()) < range;
}

/// Memory that has never been taken, aligned to 256 bytes, as a device's; at least `gap` bytes lie before and behind it.
/// nullptr: the range is used up.
void* take_new(std::size_t bytes, std::size_t gap);

/// What is taken and given back: in simt it is taken again, in simt_checked it never is. nullptr if there is no room.
void* take(std::size_t bytes);
void give_back(void* memory) noexcept;

/// While it lives, the host reaches device memory: around launches and copies. They nest.
class Open {
 public:
  Open();
  ~Open();
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
};

}  // namespace simt::detail::heap
