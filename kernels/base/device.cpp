#include "kernels/base/device.hpp"

#include <charconv>
#include <ostream>

#include "kernels/base/dtype.hpp"
#include "kernels/base/error.hpp"

namespace wengert {

std::ostream& operator<<(std::ostream& out, DType type) { return out << name_of(type); }

void refuse_int32(const char* op) { fail(op, ": takes float32 or float64, got int32; convert with .to(DType::f32)"); }

Device Device::parse(std::string_view name) {
  if (name == "cpu") return {Type::cpu, 0};
  if (name == "simt") return {Type::simt, 0};
  if (name == "cuda") return {Type::cuda, 0};
  if (name.starts_with("cuda:")) {
    std::uint8_t index = 0;
    const char* end = name.data() + name.size();
    const auto [stop, bad] = std::from_chars(name.data() + 5, end, index);
    if (bad == std::errc{} && stop == end) return {Type::cuda, index};
  }
  fail("unknown device '", name, "': the devices are cpu, simt, cuda and cuda:N");
}

std::ostream& operator<<(std::ostream& out, Device device) {
  switch (device.type) {
    case Device::Type::cpu:
      return out << "cpu";
    case Device::Type::simt:
      return out << "simt";
    default:
      return out << "cuda:" << int{device.index};
  }
}

}  // namespace wengert
