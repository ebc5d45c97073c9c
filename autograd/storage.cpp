#include "autograd/storage.hpp"

#include "kernels/backend.hpp"
#include "kernels/memory.hpp"

namespace wengert {

Ref<Storage> Storage::make(std::int64_t numel, DType dtype, Device device) {
  Ref<Storage> storage(new Storage);
  storage->dtype = dtype;
  storage->device = device;
  storage->numel = numel;
  const std::size_t bytes = storage->bytes();
  if (device.type == Device::Type::cpu) {
    storage->data = allocate(bytes);
  } else {
    if (device.type == Device::Type::simt && bytes > machine_memory()) {  // the simulator's memory is the machine's
      fail("out of device memory: ", bytes, " bytes were asked for, more than the machine has");
    }
    storage->data = kernels::backend(device).allocate(bytes);
  }
  return storage;
}

Ref<Storage> Storage::part_of(const Ref<Storage>& whole, std::int64_t offset, std::int64_t numel) {
  Ref<Storage> part(new Storage);
  part->dtype = whole->dtype;
  part->device = whole->device;
  part->numel = numel;
  part->data = static_cast<char*>(whole->data) + static_cast<std::size_t>(offset) * size_of(whole->dtype);
  part->whole = whole;
  return part;
}

void Storage::give_back() noexcept {
  if (whole || !data) return;
  if (device.type == Device::Type::cpu) {
    release(data, bytes());
  } else {
    kernels::backend(device).release(data);
  }
  data = nullptr;
}

void* Storage::operator new(std::size_t bytes) { return allocate(bytes); }
void Storage::operator delete(void* block, std::size_t bytes) noexcept { release(block, bytes); }

void destroy(Storage* storage) { delete storage; }

}  // namespace wengert
