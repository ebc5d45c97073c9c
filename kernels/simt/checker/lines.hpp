// From an address in the program's code to the line of the source, by the line table that -g leaves in the file.
#pragma once

#include <cstdint>

#include "kernels/simt/runtime/source.hpp"

namespace simt::detail::checker {

/// The line whose code holds `pc`, in the program or in a library that it has loaded. {nullptr, 0} if none is known: the
/// code was compiled without -g, or not with -gdwarf-4, whose line tables are complete in themselves.
Source find_line(std::uintptr_t pc);

}  // namespace simt::detail::checker
