#include "tests/support/faults.hpp"

#include <atomic>

namespace wengert::testing {
namespace {

Fault current;
std::atomic<std::size_t> made{0};

bool refuses(faults::Kind kind) {
  if (kind != current.source.kind) return false;
  const std::size_t number = ++made;
  return number == current.n || (current.for_good && current.n > 0 && number > current.n);
}

}  // namespace

std::string to_string(const Fault& fault) {
  const std::string n = std::to_string(fault.n);
  return std::string(fault.source.name) + (fault.for_good ? ": all requests from " + n + " on" : ": request " + n);
}

Injected::Injected(const Fault& fault) {
  if (!fault.source.kind) {
    heap_.emplace(fault.n, fault.for_good);
    return;
  }
  current = fault;
  made = 0;
  faults::refuses = refuses;
}

Injected::~Injected() { faults::refuses = nullptr; }

std::size_t Injected::requests() const { return heap_ ? heap_->requests() : made.load(); }

}  // namespace wengert::testing
