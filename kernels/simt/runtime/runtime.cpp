#include "kernels/simt/runtime/runtime.hpp"

#include <utility>

#include "kernels/simt/checker/events.hpp"
#include "kernels/simt/error.hpp"
#include "kernels/simt/runtime/worker.hpp"

namespace simt::detail {
namespace {

Worker& worker() {
  Worker* const current = Worker::current();
  if (!current) throw Error("a device function was called outside of a kernel");
  return *current;
}

}  // namespace

// All that kernels call of the runtime comes in here: the checker is to watch them, not it.

Place here() {
  const events::Pause pause;
  return worker().here();
}

void fail(std::string message, Source source) {
  const events::Pause pause;
  worker().fail(std::move(message), source);
}

int barrier(const char* name, int predicate, Source source) {
  const events::Pause pause;
  return worker().barrier(name, predicate, source);
}

void collective(const char* name, unsigned mask, const void* in, void* out, Combine combine, Source source) {
  const events::Pause pause;
  worker().collective(name, mask, in, out, combine, source);
}

void yield(Source source) {
  const events::Pause pause;
  worker().yield(source);
}

void* shared(const void* site, std::size_t bytes, std::size_t alignment, const char* name, Source source) {
  const events::Pause pause;
  return worker().shared(site, bytes, alignment, name, source);
}
void* dynamic_shared(std::size_t alignment, const char* name) {
  const events::Pause pause;
  return worker().dynamic_shared(alignment, name);
}

AsyncQueue& async_queue() {
  const events::Pause pause;
  return worker().async_queue();
}

}  // namespace simt::detail
