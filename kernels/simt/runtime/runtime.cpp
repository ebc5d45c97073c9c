#include "kernels/simt/runtime/runtime.hpp"
