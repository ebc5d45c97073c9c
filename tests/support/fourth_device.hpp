// The device of tests/devices/counting, for tests that are compiled with its folder, WENGERT_TEST_DEVICES.
#pragma once

#include <cstdlib>

namespace wengert::testing {

/// Programs find it, and no other that has not been loaded yet, while this lives.
class FourthDevice {
 public:
  FourthDevice() { setenv("WENGERT_DEVICES", WENGERT_TEST_DEVICES, 1); }
  FourthDevice(const FourthDevice&) = delete;
  ~FourthDevice() { unsetenv("WENGERT_DEVICES"); }
};

}  // namespace wengert::testing
