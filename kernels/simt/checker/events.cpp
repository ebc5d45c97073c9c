#include "kernels/simt/checker/events.hpp"

#include <link.h>
#include <unistd.h>

#include <cstdlib>

#include "kernels/simt/checker/checker.hpp"
#include "kernels/simt/checker/lines.hpp"

namespace simt::detail {
namespace checker {

// Ready before any other object of the program, and never torn down: arrays may be global variables too.
Checker checker __attribute__((init_priority(101)));

namespace {

bool images_known = false;

std::uintptr_t number(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

// The program's data, and this thread's thread-local variables: threadIdx is among them.
void find_images() {
  checker.images.clear();
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void*) {
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const ElfW(Phdr)& part = info->dlpi_phdr[i];
          const std::uintptr_t begin =
              part.p_type == PT_TLS ? number(info->dlpi_tls_data) : info->dlpi_addr + part.p_vaddr;
          const Range range{begin, part.p_memsz};
          if ((part.p_type != PT_LOAD && part.p_type != PT_TLS) || begin == 0) continue;
          if (part.p_type == PT_TLS && *info->dlpi_name == '\0') checker.thread_locals = range;
          checker.images.push_back(range);
        }
        return 0;
      },
      nullptr);
  images_known = true;
}

// cp.async writes whole words.
void mark_async(const void* to, std::size_t bytes, Kind kind, Source source) {
  Shadow& shadow = *shadow_of(number(to));
  const std::size_t first = (number(to) - shadow.base()) / Shadow::grain;
  for (std::size_t word = first; word < first + bytes / Shadow::grain; ++word) {
    if (shadow.is_split(word)) shadow.join(word);
    note_write(shadow, shadow.of_word(word), kind, Where(source));
    note_written(shadow, word, Shadow::whole);
  }
}

}  // namespace
}  // namespace checker

namespace events {

using namespace checker;  // NOLINT(google-build-using-namespace)
using checker::checker;

constinit thread_local bool watching = false;

void shared_range(void* base, std::size_t bytes) { checker.shared.cover(base, bytes); }

void allocate(const void* address, std::size_t bytes, Source source) {
  checker.device.set(number(address), bytes, Shadow::Bytes::unwritten);
  checker.device_objects.add({number(address), bytes, nullptr, source});
}

void free(const void* address, Source) {
  Object* const object = checker.device_objects.find(number(address));
  object->freed = true;
  checker.device.set(object->address, object->bytes, Shadow::Bytes::none);
  checker.device.forget(object->address, object->bytes);
}

void shared(const void* address, std::size_t bytes, const char* name) {
  checker.shared.set(number(address), bytes, Shadow::Bytes::unwritten);
  checker.shared_objects.add({number(address), bytes, name});
}

void host_write(const void* address, std::size_t bytes) {
  checker.device.set(number(address), bytes, Shadow::Bytes::written);
}

void host_fault(const void* address, const void* pc) {
  if (!checker.device.holds(number(address))) return;
  const Source source = find_line(number(pc));
  const std::string place = describe(checker.device, number(address));
  const std::string line = "simt: " + (source.file ? to_string(source) + ": " : std::string()) +
                           "host code touches device memory" + (place.empty() ? "" : ", " + place) +
                           ": copy with upload() or download()\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
  std::abort();
}

void launch_begin() {
  checker.device.settled = checker.order.launch_begin();
  images_known = false;
}
void launch_end() { watching = false; }

void block_begin(unsigned long long block, unsigned) {
  if (!images_known) find_images();
  checker.shared.settled = checker.order.block_begin(block);
  for (const auto& [address, object] : checker.shared_objects) {
    checker.shared.set(address, object.bytes, Shadow::Bytes::none);
  }
  checker.shared_objects.clear();
}

void thread_runs(unsigned thread, const void* lowest, const void* end) {
  checker.order.thread = thread;
  checker.stack = {number(lowest), number(end) - number(lowest)};
}

void barrier_done() { checker.order.barrier(); }
void warp_sync(unsigned warp, unsigned lanes) { checker.order.warp_sync(warp, lanes); }
void fence() { checker.order.fence(Scope::device); }
void block_fence() { checker.order.fence(Scope::block); }

void read(const void* address, std::size_t bytes, Source source) { check(Doing::read, address, bytes, Where(source)); }
void write(const void* address, std::size_t bytes, Source source) {
  check(Doing::write, address, bytes, Where(source));
}
void atomic(const void* address, std::size_t bytes, Source source) {
  check(Doing::atomic, address, bytes, Where(source));
  checker.order.synchronise(number(address), checker.shared.holds(number(address)));
}

void read_for_caller(const void* address, std::size_t bytes, const void* pc) {
  if (watching) check(Doing::read, address, bytes, Where(pc));
}
void write_for_caller(const void* address, std::size_t bytes, const void* pc) {
  if (watching) check(Doing::write, address, bytes, Where(pc));
}

void async_issue(const void* to, std::size_t bytes, Source source) {
  check(Doing::write, to, bytes, Where(source));
  mark_async(to, bytes, Kind::async, source);
  shadow_of(number(to))->set(number(to), bytes, Shadow::Bytes::unwritten);
}
void async_arrive(const void* to, std::size_t bytes, Source source) { mark_async(to, bytes, Kind::plain, source); }

}  // namespace events
}  // namespace simt::detail
