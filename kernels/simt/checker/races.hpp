// Accesses that are not in order at first sight.
#pragma once

#include <cstddef>

#include "kernels/simt/checker/checker.hpp"

namespace simt::detail::checker {

void check_last_write(Doing doing, Shadow& shadow, std::size_t word, unsigned bytes, Where where);
void check_readers(Doing doing, Shadow& shadow, std::size_t word, unsigned bytes, Where where);
/// The running thread reads what others have read, with no order among them.
void add_reader(Shadow& shadow, std::size_t word, unsigned bytes, Where where);

}  // namespace simt::detail::checker
