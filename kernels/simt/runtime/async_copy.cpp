#include "kernels/simt/async_copy.hpp"

#include <cstdint>
#include <cstring>
#include <string>

#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/runtime/async_queue.hpp"
#include "kernels/simt/runtime/runtime.hpp"

namespace simt::detail {
namespace {

void arrive(const AsyncCopy& copy) {
  if (copy.copied > 0) std::memcpy(copy.to, copy.from, copy.copied);
  std::memset(static_cast<char*>(copy.to) + copy.copied, 0, copy.bytes - copy.copied);
  events::async_arrive(copy.to, copy.bytes, copy.issued);
}

/// Nothing, or what is wrong. The caller throws nothing away when it fails.
std::string mistake(const void* to, const void* from, unsigned bytes, unsigned valid) {
  const auto misaligned = [&](const void* address) { return reinterpret_cast<std::uintptr_t>(address) % bytes != 0; };
  const std::string what = "cp.async of " + std::to_string(bytes) + " bytes ";
  const std::string wanted = " an address that is no multiple of " + std::to_string(bytes);
  if (misaligned(to)) return what + "to" + wanted;
  if (misaligned(from)) return what + "from" + wanted;
  if (valid > bytes) return what + "that reads " + std::to_string(valid);
  return {};
}

}  // namespace

void issue_async_copy(void* to, const void* from, unsigned bytes, unsigned valid, Source source) {
  const events::Pause pause;
  if (std::string message = mistake(to, from, bytes, valid); !message.empty()) fail(std::move(message), source);
  if (valid != 0) events::read(from, valid, source);
  events::async_issue(to, bytes, source);
  fill_with_nans(to, bytes);
  AsyncQueue& queue = async_queue();
  queue.copies.push_back({to, from, bytes, valid, queue.group, source});
}

void commit_async_copies() { ++async_queue().group; }

void wait_for_async_copies(unsigned newest) {
  const events::Pause pause;
  AsyncQueue& queue = async_queue();
  auto copy = queue.copies.begin();
  for (; copy != queue.copies.end() && queue.group - copy->group > newest; ++copy) arrive(*copy);
  queue.copies.erase(queue.copies.begin(), copy);
}

}  // namespace simt::detail
