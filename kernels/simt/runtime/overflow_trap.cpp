#include "kernels/simt/runtime/overflow_trap.hpp"

#include <ucontext.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string_view>

#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/runtime/heap.hpp"
#include "kernels/simt/runtime/worker.hpp"

namespace simt::detail {
namespace {

constexpr std::size_t handler_stack_bytes = std::size_t{64} << 10;
struct sigaction previous;

const void* program_counter([[maybe_unused]] const void* context) {
#ifdef __x86_64__
  return reinterpret_cast<const void*>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#else
  return nullptr;
#endif
}

void on_fault(int signal, siginfo_t* info, void* context) {
  Worker* const worker = Worker::current();
  if (worker && worker->is_overflow(info->si_addr)) worker->fail_overflow();
  events::host_fault(info->si_addr, program_counter(context));
  if (heap::holds(info->si_addr)) {
    constexpr std::string_view line = "simt: host code touches device memory: copy with upload() or download()\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
    std::abort();
  }
  sigaction(signal, &previous, nullptr);  // and the access is tried again
}

}  // namespace

void catch_faults() {
  struct sigaction current {};
  sigaction(SIGSEGV, nullptr, &current);
  if (current.sa_sigaction == on_fault) return;
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  // The handler may be left by a switch to another stack, so that the signal must not stay blocked meanwhile.
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigaction(SIGSEGV, &action, &previous);
}

OverflowTrap::OverflowTrap() {
  stack_t current{};
  sigaltstack(nullptr, &current);
  if (!(current.ss_flags & SS_DISABLE)) return;
  stack_ = std::make_unique<char[]>(handler_stack_bytes);
  stack_t own{};
  own.ss_sp = stack_.get();
  own.ss_size = handler_stack_bytes;
  sigaltstack(&own, nullptr);
}

OverflowTrap::~OverflowTrap() {
  if (!stack_) return;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  sigaltstack(&none, nullptr);
}

}  // namespace simt::detail
