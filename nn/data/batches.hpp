// Mini-batches, prepared on a second thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "autograd/tensor.hpp"
#include "nn/data/dataset.hpp"
#include "nn/data/prefetch.hpp"

namespace wengert::data {

/// Some images as a network takes them, on the CPU.
struct Batch {
  Tensor images;                           ///< (n, rows * columns) float32: pixel / 255, in [0, 1]
  Tensor labels;                           ///< (n) int32
  std::span<const std::uint32_t> samples;  ///< (n): which of all samples they are
};

/// Cuts samples into batches, each of which is made ready on a second thread while the caller computes with the one
/// before it. Where kernels may use all of the processors when this is made (see set_threads), that thread would only be
/// in their way: their threads make a batch ready together when it is asked for. The last batch of an epoch is smaller
/// where the size does not divide the samples.
///
///     data::Batches batches(train, 128, seed);
///     for (std::int64_t epoch = 0; epoch < 5; ++epoch) {
///       for (const data::Batch& batch : batches.epoch(epoch)) {
///         x.assign(batch.images);
///         y.assign(batch.labels);
///         step.replay();
///       }
///     }
///
/// An epoch's batches have the same bits whatever the threads' timing, and allocate nothing. The samples must outlive
/// this object, and stay as they are.
class Batches {
 public:
  /// With a seed each epoch visits all samples in an order of its own (see shuffle.hpp), without in the order they have.
  /// Errors: no samples, or 2^32; a size below 1; those of check.
  Batches(const Samples&, std::int64_t size, std::optional<std::uint64_t> seed = {});
  Batches(const Samples&&, std::int64_t, std::optional<std::uint64_t> = {}) = delete;

  std::int64_t per_epoch() const { return (samples_.count() + size_ - 1) / size_; }

  struct End {};
  class Iterator;
  class Epoch;
  /// The batches of that epoch, to be gone through once, with at most one epoch under way. A batch is valid until the
  /// next one is asked for: assign() it to tensors of your own.
  Epoch epoch(std::uint64_t number);

 private:
  void prepare(std::int64_t item);
  const Batch& next();
  Batch& batch_of(std::int64_t item);

  const Samples& samples_;
  const std::int64_t size_;
  const std::optional<std::uint64_t> seed_;
  const bool second_thread_;
  std::uint64_t epoch_ = 0;
  std::vector<std::uint32_t> order_;
  std::array<Batch, 2> slots_;
  Batch last_;         // of a smaller size
  Prefetch prefetch_;  // after what its thread writes
};

class Batches::Iterator {
 public:
  Iterator(Batches& batches, std::int64_t left) : batches_(&batches), left_(left) { load(); }
  const Batch& operator*() const { return *batch_; }
  Iterator& operator++() {
    --left_;
    load();
    return *this;
  }
  bool operator==(End) const { return left_ == 0; }

 private:
  void load() {
    if (left_ > 0) batch_ = &batches_->next();
  }
  Batches* batches_;
  const Batch* batch_ = nullptr;
  std::int64_t left_;
};

class Batches::Epoch {
 public:
  explicit Epoch(Batches& batches) : batches_(batches) {}
  Iterator begin() const { return {batches_, batches_.per_epoch()}; }
  End end() const { return {}; }

 private:
  Batches& batches_;
};

inline Batches::Epoch Batches::epoch(std::uint64_t number) {
  prefetch_.start(0);  // the thread is at rest from here on
  epoch_ = number;
  prefetch_.start(per_epoch());
  return Epoch(*this);
}

}  // namespace wengert::data
