#include "autograd/launch.hpp"

namespace wengert::detail {

void refuse_devices(const char* kernel, Device one, Device other) {
  fail("the operands of ", kernels::detail::readable(kernel), " are on ", one, " and ", other,
       "; move one of them with .to(device)");
}

}  // namespace wengert::detail
