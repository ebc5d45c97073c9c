#include "kernels/devices/storage.hpp"

#include <algorithm>
#include <set>
#include <thread>
#include <tuple>

#include "kernels/base/error.hpp"
#include "kernels/devices/memory.hpp"

namespace wengert {
namespace {

const char* begin_of(const Storage& storage) { return static_cast<const char*>(storage.data); }
const char* end_of(const Storage& storage) { return begin_of(storage) + storage.bytes(); }

struct Extent {
  const char* begin;
  std::size_t bytes;
};

// By where they begin, then by size. Two parts may have the same extent.
struct InMemory {
  using is_transparent = void;
  static auto key(const Storage* part) { return std::tuple(begin_of(*part), part->bytes()); }
  bool operator()(const Storage* a, const Storage* b) const {
    return std::tuple_cat(key(a), std::tuple(a)) < std::tuple_cat(key(b), std::tuple(b));
  }
  bool operator()(const Storage* part, const Extent& extent) const {
    return key(part) < std::tuple(extent.begin, extent.bytes);
  }
};

bool is_part(const Storage& part, const Storage& whole) {
  const Storage* s = &part;
  while (s && s != &whole) s = s->whole.get();
  return s != nullptr;
}

}  // namespace

struct Kin::Parts {
  using Set = std::set<Storage*, InMemory, PoolAllocator<Storage*>>;

  /// The part with exactly this extent, or null.
  Ref<Storage> at(const Extent& extent) const {
    for (auto part = all.lower_bound(extent); part != all.end() && begin_of(**part) == extent.begin; ++part) {
      if ((*part)->bytes() != extent.bytes) break;
      if (!(*part)->references.increase_if_used()) continue;  // on its way out
      Ref<Storage> found(*part);
      (*part)->references.decrease();
      return found;
    }
    return {};
  }
  void add(Set::node_type part) {
    longest = std::max(longest, part.value()->bytes());
    all.insert(all.end(), std::move(part));  // where it usually belongs
  }
  /// Adds it, and links it with those that it overlaps.
  void add_view(Storage& part) {
    if (part.numel > 0) {
      for (auto other = all.lower_bound(Extent{end_of(part), 0}); other != all.begin();) {
        Storage& before = **--other;
        if (begin_of(before) + longest <= begin_of(part)) break;
        if (before.numel == 0 || end_of(before) <= begin_of(part) || is_part(part, before)) continue;
        part.make_kin().overlaps.push_back(&before);  // first: by this list a part's end finds the others'
        before.make_kin().overlaps.push_back(&part);
      }
    }
    longest = std::max(longest, part.bytes());
    all.insert(&part);
  }

  Set all;
  std::size_t longest = 0;  // bytes, of those that are or were here: where to stop looking for overlaps

