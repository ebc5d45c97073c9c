// Who computes a device's matrix products: those of matmul and linear, and of their gradients.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string_view>

#include "kernels/base/device.hpp"

namespace wengert {

enum class Products : std::uint8_t {
  own,         ///< kernels of this library, in float32
  tf32,        ///< large products by the tensor cores, of operands rounded to 10 bits of mantissa: the fastest
  three_tf32,  ///< large products by the tensor cores, of operands in two parts each: float32's accuracy, or nearly
  cublas,      ///< cuBLAS in float32, as a baseline; loaded when it is first asked for
};

/// "own", "tf32", "3xtf32" or "cublas". Anything else is an error that lists them.
Products parse_products(std::string_view name);
std::ostream& operator<<(std::ostream&, Products);

}  // namespace wengert
