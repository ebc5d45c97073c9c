// Devices by name, and why one cannot be had.
#include "kernels/devices/devices.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "kernels/base/dtype.hpp"
#include "kernels/devices/registry.hpp"
#include "kernels/ops/elementwise/elementwise.hpp"
#include "kernels/ops/layout/layout.hpp"
#include "kernels/ops/matmul/linear.hpp"
#include "kernels/ops/matmul/matmul.hpp"
#include "kernels/ops/optimizer/optimizer.hpp"
#include "kernels/ops/reduce/reduce.hpp"
#include "tests/support/error_text.hpp"

namespace {

using wengert::Device;
using wengert::DType;
namespace kernels = wengert::kernels;
using wengert::testing::error_of;
using wengert::testing::fails_with;

template <class T>
std::string text_of(T value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

TEST_CASE("device: names are read and written") {
  CHECK(Device::parse("cpu") == Device{Device::Type::cpu, 0});
  CHECK(Device::parse("simt") == Device{Device::Type::simt, 0});
  CHECK(Device::parse("cuda") == Device{Device::Type::cuda, 0});
  CHECK(Device::parse("cuda:12") == Device{Device::Type::cuda, 12});
  CHECK(Device::parse("cuda:255") == Device{Device::Type::cuda, 255});
  CHECK(Device{} == Device::parse("cpu"));
  for (const char* name : {"cpu", "simt", "cuda:0", "cuda:7"}) CHECK(text_of(Device::parse(name)) == name);
}

TEST_CASE("device: an unknown name is an error that lists the devices") {
  for (const std::string name :
       {"", "gpu", "CPU", "cpu:0", "cuda:", "cuda:x", "cuda:1x", "cuda:-1", "cuda:256", " cpu"}) {
    CHECK(error_of([&] { Device::parse(name); }) ==
          "unknown device '" + name + "': the devices are cpu, simt, cuda and cuda:N");
  }
}

TEST_CASE("device: what cannot be had is refused with the reason and a way out") {
  wengert::require_available(Device{});
  CHECK(wengert::is_available(Device{}));
  CHECK(wengert::why_unavailable(Device{}).empty());
  CHECK(wengert::is_available(Device::parse("simt")));
  const Device last = Device::parse("cuda:255");  // not even the largest machines have that one
  const std::string why = wengert::why_unavailable(last);
  CHECK_FALSE(wengert::is_available(last));
  CHECK(why.find(wengert::is_available(Device::parse("cuda")) ? "numbered from 0" : "--device cpu") !=
        std::string::npos);
  CHECK(fails_with([=] { wengert::require_available(last); }, "cuda:255 is not available: ", why));
}

/// Whether the CPU has the kernel by name.
template <auto Kernel>
bool is_found() {
  const kernels::AnyKernel found = kernels::backend(Device{}).find(kernels::kernel_name<Kernel>());
  return found == reinterpret_cast<kernels::AnyKernel>(Kernel);
}

TEST_CASE("device: the CPU's kernels have names, too") {
  CHECK(is_found<&kernels::binary_backward<kernels::Divide, float>>());
  CHECK(is_found<&kernels::unary<kernels::Abs, std::int32_t>>());
  CHECK(is_found<&kernels::convert<double, std::int32_t>>());
  CHECK(is_found<&kernels::argmax_over<std::int32_t>>());
  CHECK(is_found<&kernels::max_backward<double>>());
  CHECK(is_found<&kernels::matmul<double>>());
  CHECK(is_found<&kernels::linear_backward<float>>());
  CHECK(is_found<&kernels::count_step>());
  CHECK((kernels::backend(Device{}).find("nosuch") == nullptr));
}

TEST_CASE("dtype: names, sizes and the step to a type") {
  CHECK(text_of(DType::f32) == "float32");
  CHECK(text_of(DType::f64) == "float64");
  CHECK(text_of(DType::i32) == "int32");
  for (const DType type : {DType::f32, DType::f64, DType::i32}) {
    wengert::dispatch(type, [=](auto zero) {
      CHECK(wengert::dtype_of<decltype(zero)> == type);
      CHECK(wengert::size_of(type) == sizeof(zero));
    });
  }
  CHECK(error_of([] { wengert::dispatch_floating("exp", DType::i32, [](auto) {}); }) ==
        "exp: takes float32 or float64, got int32; convert with .to(DType::f32)");
}

}  // namespace
