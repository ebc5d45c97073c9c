#include "kernels/base/products.hpp"

#include <array>
#include <ostream>

#include "kernels/base/error.hpp"

namespace wengert {

namespace {

constexpr std::array<std::string_view, 4> names{"own", "tf32", "3xtf32", "cublas"};  // in the order of Products

}  // namespace

Products parse_products(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Products>(i);
  }
  fail("unknown products '", name, "': there are own, tf32, 3xtf32 and cublas");
}

std::ostream& operator<<(std::ostream& out, Products by) { return out << names[static_cast<std::size_t>(by)]; }

}  // namespace wengert
