// The devices that tests run on beside the CPU.
#pragma once

#include <vector>

#include "kernels/devices/devices.hpp"

namespace wengert::testing {

/// The simulator, which every machine has, and a GPU where there is one.
inline std::vector<Device> other_devices() {
  std::vector<Device> devices{Device::parse("simt")};
  if (is_available(Device::parse("cuda"))) devices.push_back(Device::parse("cuda"));
  return devices;
}

}  // namespace wengert::testing
