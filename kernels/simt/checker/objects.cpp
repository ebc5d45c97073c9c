#include "kernels/simt/checker/objects.hpp"

#include <iterator>

namespace simt::detail::checker {

std::string Object::name() const {
  const std::string size = std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  if (shared_name) return std::string("shared '") + shared_name + "' (" + size + ")";
  return "the array of " + size + " made at " + to_string(made);
}

const Object* Objects::nearest(std::uintptr_t address, std::size_t gap) const {
  const auto after = objects_.upper_bound(address);
  const Object* best = nullptr;
  if (after != objects_.begin()) {
    const Object& before = std::prev(after)->second;
    if (address < before.address + before.bytes) return &before;
    const std::uintptr_t distance = address - (before.address + before.bytes);
    if (distance < gap) best = &before, gap = distance;
  }
  if (after != objects_.end() && after->first - address < gap) best = &after->second;
  return best;
}

}  // namespace simt::detail::checker
