#include "kernels/simt/runtime/heap.hpp"

#include <new>

namespace simt::detail::heap {
namespace {

constexpr std::align_val_t alignment{256};

}  // namespace

void* take(std::size_t bytes) { return ::operator new(bytes, alignment, std::nothrow); }
void give_back(void* memory) noexcept { ::operator delete(memory, alignment); }

}  // namespace simt::detail::heap