  static void* operator new(std::size_t bytes) { return allocate(bytes); }
  static void operator delete(void* block, std::size_t bytes) noexcept { release(block, bytes); }
};

Kin::Kin() : parts(std::make_unique<Parts>()) {}
Kin::~Kin() = default;

class Storage::PartsLock {
 public:
  explicit PartsLock(Storage& owner) : kin_(owner.make_kin()) {
    while (kin_.parts_in_use.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
  }
  ~PartsLock() { kin_.parts_in_use.clear(std::memory_order_release); }
  PartsLock(const PartsLock&) = delete;
  PartsLock& operator=(const PartsLock&) = delete;
  Kin::Parts* operator->() const { return kin_.parts.get(); }

 private:
  Kin& kin_;
};

Storage::~Storage() {
  if (!whole) {
    give_back();
  } else {
    const PartsLock parts(owner());
    parts->all.erase(this);
    if (const Kin* const own = own_kin()) {
      for (const Storage* other : own->overlaps) std::erase(other->own_kin()->overlaps, this);
    }
  }
  delete own_kin();
}

Kin& Storage::make_kin() {
  if (Kin* const own = own_kin()) return *own;
  auto made = std::make_unique<Kin>();
  Kin* first = nullptr;
  if (kin.compare_exchange_strong(first, made.get(), std::memory_order_acq_rel)) return *made.release();
  return *first;
}

Storage& Storage::owner() {
  Storage* s = this;
  while (s->whole) s = s->whole.get();
  return *s;
}

bool Storage::has_parts() const {
  const Kin* const own = own_kin();
  return own && !own->parts->all.empty();
}

std::int64_t Storage::capacity() const {
  const Kin* const own = own_kin();
  return own ? numel + own->spare : numel;
}

void Storage::resize(std::int64_t new_numel) {
  make_kin().spare += numel - new_numel;
  numel = new_numel;
}

Ref<Storage> Storage::make(std::int64_t numel, DType dtype, Device device) {
  Ref<Storage> storage(new Storage);
  storage->dtype = dtype;
  storage->device = device;
  storage->numel = numel;
  storage->data = allocate(device, storage->bytes());
  return storage;
}

Ref<Storage> Storage::part_of(const Ref<Storage>& whole, std::int64_t offset, std::int64_t numel) {
  if (offset < 0 || numel < 0 || numel > whole->numel - offset) {
    fail("part: elements [", offset, ", ", offset, " + ", numel, ") of a storage that has ", whole->numel);
  }
  if (numel == whole->numel) return whole;
  const std::size_t size = size_of(whole->dtype);
  char* const begin = static_cast<char*>(whole->data) + static_cast<std::size_t>(offset) * size;
  Ref<Storage> part;  // before the lock, which it takes when it goes
  const PartsLock parts(whole->owner());
  if (numel > 0) part = parts->at({begin, static_cast<std::size_t>(numel) * size});
  if (part) return part;
  part = Ref<Storage>(new Storage);
  part->dtype = whole->dtype;
  part->device = whole->device;
  part->numel = numel;
  part->data = begin;
  part->whole = whole;
  for (Storage* s = whole.get(); s; s = s->whole.get()) s->make_kin();
  parts->add_view(*part);
  return part;
}

void Storage::become_part_of(const Ref<Storage>& new_whole, std::int64_t offset) {
  const PartsLock parts(new_whole->owner());
  for (Storage* s = new_whole.get(); s; s = s->whole.get()) s->make_kin();
  Kin::Parts::Set moving;
  moving.insert(this);  // the last request for memory: where there is none, nothing has changed
  char* const from = static_cast<char*>(data);
  char* const to = static_cast<char*>(new_whole->data) + static_cast<std::size_t>(offset) * size_of(dtype);
  give_back();
  data = from;  // for the loop
  whole = new_whole;
  for (const Storage* s = new_whole.get(); s; s = s->whole.get()) writes -= s->writes;  // so that the version stays
  if (Kin* const own = own_kin()) {
    own->spare = 0;
    moving.merge(own->parts->all);
  }
  while (!moving.empty()) {
    auto part = moving.extract(moving.begin());
    part.value()->data = to + (static_cast<char*>(part.value()->data) - from);
    parts->add(std::move(part));
  }
}

void Storage::trade_memory(Storage& other) {
  const PartsLock parts(*this);
  Kin &own = make_kin(), &others = other.make_kin();
  const char* const from = begin_of(*this);
  const std::int64_t room = capacity();
  own.spare = other.capacity() - numel;
  others.spare = room - other.numel;
  std::swap(data, other.data);
  std::swap(device, other.device);
  for (Storage* part : parts->all) {
    part->data = static_cast<char*>(data) + (begin_of(*part) - from);
    part->device = device;
  }
}

void Storage::give_back() noexcept {
  if (!data) return;
  release(device, data, static_cast<std::size_t>(capacity()) * size_of(dtype));
  data = nullptr;
}

void* Storage::operator new(std::size_t bytes) { return allocate(bytes); }
void Storage::operator delete(void* block, std::size_t bytes) noexcept { release(block, bytes); }

void destroy(Storage* storage) { delete storage; }

}  // namespace wengert
