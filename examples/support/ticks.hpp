// Round numbers for an axis.
#pragma once

namespace wengert::examples {

/// 1, 2 or 5 times a power of ten, such that four to ten of them fill the range, which is above 0.
double tick_step(double range);

}  // namespace wengert::examples
