// Stores that pass the caches by, for results so large that they would not stay there anyway: the line is not read
// before it is written, which saves a third of a copy's traffic.
#pragma once

#include <algorithm>
#include <cstdint>

#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace wengert::kernels::cpu {

/// The least number of bytes that is worth it: results below this may be found in a cache by whoever reads them next.
inline constexpr std::int64_t stream_out_bytes = std::int64_t{16} << 20;

/// to[i] = from[i] for i in [0, n).
template <class T>
void stream_out(std::int64_t n, const T* from, T* to) {
#ifdef __SSE2__
#ifdef __AVX512F__
  constexpr std::int64_t width = 64;
#else
  constexpr std::int64_t width = 16;
#endif
  constexpr std::int64_t step = width / static_cast<std::int64_t>(sizeof(T));
  const std::int64_t misplaced = static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(to) % width);
  std::int64_t i = std::min(n, misplaced == 0 ? 0 : (width - misplaced) / static_cast<std::int64_t>(sizeof(T)));
  std::copy(from, from + i, to);
  for (; i + step <= n; i += step) {
#ifdef __AVX512F__
    _mm512_stream_si512(reinterpret_cast<__m512i*>(to + i), _mm512_loadu_si512(from + i));
#else
    _mm_stream_si128(reinterpret_cast<__m128i*>(to + i), _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i)));
#endif
  }
  std::copy(from + i, from + n, to + i);
#else
  std::copy(from, from + n, to);
#endif
}

/// Makes what was streamed out visible to other threads: once at the end of a loop.
inline void stream_out_fence() {
#ifdef __SSE2__
  _mm_sfence();
#endif
}

}  // namespace wengert::kernels::cpu
