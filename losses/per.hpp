// Per: over what a loss of a model's parameters is taken.
#pragma once

namespace wengert {

/// Each parameter tensor on its own, and the results summed; or all of the model as one vector.
enum class Per { tensor, model };

}  // namespace wengert
