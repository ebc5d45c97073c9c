// Work done in a process of its own.
//
// Contestants must not disturb each other: threads that one library starts make every reference count of the process
// atomic, two versions of one library cannot be loaded side by side, and what one leaves in the heap another finds.
#pragma once

#include <cstring>
#include <functional>
#include <string>
#include <type_traits>
#include <vector>

namespace wengert::bench {

/// Forks; the child performs `work`, and what that returns is returned here. An exception there is an Error here, with
/// the same text; so is a child that dies.
std::string bytes_from_apart(const std::function<std::string()>& work);

/// The same for numbers.
template <class T>
std::vector<T> apart(const std::function<std::vector<T>()>& work) {
  static_assert(std::is_trivially_copyable_v<T>);
  const std::string bytes = bytes_from_apart([&] {
    const std::vector<T> values = work();
    return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  });
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

/// What a program prints on standard output: its path, or its name on PATH, and its arguments, as they are; no shell reads
/// them. Error: it cannot be run, or it fails.
std::string output_of(const std::vector<std::string>& command);

}  // namespace wengert::bench
