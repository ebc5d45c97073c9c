#include <cstring>

#include "bench/contestants/wengert.hpp"
#include "kernels/base/memory.hpp"

#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace wengert::bench {
namespace {

#if defined(__AVX512F__)
constexpr std::size_t vector_bytes = 64;
#elif defined(__AVX__)
constexpr std::size_t vector_bytes = 32;
#else
constexpr std::size_t vector_bytes = 16;
#endif
using Vector [[gnu::vector_size(vector_bytes)]] = float;
constexpr std::int64_t width = vector_bytes / sizeof(float);

// Keeps a value alive without writing it to memory.
void use(const Vector& value) { asm volatile("" : : "x"(value)); }

// Its operands are written at the start, or the system would hand out one page of zeros.
class Memory : public Run {
 public:
  enum class Kind { read, write, copy, copy_nt };
  Memory(Kind kind, double bytes) : kind_(kind), half_(static_cast<std::int64_t>(bytes / sizeof(Vector) / 2)) {
    const std::vector<float> values = numbers(1 << 16, 1);
    for (std::int64_t i = 0; i < 2 * half_; ++i)
      std::memcpy(&data()[i], &values[static_cast<std::size_t>(i * width) % values.size()], sizeof(Vector));
  }
  void step() override {
    switch (kind_) {
      case Kind::read:
        return read();
      case Kind::write:
        return write();
      case Kind::copy:
        std::memcpy(data() + half_, data(), static_cast<std::size_t>(half_) * sizeof(Vector));
        return;
      case Kind::copy_nt:
        return copy_nt();
    }
  }
  std::vector<float> result() override { return {}; }

 private:
  Vector* data() { return memory_.data(); }

  void read() {
    constexpr std::int64_t lanes = 8;
    Vector sums[lanes]{};
    std::int64_t i = 0;
    for (; i + lanes <= 2 * half_; i += lanes) {
      for (std::int64_t l = 0; l < lanes; ++l) sums[l] += data()[i + l];
    }
    for (const Vector& sum : sums) use(sum);
  }
  void write() {
    Vector value{};
    value += ++count_;
    for (std::int64_t i = 0; i < 2 * half_; ++i) stream(data() + i, value);
    fence();
  }
  void copy_nt() {
    for (std::int64_t i = 0; i < half_; ++i) stream(data() + half_ + i, data()[i]);
    fence();
  }

  static void stream(Vector* to, const Vector& value) {
#if defined(__AVX512F__)
    _mm512_stream_ps(reinterpret_cast<float*>(to), value);
#elif defined(__AVX__)
    _mm256_stream_ps(reinterpret_cast<float*>(to), value);
#elif defined(__SSE2__)
    _mm_stream_ps(reinterpret_cast<float*>(to), value);
#else
    *to = value;
#endif
  }
  static void fence() {
#ifdef __SSE2__
    _mm_sfence();
#endif
  }

  Kind kind_;
  std::int64_t half_;
  float count_ = 0;
  PoolVector<Vector> memory_{static_cast<std::size_t>(2 * half_)};
};

// Sixteen chains of multiply-adds, more than any processor has in flight. (This file alone is compiled with
// -ffp-contract=fast, so that each is one instruction where there is one.)
class MultiplyAdd : public Run {
 public:
  explicit MultiplyAdd(double flops) : rounds_(static_cast<std::int64_t>(flops / (2 * chains * width))) {}
  void step() override {
    Vector sums[chains], factor{}, term{};
    for (Vector& sum : sums) sum = Vector{} + static_cast<float>(&sum - sums);  // alike, they would become one
    factor += 0.5f;
    term += 1.f;
    for (std::int64_t round = 0; round < rounds_; ++round) {
      for (Vector& sum : sums) sum = sum * factor + term;
      asm volatile("" : "+x"(factor));
    }
    for (const Vector& sum : sums) use(sum);
  }
  std::vector<float> result() override { return {}; }

 private:
  static constexpr std::int64_t chains = 16;
  std::int64_t rounds_;
};

}  // namespace

void add_limits(std::vector<Contestant>& contestants) {
  const auto memory = [](Memory::Kind kind) {
    return [kind](const Problem& problem) -> std::unique_ptr<Run> {
      if (problem.traffic == 0) return nullptr;
      return std::make_unique<Memory>(kind, problem.working_set);
    };
  };
  contestants.push_back({"read", memory(Memory::Kind::read)});
  contestants.push_back({"write", memory(Memory::Kind::write)});
  contestants.push_back({"copy", memory(Memory::Kind::copy)});
  contestants.push_back({"copy_nt", memory(Memory::Kind::copy_nt)});
  contestants.push_back({"multiply_add", [](const Problem& problem) -> std::unique_ptr<Run> {
                           if (problem.flops == 0) return nullptr;
                           return std::make_unique<MultiplyAdd>(problem.flops);
                         }});
}

}  // namespace wengert::bench
