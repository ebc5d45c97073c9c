// Batches: which samples come when, and the thread that prepares them.
#include "nn/data/batches.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>

#include "kernels/base/parallel.hpp"
#include "kernels/ops/random/philox.hpp"
#include "nn/data/shuffle.hpp"
#include "tests/support/count_allocations.hpp"
#include "tests/support/error_text.hpp"
#include "tests/support/forked.hpp"

using namespace wengert;
using testing::fails_with;

namespace {

using Order = std::vector<std::uint32_t>;

Order shuffled(std::size_t size, std::uint64_t seed, std::uint64_t epoch) {
  Order order(size);
  data::shuffle(order, seed, epoch);
  return order;
}

// Images of 1x2 pixels that can be told apart: sample i is (i, 255 - i), its label i % 10.
data::Samples numbered(int count) {
  data::Samples samples{1, 2, {}, {}};
  for (int i = 0; i < count; ++i) {
    samples.pixels.push_back(static_cast<std::uint8_t>(i));
    samples.pixels.push_back(static_cast<std::uint8_t>(255 - i));
    samples.labels.push_back(static_cast<std::uint8_t>(i % 10));
  }
  return samples;
}

// The samples' numbers as an epoch's batches give them; checks that image and label belong together.
std::vector<std::vector<int>> seen(data::Batches& batches, std::uint64_t epoch) {
  std::vector<std::vector<int>> result;
  for (const data::Batch& batch : batches.epoch(epoch)) {
    const auto pixels = batch.images.to_vector<float>();
    const auto labels = batch.labels.to_vector<int>();
    CHECK(batch.images.shape() == Shape{static_cast<std::int64_t>(labels.size()), 2});
    result.emplace_back();
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const int sample = static_cast<int>(std::lround(pixels[2 * i] * 255));
      CHECK(pixels[2 * i] == static_cast<float>(sample) / 255);
      CHECK(pixels[2 * i + 1] == static_cast<float>(255 - sample) / 255);
      CHECK(labels[i] == sample % 10);
      result.back().push_back(sample);
    }
    CHECK(std::vector<int>(batch.samples.begin(), batch.samples.end()) == result.back());
  }
  return result;
}

