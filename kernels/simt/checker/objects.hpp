// The names of what lies in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "kernels/simt/runtime/source.hpp"

namespace simt::detail::checker {

/// An array of device memory, or a shared variable.
struct Object {
  std::uintptr_t address = 0;
  std::size_t bytes = 0;
  const char* shared_name = nullptr;  // of a shared variable;
  Source made = {};                   // of an array
  bool freed = false;

  /// "shared 's' (256 bytes)", "the array of 256 bytes made at main.cpp:12"
  std::string name() const;
};

/// All that there were, those of device memory also when they have been freed: their addresses are not given out again.
class Objects {
 public:
  void add(const Object& object) { objects_[object.address] = object; }
  Object* find(std::uintptr_t address) {
    const auto found = objects_.find(address);
    return found != objects_.end() ? &found->second : nullptr;
  }
  void clear() { objects_.clear(); }
  auto begin() const { return objects_.begin(); }
  auto end() const { return objects_.end(); }

  /// The object that holds an address or, if none does, the nearest of those at most `gap` bytes away. nullptr: none.
  const Object* nearest(std::uintptr_t address, std::size_t gap) const;

 private:
  std::map<std::uintptr_t, Object> objects_;
};

}  // namespace simt::detail::checker
