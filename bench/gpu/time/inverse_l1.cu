#include "kernels/ops/inverse_l1/inverse_l1.hpp"

#include <memory>

#include "bench/gpu/timing.hpp"

namespace wengert::gpu_bench {
namespace {

// A pair of models in device memory, and all that the similarity needs besides.
struct Similarity {
  Similarity(const std::vector<std::int64_t>& lengths, std::uint32_t seed)
      : segments(static_cast<int>(lengths.size())), starts(1, 0) {
    for (const std::int64_t length : lengths) starts.push_back(static_cast<std::int32_t>(starts.back() + length));
    n = starts.back();
    offsets = std::make_unique<simt::Array<std::int32_t>>(uploaded(starts));
    a = std::make_unique<Floats>(n, seed);
    b = std::make_unique<Floats>(n, seed + 1);
    db = std::make_unique<Floats>(n, seed + 2);
    sums = std::make_unique<Floats>(segments + 2, 3, 0.5f, 1.0f);
    signs = std::make_unique<simt::Array<std::int32_t>>(size(kernels::sign_words(n, segments)));
  }
  float* s() { return *sums; }
  float* loss() { return s() + segments; }
  void forward(GpuStream& on) {
    run<&kernels::inverse_l1<float>>(on, segments, offsets->data(), n, 0.0, *a, *b, s(), signs->data(), loss());
  }
  void backward(GpuStream& on, SinkMode mode) {
    run<&kernels::inverse_l1_backward<float>>(on, segments, offsets->data(), n, 0.0, signs->data(), s(), loss() + 1,
                                              kernels::Range{0, n}, kernels::Sink<float>{*db, mode});
  }
  // Both passes against the CPU's, to the bit.
  std::string verify(GpuStream& on) {
    const std::vector<float> old_a = a->download(), old_b = b->download();
    std::vector<float> before = db->download(), s2(size(segments)), loss2(1);
    std::vector<std::int32_t> signs2(signs->size());
    forward(on);
    backward(on, SinkMode::add);
    simt::check(cudaDeviceSynchronize());
    const std::vector<float> numbers = sums->download();
    kernels::inverse_l1(cpu, segments, starts.data(), n, 0, old_a.data(), old_b.data(), s2.data(), signs2.data(),
                        loss2.data());
    kernels::inverse_l1_backward(cpu, segments, starts.data(), n, 0, signs2.data(), s2.data(),
                                 &numbers[size(segments) + 1], {0, n},
                                 kernels::Sink<float>{before.data(), SinkMode::add});
    if (numbers[size(segments)] != loss2[0]) return "the loss has other bits than the CPU's";
    const std::string wrong = differs(numbers, s2);
    return wrong.empty() ? differs(db->download(), before) : wrong;
  }

  int segments;
  std::int64_t n = 0;
  std::vector<std::int32_t> starts;
  std::unique_ptr<simt::Array<std::int32_t>> offsets, signs;
  std::unique_ptr<Floats> a, b, db, sums;
};

void similarity(Clock& clock, Results& results) {
  GpuStream& on = clock.on();
  const auto bytes = [](std::int64_t n, double each) { return Work{static_cast<double>(n) * each}; };
  {
    Similarity one({100 * million}, 10);
    const std::string wrong = one.verify(on);
    results.add("wengert", "similarity forward, 100M (d1)", "cold", clock.call([&](int) { one.forward(on); }),
                bytes(one.n, 8.25), wrong);
    for (const int blocks : {132 * 3, 132 * 6, 132 * 9, 3052}) {  // what the choice of the grid is worth (d5)
      const AtMost few(blocks, on);
      results.add("wengert", "similarity forward, 100M, " + std::to_string(blocks) + " blocks", "cold",
                  clock.call([&](int) { one.forward(on); }), bytes(one.n, 8.25), wrong);
    }
    results.add("wengert", "similarity backward add, 100M (d3)", "cold",
                clock.call([&](int) { one.backward(on, SinkMode::add); }), bytes(one.n, 8.25), wrong);
    results.add("wengert", "similarity backward write, 100M", "cold",
                clock.call([&](int) { one.backward(on, SinkMode::write); }), bytes(one.n, 4.25), wrong);
    for (const int blocks : {132 * 8, 132 * 16, 6104}) {
      const AtMost few(blocks, on);
      results.add("wengert", "similarity backward add, 100M, " + std::to_string(blocks) + " blocks", "cold",
                  clock.call([&](int) { one.backward(on, SinkMode::add); }), bytes(one.n, 8.25), wrong);
    }
  }
  {
    Similarity many(std::vector<std::int64_t>(1000, 100'003), 20);  // most of them at odd addresses
    const std::string wrong = many.verify(on);
    results.add("wengert", "similarity forward, 1000 pairs, 100M", "cold", clock.call([&](int) { many.forward(on); }),
                bytes(many.n, 8.25), wrong);
    results.add("wengert", "similarity backward add, 1000 pairs, 100M", "cold",
                clock.call([&](int) { many.backward(on, SinkMode::add); }), bytes(many.n, 8.25), wrong);
  }
  struct Small {
    const char* name;
    std::vector<std::int64_t> lengths;
  };
  for (const Small& small :
       {Small{"17 params, 4 pairs (d2)", {8, 4, 4, 1}}, Small{"MNIST, 4 pairs", {200704, 256, 2560, 10}},
        Small{"2^16 (d2)", {1 << 16}}, Small{"10000 pairs of 64", std::vector<std::int64_t>(10000, 64)}}) {
    Similarity pair(small.lengths, 30);
    const std::string wrong = pair.verify(on);
    const std::string name = small.name;
    results.add("wengert", "similarity forward, " + name, "warm", clock.call([&](int) { pair.forward(on); }),
                bytes(pair.n, 8.25), wrong);
    results.add("wengert", "similarity forward, " + name, "node", clock.node([&](int) { pair.forward(on); }),
                bytes(pair.n, 8.25), wrong);
    results.add("wengert", "similarity backward add, " + name, "node",
                clock.node([&](int) { pair.backward(on, SinkMode::add); }), bytes(pair.n, 8.25), wrong);
  }
}

const Part part("similarity", similarity);

}  // namespace
}  // namespace wengert::gpu_bench