std::vector<int> joined(const std::vector<std::vector<int>>& parts) {
  std::vector<int> all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

TEST_CASE("shuffle: as documented, by seed and epoch") {
  Order expected(7);
  std::iota(expected.begin(), expected.end(), 0u);
  for (std::uint64_t i = 6; i > 0; --i) {
    const auto words = kernels::philox({static_cast<std::uint32_t>(i / 4), 0, 3, 2}, {5, 1});
    std::swap(expected[i], expected[(i + 1) * words[i % 4] >> 32]);
  }
  CHECK(shuffled(7, 0x1'0000'0005, 0x2'0000'0003) == expected);

  const Order order = shuffled(1000, 1, 0);
  CHECK(order == shuffled(1000, 1, 0));
  CHECK(order != shuffled(1000, 1, 1));
  CHECK(order != shuffled(1000, 2, 0));
  Order sorted = order;
  std::ranges::sort(sorted);
  for (std::uint32_t i = 0; i < 1000; ++i) CHECK(sorted[i] == i);
  CHECK(shuffled(0, 1, 0).empty());
  CHECK(shuffled(1, 1, 0) == Order{0});
}

TEST_CASE("shuffle: every order of four is as likely") {
  std::vector<int> counts(256);
  for (std::uint64_t epoch = 0; epoch < 24000; ++epoch) {
    const Order order = shuffled(4, 9, epoch);
    ++counts[order[0] | order[1] << 2 | order[2] << 4 | order[3] << 6];
  }
  int orders = 0;
  for (const int count : counts) {
    if (count == 0) continue;
    ++orders;
    CHECK(std::abs(count - 1000) < 160);  // five standard deviations
  }
  CHECK(orders == 24);
}

TEST_CASE("batches: without a seed all samples in their order, the last batch smaller") {
  const data::Samples samples = numbered(23);
  data::Batches batches(samples, 10);
  CHECK(batches.per_epoch() == 3);
  for (const std::uint64_t epoch : {0, 1}) {
    const auto parts = seen(batches, epoch);
    REQUIRE(parts.size() == 3);
    CHECK(parts[0].size() == 10);
    CHECK(parts[2] == std::vector{20, 21, 22});
    std::vector<int> all(23);
    std::iota(all.begin(), all.end(), 0);
    CHECK(joined(parts) == all);
  }
}

TEST_CASE("batches: sizes that divide the samples, exceed them, or are wrong") {
  const data::Samples samples = numbered(20), none = numbered(0);
  data::Batches even(samples, 10, 1), large(samples, 50, 1), single(samples, 1, 1);
  CHECK(seen(even, 0).size() == 2);
  REQUIRE(seen(large, 0).size() == 1);
  CHECK(seen(large, 0)[0].size() == 20);
  CHECK(seen(single, 0).size() == 20);
  data::Batches largest(samples, std::numeric_limits<std::int64_t>::max(), 1);
  CHECK(largest.per_epoch() == 1);
  CHECK(seen(largest, 0) == seen(large, 0));
  CHECK(fails_with([&] { data::Batches(samples, 0, 1); }, "size", "at least 1", "0"));
  CHECK(fails_with([&] { data::Batches(none, 5, 1); }, "no samples"));
}

TEST_CASE("batches from the second thread: a shuffled epoch has every sample once, from whichever epoch one comes") {
  const data::Samples samples = numbered(103);
  data::Batches batches(samples, 8, 7);
  std::vector<std::vector<int>> epochs;
  for (std::uint64_t epoch = 0; epoch < 4; ++epoch) {
    epochs.push_back(joined(seen(batches, epoch)));
    const Order order = shuffled(103, 7, epoch);
    CHECK(epochs.back() == std::vector<int>(order.begin(), order.end()));
  }
  CHECK(epochs[0] != epochs[1]);
  data::Batches resumed(samples, 8, 7);
  CHECK(joined(seen(resumed, 3)) == epochs[3]);

  for (int stop = 1; stop < 13; ++stop) {  // an epoch that is left early leaves nothing behind
    int taken = 0;
    for (const data::Batch& batch : resumed.epoch(1)) {
      if (batch.labels.numel() > 0 && ++taken == stop) break;
    }
    CHECK(joined(seen(resumed, 2)) == epochs[2]);
  }
}

TEST_CASE("batches: where kernels take all processors, their threads prepare the same batches") {
  const data::Samples samples = numbered(203);
  data::Batches expected(samples, 100, 7);
  set_threads(std::max(2, static_cast<int>(std::thread::hardware_concurrency())));
  {
    data::Batches batches(samples, 100, 7);
    for (const std::uint64_t epoch : {3, 0}) CHECK(seen(batches, epoch) == seen(expected, epoch));
  }
  set_threads(1);
}

TEST_CASE("batches: the version of a batch's tensors rises with its contents") {
  const data::Samples samples = numbered(40);
  data::Batches batches(samples, 10);
  std::vector<std::uint64_t> versions;
  for (const data::Batch& batch : batches.epoch(0)) versions.push_back(batch.images.storage()->version());
  CHECK(versions[2] > versions[0]);
  CHECK(versions[3] > versions[1]);
}

TEST_CASE("batches: nothing is allocated in an epoch") {
  const data::Samples samples = numbered(250);
  data::Batches batches(samples, 16, 3);
  const Tensor x = Tensor::zeros({16, 2}), rest = Tensor::zeros({250 % 16, 2});
  for (const data::Batch& batch : batches.epoch(0)) (batch.images.shape() == x.shape() ? x : rest).assign(batch.images);
  const std::size_t before = testing::allocations();
  for (const data::Batch& batch : batches.epoch(1)) (batch.images.shape() == x.shape() ? x : rest).assign(batch.images);
  CHECK(testing::allocations() == before);
}

TEST_CASE("a second thread prepares one item ahead, never two, in order") {
  std::atomic<std::int64_t> prepared = 0, held = -1;
  std::array<std::int64_t, 2> slots{};
  data::Prefetch prefetch([&](std::int64_t item) {
    CHECK(item == prepared.load());
    CHECK(item <= held.load() + 2);
    if (item % 3 == 0) std::this_thread::yield();
    slots[static_cast<std::size_t>(item % 2)] = item * item;
    ++prepared;
  });
  for (int round = 0; round < 3; ++round) {
    prepared = 0, held = -1;
    prefetch.start(500);
    for (std::int64_t i = 0; i < 500; ++i) {
      held = i - 1;  // asking for the next one gives this one back
      CHECK(prefetch.next() == i);
      if (i % 5 == 0) std::this_thread::yield();
      CHECK(slots[static_cast<std::size_t>(i % 2)] == i * i);
    }
    CHECK(fails_with([&] { prefetch.next(); }, "500"));
  }
}

TEST_CASE("without a second thread each item is prepared when it is asked for") {
  std::vector<std::int64_t> prepared;
  data::Prefetch prefetch(
      [&](std::int64_t item) {
        if (item == 2) throw std::runtime_error("item two");
        prepared.push_back(item);
      },
      data::Prefetch::On::caller);
  for (int round = 0; round < 2; ++round) {
    prefetch.start(2 + round);
    CHECK(prefetch.next() == 0);
    CHECK(prefetch.next() == 1);
    if (round == 0) CHECK(fails_with([&] { prefetch.next(); }, "2"));
  }
  CHECK(prepared == std::vector<std::int64_t>{0, 1, 0, 1});
  CHECK_THROWS_WITH(prefetch.next(), "item two");
}

TEST_CASE("what the second thread throws reaches the caller, after the items before it") {
  data::Prefetch prefetch([](std::int64_t item) {
    if (item == 3) throw std::runtime_error("item three");
  });
  for (int round = 0; round < 2; ++round) {
    prefetch.start(10);
    for (std::int64_t i = 0; i < 3; ++i) CHECK(prefetch.next() == i);
    CHECK_THROWS_WITH(prefetch.next(), "item three");
    CHECK_THROWS_WITH(prefetch.next(), "item three");
  }
}

TEST_CASE("a second thread is waited for, not cut off, when its owner goes or starts anew") {
  std::atomic<int> begun = 0, ended = 0;
  {
    data::Prefetch prefetch([&](std::int64_t) {
      ++begun;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      ++ended;
    });
    prefetch.start(100);
    while (begun == 0) std::this_thread::yield();
    prefetch.start(100);
    CHECK(ended.load() >= 1);
    CHECK(prefetch.next() == 0);
  }
  CHECK(begun.load() == ended.load());
  CHECK(begun.load() < 10);
  {
    const data::Prefetch never_started([](std::int64_t) {});
    CHECK(fails_with([] { data::Prefetch(nullptr); }, "prefetch", "nothing"));
    CHECK(fails_with([] { data::Prefetch([](std::int64_t) {}).start(-1); }, "prefetch", "-1"));
  }
}

TEST_CASE("in a child of fork a second thread goes on with the next item") {
  std::atomic<int> waits = 0;
  std::array<std::int64_t, 2> slots{};
  data::Prefetch prefetch([&](std::int64_t item) {
    if (waits > 0) std::this_thread::sleep_for(std::chrono::milliseconds(waits.load()));
    if (item == 7) throw std::runtime_error("item seven");
    slots[static_cast<std::size_t>(item % 2)] = item * item;
  });
  const auto goes_on = [&](std::int64_t from) {
    for (std::int64_t i = from; i < 7; ++i) {
      if (prefetch.next() != i || slots[static_cast<std::size_t>(i % 2)] != i * i) return false;
    }
    try {
      prefetch.next();
    } catch (const std::runtime_error& error) {
      return error.what() == std::string("item seven");
    }
    return false;
  };
  CHECK(testing::child_ends([&] {
    prefetch.start(10);
    return goes_on(0);
  }));
  prefetch.start(10);
  for (std::int64_t taken = 0; taken < 3; ++taken) {
    for (const int wait : {0, 50}) {  // at rest, and at work
      waits = wait;
      CHECK(testing::child_ends([&] { return goes_on(taken); }));
      CHECK(testing::child_ends([&] { return testing::child_ends([&] { return goes_on(taken); }) && goes_on(taken); }));
    }
    CHECK(prefetch.next() == taken);
  }
  waits = 0;
  CHECK(goes_on(3));
  CHECK(testing::child_ends([&] {
    prefetch.start(3);
    return prefetch.next() == 0;
  }));
}

TEST_CASE("batches: a child of fork has the rest of the epoch, and ends though it never asks for it") {
  const data::Samples samples = numbered(103);
  auto batches = std::make_unique<data::Batches>(samples, 8, 7);
  const Order order = shuffled(103, 7, 1);
  std::vector<std::uint32_t> taken;
  for (const data::Batch& batch : batches->epoch(1)) {
    taken.insert(taken.end(), batch.samples.begin(), batch.samples.end());
    CHECK(testing::child_ends([&] {
      batches.reset();
      return true;
    }));
  }
  CHECK(taken == order);
  CHECK(testing::child_ends([&] {
    const std::vector<int> again = joined(seen(*batches, 1));
    return again == std::vector<int>(order.begin(), order.end());
  }));
}
