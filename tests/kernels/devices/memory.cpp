// Memory on any device.
#include "kernels/devices/memory.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "kernels/devices/devices.hpp"
#include "tests/support/fourth_device.hpp"

namespace wengert::testing {
namespace {

/// A block of a device's memory.
class Block {
 public:
  Block(Device device, std::size_t bytes) : device_(device), bytes_(bytes), data_(allocate(device, bytes)) {}
  Block(const Block&) = delete;
  ~Block() { release(device_, data_, bytes_); }
  void* data() const { return data_; }

 private:
  Device device_;
  std::size_t bytes_;
  void* data_;
};

TEST_CASE("device memory: copies go from any device to any") {
  std::vector<Device> devices{Device{}, Device::parse("simt")};
  require_available(devices.back());
  const FourthDevice found;
  devices.push_back(Device::parse("counting"));
  for (const Device from : devices) {
    for (const Device to : devices) {
      CAPTURE(from);
      CAPTURE(to);
      const std::vector<float> sent{1.5F, -2, 3};
      std::vector<float> received(3);
      const std::size_t bytes = 3 * sizeof(float);
      const Block first(from, bytes), second(to, bytes);
      copy_bytes(from, first.data(), Device{}, sent.data(), bytes);
      copy_bytes(to, second.data(), from, first.data(), bytes);
      copy_bytes(Device{}, received.data(), to, second.data(), bytes);
      CHECK(received == sent);
    }
  }
}

}  // namespace
}  // namespace wengert::testing
