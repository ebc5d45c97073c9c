// Accesses that are not in order at first sight.
#pragma once

#include "kernels/simt/checker/checker.hpp"

namespace simt::detail::checker {

void check_last_write(Doing doing, const Shadow& shadow, const Cell& cell, Where where);
void check_readers(Doing doing, const Shadow& shadow, const Cell& cell, Where where);
/// The running thread reads what others have read, with no order among them.
void add_reader(const Cell& cell, Where where);

}  // namespace simt::detail::checker
