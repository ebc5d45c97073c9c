#include "kernels/simt/runtime/fiber.hpp"

#include <sys/mman.h>

#include "kernels/simt/error.hpp"
#include "kernels/simt/runtime/sanitizer.hpp"

#ifdef __x86_64__
// Saves what a function must not change, and the stack pointer; loads those of the other stack. The modes of the
// floating-point units are all threads' together.
asm(R"(
  .text
  .p2align 4
  .type simt_switch_stacks, @function
simt_switch_stacks:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
  .size simt_switch_stacks, . - simt_switch_stacks
)");
extern "C" void simt_switch_stacks(void** from, void* to);
#endif

namespace simt::detail {
namespace {

#ifdef __x86_64__
constexpr bool has_native = true;
void switch_stacks(void** from, void* to) { simt_switch_stacks(from, to); }
// As if the entry had been called, from nowhere, by code that then saved its registers.
void* stopped_before(void (*entry)(), std::byte* top) {
  void** const stack = reinterpret_cast<void**>(top) - 8;
  for (int i = 0; i < 8; ++i) stack[i] = nullptr;
  stack[6] = reinterpret_cast<void*>(entry);
  return stack;
}
#else
constexpr bool has_native = false;
void switch_stacks(void**, void*) {}
void* stopped_before(void (*)(), std::byte*) { return nullptr; }
#endif

// Whose stack the switch under way leaves.
[[maybe_unused]] constinit thread_local Fiber* left = nullptr;

}  // namespace

Fiber::Fiber(Fibers kind) {
  if (kind == Fibers::ucontext || !has_native) context_ = std::make_unique<ucontext_t>();
}

Fiber::Fiber(Fibers kind, std::size_t stack_bytes, unsigned number) : Fiber(kind) {
  void* const memory = mmap(nullptr, guard_bytes + stack_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw Error("no memory for the stacks of the threads: fewer SIMT_WORKERS need less");
  std::byte* const stack = static_cast<std::byte*>(memory) + guard_bytes;
  lowest_ = stack;
  bytes_ = stack_bytes;
  top_ = stack + stack_bytes - number % 32 * 128;
  if (mprotect(stack, stack_bytes, PROT_READ | PROT_WRITE) != 0) {
    munmap(memory, guard_bytes + stack_bytes);
    throw Error("no memory for the stacks of the threads: fewer SIMT_WORKERS need less");
  }
}

Fiber::~Fiber() {
  if (!top_) return;
  abandon();  // or the next mapping at this address would be thought to hold this one's frames
  munmap(const_cast<std::byte*>(static_cast<const std::byte*>(lowest_) - guard_bytes), guard_bytes + bytes_);
}

void Fiber::start(void (*entry)()) {
  if (!context_) {
    stopped_at_ = stopped_before(entry, top_);
    return;
  }
  getcontext(context_.get());
  context_->uc_stack.ss_sp = const_cast<void*>(lowest_);
  context_->uc_stack.ss_size = static_cast<std::size_t>(top_ - static_cast<const std::byte*>(lowest_));
  context_->uc_link = nullptr;
  makecontext(context_.get(), entry, 0);
}

void Fiber::switch_to(Fiber& next) {
  if constexpr (sanitizer::on) {
    left = this;
    sanitizer::start_switch(&fake_stack_, next.lowest_, next.bytes_);
  }
  if (context_)
    swapcontext(context_.get(), next.context_.get());
  else
    switch_stacks(&stopped_at_, next.stopped_at_);
  arrive();
}

void Fiber::arrive() {
  // The bounds of the stack that the operating system made are known from here alone.
  if constexpr (sanitizer::on) sanitizer::finish_switch(fake_stack_, &left->lowest_, &left->bytes_);
}

void Fiber::abandon() { sanitizer::unpoison(lowest_, bytes_); }

bool Fiber::guard_holds(const void* address) const {
  const auto* const byte = static_cast<const std::byte*>(address);
  const auto* const stack = static_cast<const std::byte*>(lowest_);
  return byte < stack && byte >= stack - guard_bytes;
}

}  // namespace simt::detail
