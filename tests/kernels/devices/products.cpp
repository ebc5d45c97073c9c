// Who computes matrix products: names, and what is refused.
#include "kernels/devices/devices.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <utility>

#include "tests/support/error_text.hpp"

namespace {

using wengert::Device;
using wengert::Products;
using wengert::set_products;
using wengert::testing::error_of;

TEST_CASE("products: names are read and written") {
  for (const auto& [name, by] : {std::pair("own", Products::own), std::pair("tf32", Products::tf32),
                                 std::pair("3xtf32", Products::three_tf32), std::pair("cublas", Products::cublas)}) {
    CHECK(wengert::parse_products(name) == by);
    std::ostringstream out;
    out << by;
    CHECK(out.str() == name);
  }
  for (const std::string name : {"", "TF32", "cublas "}) {
    CHECK(error_of([&] { wengert::parse_products(name); }) ==
          "unknown products '" + name + "': there are own, tf32, 3xtf32 and cublas");
  }
}

TEST_CASE("products: a device refuses what it has not") {
  const Device cpu, simt = Device::parse("simt");
  set_products(cpu, Products::own);
  set_products(simt, Products::own);
  for (const Products by : {Products::tf32, Products::three_tf32}) {
    CHECK(error_of([&] { set_products(cpu, by); }) ==
          "device cpu has no tensor cores: its products are its own, in float32 or float64");
  }
  CHECK(error_of([&] { set_products(cpu, Products::cublas); }) ==
        "device cpu has no cuBLAS: only the device cuda has it");
  CHECK(error_of([&] { set_products(simt, Products::cublas); }) ==
        "device simt has no cuBLAS: only the device cuda has it");
}

}  // namespace
