#include "nn/data/batches.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>
#include <thread>

#include "kernels/base/error.hpp"
#include "kernels/base/parallel.hpp"
#include "nn/data/shuffle.hpp"

namespace wengert::data {
namespace {

Batch empty_batch(std::int64_t count, std::int64_t image_size) {
  return {Tensor::empty({count, image_size}), Tensor::empty({count}, DType::i32), {}};
}

// Kernels may use all of the processors: another thread would only be in their way.
bool kernels_take_all() { return threads() >= static_cast<int>(std::thread::hardware_concurrency()); }

// Images lie anywhere in memory, and the processor cannot guess where.
void fetch_ahead(const std::uint8_t* bytes, std::int64_t count) {
  for (std::int64_t i = 0; i < count; i += 64) __builtin_prefetch(bytes + i);
}

// Rows [begin, end) of the batch.
void fill(const Samples& samples, const Batch& batch, std::int64_t begin, std::int64_t end) {
  const std::int64_t image_size = samples.image_size();
  auto* image = static_cast<float*>(batch.images.storage()->data) + begin * image_size;
  auto* label = static_cast<std::int32_t*>(batch.labels.storage()->data);
  const auto sample = [&](std::int64_t row) { return batch.samples[static_cast<std::size_t>(row)]; };
  const auto pixels_of = [&](std::int64_t row) { return samples.pixels.data() + sample(row) * image_size; };
  for (std::int64_t row = begin; row < end; ++row) {
    if (row + 1 < end) fetch_ahead(pixels_of(row + 1), image_size);
    const std::uint8_t* const pixels = pixels_of(row);
    image = std::transform(pixels, pixels + image_size, image, [](std::uint8_t ink) { return ink / 255.0f; });
    label[row] = samples.labels[sample(row)];
  }
}

}  // namespace

Batches::Batches(const Samples& samples, std::int64_t size, std::optional<std::uint64_t> seed)
    : samples_(samples),
      size_(std::min(size, samples.count())),
      seed_(seed),
      second_thread_(!kernels_take_all()),
      order_(static_cast<std::size_t>(samples.count())),
      prefetch_([this](std::int64_t item) { prepare(item); },
                second_thread_ ? Prefetch::On::own_thread : Prefetch::On::caller) {
  if (size < 1) fail("batches: the size must be at least 1, got ", size);
  if (samples.count() == 0) fail("batches: there are no samples");
  if (samples.count() > std::numeric_limits<std::uint32_t>::max()) fail("batches: there are 2^32 samples or more");
  check(samples);
  std::iota(order_.begin(), order_.end(), 0u);
  for (Batch& slot : slots_) slot = empty_batch(size_, samples.image_size());
  if (samples.count() % size_ != 0) last_ = empty_batch(samples.count() % size_, samples.image_size());
}

// Nobody else uses order_ and the item's slot meanwhile. It may be on the second thread, and so makes no Tensors, and
// leaves the kernels' threads to the caller.
void Batches::prepare(std::int64_t item) {
  if (item == 0 && seed_) shuffle(order_, *seed_, epoch_);
  Batch& batch = batch_of(item);
  const auto begin = static_cast<std::size_t>(item * size_), count = static_cast<std::size_t>(batch.labels.numel());
  batch.samples = std::span(order_).subspan(begin, count);
  const auto rows = [&](std::int64_t first, std::int64_t last) { fill(samples_, batch, first, last); };
  if (second_thread_) {
    rows(0, batch.labels.numel());
  } else {
    kernels::parallel_for(batch.labels.numel(), 32, rows);
  }
}

Batch& Batches::batch_of(std::int64_t item) {
  const bool smaller = (item + 1) * size_ > samples_.count();
  return smaller ? last_ : slots_[static_cast<std::size_t>(item % 2)];
}

const Batch& Batches::next() {
  const Batch& batch = batch_of(prefetch_.next());
  batch.images.storage()->wrote(typeid(Batches));
  batch.labels.storage()->wrote(typeid(Batches));
  return batch;
}

}  // namespace wengert::data
