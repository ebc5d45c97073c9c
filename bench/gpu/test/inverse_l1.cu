#include "kernels/ops/inverse_l1/inverse_l1.hpp"

#include "bench/gpu/test/trial.hpp"

namespace wengert::gpu_check {
namespace {

// Models of the given segments, a third of whose elements agree.
struct Pair {
  explicit Pair(const std::vector<int>& lengths) : offsets(1, 0), a(), b() {
    for (const int length : lengths) offsets.push_back(offsets.back() + length);
    Random random(static_cast<unsigned>(offsets.back()));
    a = random.normal(size(n()));
    b = random.normal(size(n()));
    for (std::size_t i = 0; i < a.size(); i += 3) b[i] = a[i];
  }
  int n() const { return offsets.back(); }
  int segments() const { return static_cast<int>(offsets.size()) - 1; }
  std::vector<std::int32_t> offsets;
  std::vector<float> a, b;
};

std::string similarity(const Pair& pair, std::size_t shift, double eps, int max_blocks) {
  const int segments = pair.segments(), n = pair.n();
  const std::size_t words = size(kernels::sign_words(n, segments));
  std::vector<float> s(size(segments)), loss(1), dloss{0.75f}, db(size(n), 0.5f);
  std::vector<std::int32_t> signs(words, 77);
  const kernels::Range some{n / 5, n - n / 7}, all{0, n};
  const auto cpu_backward = [&](kernels::Range range, SinkMode mode) {
    kernels::inverse_l1_backward(cpu, segments, pair.offsets.data(), n, eps, signs.data(), s.data(), dloss.data(),
                                 range, Sink<float>{db.data(), mode});
  };
  kernels::inverse_l1(cpu, segments, pair.offsets.data(), n, eps, pair.a.data(), pair.b.data(), s.data(), signs.data(),
                      loss.data());
  cpu_backward(some, SinkMode::add);

  const AtMost blocks(max_blocks, on());
  const Guarded<std::int32_t> offsets(pair.offsets), gpu_signs(std::vector<std::int32_t>(words, 77), shift);
  const Guarded<float> a(pair.a, shift), b(pair.b, shift), gpu_s(size(segments)), gpu_loss(1), gpu_dloss(dloss),
      gpu_db(std::vector<float>(size(n), 0.5f), shift);
  const auto backward = [&](kernels::Range range, SinkMode mode) {
    run<&kernels::inverse_l1_backward<float>>(segments, offsets.data(), n, eps, gpu_signs.data(), gpu_s.data(),
                                              gpu_dloss.data(), range, Sink<float>{gpu_db.data(), mode});
  };
  run<&kernels::inverse_l1<float>>(segments, offsets.data(), n, eps, a.data(), b.data(), gpu_s.data(), gpu_signs.data(),
                                   gpu_loss.data());
  backward(some, SinkMode::add);
  const std::string added = first_of({{"s", other_bits(gpu_s.get(), s)},
                                      {"signs", other_bits(gpu_signs.get(), signs)},
                                      {"loss", other_bits(gpu_loss.get(), loss)},
                                      {"db, added", other_bits(gpu_db.get(), db)}});
  if (!added.empty()) return added;
  cpu_backward(all, SinkMode::write);
  backward(all, SinkMode::write);
  return first_of({{"db, written", other_bits(gpu_db.get(), db)}});
}

const Suite suite([](Findings& findings, bool quick) {
  std::vector<std::vector<int>> models{{1},
                                       {0, 3, 0},
                                       {8, 4, 4, 1},
                                       {7, 31, 32, 33, 127, 128, 129, 1000},
                                       {2048},
                                       {2049},
                                       {4095, 4096, 4097},
                                       {200704, 256, 2560, 10},
                                       std::vector<int>(1000, 64)};
  if (!quick) {
    models.push_back({(1 << 24) + 4099, 5, (1 << 24) + 1});
    models.push_back(std::vector<int>(10000, 64));
  }
  for (const std::vector<int>& lengths : models) {
    const Pair pair(lengths);
    for (const std::size_t shift : {0, 1, 2, 3}) {
      if (pair.n() > 1'000'000 && shift > 1) continue;
      for (const int max_blocks : {0, 1, 3}) {
        if (pair.n() > 1'000'000 && max_blocks > 0) continue;
        const std::string name = "similarity of " + std::to_string(pair.segments()) + " segments, " +
                                 std::to_string(pair.n()) + " elements, shift " + std::to_string(shift) + ", blocks " +
                                 std::to_string(max_blocks);
        findings.expect(name, [&] { return similarity(pair, shift, shift == 3 ? 1e-3 : 0, max_blocks); });
      }
    }
  }
});

}  // namespace
}  // namespace wengert::gpu_check
