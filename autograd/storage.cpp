#include "autograd/storage.hpp"

#include "kernels/backend.hpp"
#include "kernels/memory.hpp"

namespace wengert {

Ref<Storage> Storage::make(std::int64_t numel, DType dtype, Device device) {
  Ref<Storage> storage(new Storage);
  storage->dtype = dtype;
  storage->device = device;
  storage->numel = numel;
  storage->data = device.type == Device::Type::cpu ? allocate(storage->bytes())
                                                   : kernels::backend(device).allocate(storage->bytes());
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
