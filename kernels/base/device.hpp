// Where a tensor's values live and where its kernels run.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace wengert {

/// A device by name. Naming one does not mean that it can be used: see is_available.
struct Device {
  /// A further device gets the next number when it is first named.
  enum class Type : std::uint8_t { cpu, simt, cuda };
  Type type = Type::cpu;
  std::uint8_t index = 0;

  /// "cpu", "simt", "cuda" or "cuda:1"; or another name for which there is a library. Anything else is an error that lists
  /// what there is. This and the output below are defined where devices are registered.
  static Device parse(std::string_view name);
  bool operator==(const Device&) const = default;
};
std::ostream& operator<<(std::ostream&, Device);

}  // namespace wengert
