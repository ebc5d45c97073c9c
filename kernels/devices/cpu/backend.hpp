#pragma once

#include "kernels/devices/backend.hpp"

namespace wengert::kernels::cpu {

/// The CPU as a device like the others.
Backend* backend(Device);

}  // namespace wengert::kernels::cpu
