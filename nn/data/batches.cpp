#include "nn/data/batches.hpp"

#include <algorithm>
#include <numeric>
#include <span>

#include "kernels/error.hpp"
#include "nn/data/shuffle.hpp"

namespace wengert::data {
namespace {

Batch empty_batch(std::int64_t count, std::int64_t image_size) {
  return {Tensor::empty({count, image_size}), Tensor::empty({count}, DType::i32), {}};
}

void fill(const Samples& samples, const Batch& batch) {
  auto* image = static_cast<float*>(batch.images.storage()->data);
  auto* label = static_cast<std::int32_t*>(batch.labels.storage()->data);
  const std::int64_t image_size = samples.image_size();
  for (const std::uint32_t sample : batch.samples) {
    const std::uint8_t* const pixels = samples.pixels.data() + sample * image_size;
    image = std::transform(pixels, pixels + image_size, image, [](std::uint8_t ink) { return ink / 255.0f; });
    *label++ = samples.labels[sample];
  }
}

}  // namespace

Batches::Batches(const Samples& samples, std::int64_t size, std::optional<std::uint64_t> seed)
    : samples_(samples),
      size_(size),
      seed_(seed),
      order_(static_cast<std::size_t>(samples.count())),
      prefetch_([this](std::int64_t item) { prepare(item); }) {
  if (size < 1) fail("batches: the size must be at least 1, got ", size);
  if (samples.count() == 0) fail("batches: there are no samples");
  std::iota(order_.begin(), order_.end(), 0u);
  for (Batch& slot : slots_) slot = empty_batch(std::min(size, samples.count()), samples.image_size());
  if (samples.count() % size != 0) last_ = empty_batch(samples.count() % size, samples.image_size());
}

// Called on the second thread, which has order_ and the item's slot to itself; it makes no Tensors.
void Batches::prepare(std::int64_t item) {
  if (item == 0 && seed_) shuffle(order_, *seed_, epoch_);
  Batch& batch = batch_of(item);
  const auto begin = static_cast<std::size_t>(item * size_), count = static_cast<std::size_t>(batch.labels.numel());
  batch.samples = std::span(order_).subspan(begin, count);
  fill(samples_, batch);
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
