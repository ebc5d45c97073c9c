// Words that threads access in parts: each byte has a history of its own.
#include <cstdint>

#include "tests/kernels/simt/checker/planted.hpp"

namespace {

using planted::error_of;

const simt::Launch one_warp{dim3(1), dim3(32)}, two_warps{dim3(1), dim3(64)};

bool is_race(const std::string& text) { return text.find(": race on byte ") != std::string::npos; }

template <class T>
__global__ void doubles_in_place(T* x, int rounds) {
  SHARED(T, s, [64]);
  const unsigned i = threadIdx.x;
  s[i] = x[i];
  for (int round = 0; round < rounds; ++round) {
    s[i] = static_cast<T>(s[i] * T(2));
    x[i] = static_cast<T>(x[i] * T(2));
    __syncwarp();
    x[i] = static_cast<T>(x[i] + T(1));
    s[i] = static_cast<T>(s[i] + T(1));
    if (round % 2 == 0) __syncthreads();
  }
  __syncthreads();
  const T neighbour = s[63 - i];  // of other bytes of other words
  __syncthreads();
  s[i] = neighbour;
  x[i] = s[i];
}
template <class T>
void check_in_place() {
  simt::Array<T> x(64);
  std::vector<T> values(64), expected(64);
  for (int i = 0; i < 64; ++i) {
    values[static_cast<std::size_t>(i)] = static_cast<T>(i % 5);
    expected[static_cast<std::size_t>(63 - i)] = static_cast<T>(8 * (i % 5) + 7);
  }
  x.upload(values);
  CHECK(error_of([&] { simt::launch<doubles_in_place<T>>(two_warps, x.data(), 3); }) == "");
  CHECK(x.download() == expected);
}
TEST_CASE("threads that change neighbouring bytes in place race with nobody") {
  check_in_place<signed char>();
  check_in_place<std::uint8_t>();
  check_in_place<short>();
  check_in_place<std::uint16_t>();
  check_in_place<__nv_bfloat16>();
  check_in_place<int>();
}

template <class T, bool mended>
__global__ void neighbour_writes_after(T* out) {
  SHARED(T, s, [32]);
  if (threadIdx.x < 4) s[threadIdx.x] = T(1);  // the last of them is the word's last writer
  if (mended) __syncwarp();
  if (threadIdx.x == 4) *out = s[0];
}
template <class T, bool mended>
__global__ void neighbour_reads_after(T* out) {
  SHARED(T, s, [32]);
  s[threadIdx.x] = T(1);
  __syncthreads();
  if (threadIdx.x < 4) out[threadIdx.x] = s[threadIdx.x];
  if (mended) __syncwarp();
  if (threadIdx.x == 4) s[1] = T(2);
}
template <class T, bool mended>
__global__ void writes_on_device(T* x, T* out) {
  x[threadIdx.x] = T(1);
  if (mended) __syncwarp();
  out[threadIdx.x] = x[threadIdx.x ^ 1];
}
template <class T>
void check_misses() {
  simt::Array<T> out(32), x = planted::counted<T>(32);
  const std::string head = "kernel neighbour_writes_after, block (0,0,0), thread (4,0,0): parts.cpp:";
  const std::string written = error_of([&] { simt::launch<neighbour_writes_after<T, false>>(one_warp, out.data()); });
  CHECK(written.starts_with(head));
  CHECK(written.find(": race on byte 0 of shared 's' (" + std::to_string(32 * sizeof(T)) +
                     " bytes): this read and the write at ") != std::string::npos);
  CHECK(written.find(" by thread (0,0,0) have neither __syncwarp nor __syncthreads between them") != std::string::npos);
  CHECK(error_of([&] { simt::launch<neighbour_writes_after<T, true>>(one_warp, out.data()); }) == "");

  const std::string read = error_of([&] { simt::launch<neighbour_reads_after<T, false>>(one_warp, out.data()); });
  CHECK(read.find(": race on byte " + std::to_string(sizeof(T)) + " of shared") != std::string::npos);
  CHECK(read.find(": this write and the read at ") != std::string::npos);
  CHECK(read.find(" by thread (1,0,0) ") != std::string::npos);
  CHECK(error_of([&] { simt::launch<neighbour_reads_after<T, true>>(one_warp, out.data()); }) == "");

  CHECK(is_race(error_of([&] { simt::launch<writes_on_device<T, false>>(one_warp, x.data(), out.data()); })));
  CHECK(error_of([&] { simt::launch<writes_on_device<T, true>>(one_warp, x.data(), out.data()); }) == "");
}
TEST_CASE("what a neighbour does to its byte hides no race about another") {
  check_misses<signed char>();
  check_misses<std::uint8_t>();
  check_misses<short>();
  check_misses<std::uint16_t>();
  check_misses<__nv_bfloat16>();
}

// A word is written whole and read in parts, and the other way round.
template <bool mended>
__global__ void whole_then_part(unsigned char* out) {
  SHARED(unsigned, words, [32]);
  words[threadIdx.x] = 0;
  __syncthreads();
  words[threadIdx.x] = threadIdx.x;  // <1>
  if (mended) __syncwarp();
  const auto* bytes = reinterpret_cast<const unsigned char*>(words);
  out[threadIdx.x] = bytes[(4 * threadIdx.x + 6) % 128];  // <2>
}
template <bool mended>
__global__ void part_then_whole(unsigned* out) {
  SHARED(unsigned, words, [32]);
  words[threadIdx.x] = 0;
  __syncthreads();
  auto* bytes = reinterpret_cast<unsigned char*>(words);
  bytes[4 * (threadIdx.x / 4) + threadIdx.x % 4] = 1;  // <1>
  if (mended) __syncwarp();
  out[threadIdx.x] = words[threadIdx.x / 4];  // <2>
  __syncthreads();
  words[threadIdx.x] = threadIdx.x;
  __syncthreads();
  bytes[threadIdx.x] = 2;
}
TEST_CASE("words that are accessed whole and in parts") {
  simt::Array<unsigned char> bytes(32);
  simt::Array<unsigned> words(32);
  CHECK_PLANTED(
      whole_then_part,
      "whole_then_part, block (0,0,0), thread (1,0,0): <1>: race on byte 6 of shared 'words' (128 bytes): this "
      "write and the read at <2> by thread (0,0,0) have neither __syncwarp nor __syncthreads between them",
      one_warp, bytes.data());
  CHECK_PLANTED(
      part_then_whole,
      "part_then_whole, block (0,0,0), thread (1,0,0): <1>: race on byte 1 of shared 'words' (128 bytes): this "
      "write and the read at <2> by thread (0,0,0) have neither __syncwarp nor __syncthreads between them",
      one_warp, words.data());
  CHECK(words.download() == std::vector<unsigned>(32, 0x01010101));
}

// Blocks have neighbouring bytes; one that reads another block's is in a race.
template <bool mended>
__global__ void byte_of_each_block(std::uint16_t* x, std::uint16_t* out) {
  x[blockIdx.x] = static_cast<std::uint16_t>(x[blockIdx.x] + 1);
  out[blockIdx.x] = x[mended ? blockIdx.x : 0];
}
TEST_CASE("blocks that change neighbouring bytes of device memory") {
  auto x = planted::counted<std::uint16_t>(8);
  simt::Array<std::uint16_t> out(8);
  const simt::Launch extent{dim3(8), dim3(1)};
  const std::string text = error_of([&] { simt::launch<byte_of_each_block<false>>(extent, x.data(), out.data()); });
  CHECK(text.starts_with("kernel byte_of_each_block, block (1,0,0), thread (0,0,0): parts.cpp:"));
  CHECK(text.find(": race on byte 0 of the array of 16 bytes ") != std::string::npos);
  CHECK(error_of([&] { simt::launch<byte_of_each_block<true>>(extent, x.data(), out.data()); }) == "");
}

template <bool mended>
__global__ void half_written(std::uint16_t* out) {
  SHARED(std::uint16_t, s, [64]);
  s[2 * threadIdx.x] = 1;
  if (mended) s[2 * threadIdx.x + 1] = 1;
  __syncthreads();
  out[threadIdx.x] = s[threadIdx.x];  // <1>
}
TEST_CASE("half of a word is not written") {
  simt::Array<std::uint16_t> out(32);
  CHECK_PLANTED(
      half_written,
      "half_written, block (0,0,0), thread (1,0,0): <1>: uninitialised: this read of byte 2 of shared 's' (128 "
      "bytes) finds what nobody has written",
      one_warp, out.data());
}

// The halves of a word, one by atomics of all threads, the other by one thread alone.
template <bool mended>
__global__ void atomic_half(std::uint16_t* x, std::uint16_t* out) {
  for (unsigned short old = 0, seen; (seen = atomicCAS(&x[0], old, static_cast<unsigned short>(old + 1))) != old;
       old = seen) {
  }
  if (threadIdx.x == 0) x[1] = static_cast<std::uint16_t>(x[1] + 1);
  if (mended) __syncthreads();
  if (threadIdx.x == 1) *out = x[0];
}
TEST_CASE("atomics on 16 bits, beside plain accesses to the other half of the word") {
  simt::Array<std::uint16_t> x(2), out(1);
  x.upload(std::vector<std::uint16_t>(2, 0));
  const std::string text = error_of([&] { simt::launch<atomic_half<false>>(two_warps, x.data(), out.data()); });
  CHECK(text.find(": race on byte 0 of ") != std::string::npos);
  CHECK(text.find(": this atomic and the read at parts.cpp:") != std::string::npos);
  x.upload(std::vector<std::uint16_t>(2, 0));
  CHECK(error_of([&] { simt::launch<atomic_half<true>>(two_warps, x.data(), out.data()); }) == "");
  CHECK(x.download() == std::vector<std::uint16_t>{64, 1});
  CHECK(out.download() == std::vector<std::uint16_t>{64});
}

// What bfloat16's own functions read, they read for the kernel's line.
template <bool mended>
__global__ void converts(__nv_bfloat16* x, float* out) {
  SHARED(__nv_bfloat16, s, [64]);
  s[threadIdx.x] = 0.0f;
  __syncthreads();
  s[threadIdx.x] = x[threadIdx.x];  // <1>
  if (mended) __syncthreads();
  out[threadIdx.x] = s[63 - threadIdx.x];  // <2>
}
template <bool mended>
__global__ void adds(__nv_bfloat16* x) {
  SHARED(__nv_bfloat16, s, [64]);
  s[threadIdx.x] = 0.0f;
  __syncthreads();
  s[threadIdx.x] = x[threadIdx.x];  // <1>
  if (mended) __syncthreads();
  s[63 - threadIdx.x] += __nv_bfloat16(1.0f);  // <2>
}
TEST_CASE("accesses by bfloat16's functions have the kernel's line") {
  auto x = planted::counted<__nv_bfloat16>(64);
  simt::Array<float> out(64);
  const std::string
      where = ", block (0,0,0), thread (32,0,0): <1>: race on byte 64 of shared 's' (128 bytes): this write and ",
      by = " at <2> by thread (31,0,0) have no __syncthreads between them";
  CHECK_PLANTED(converts, "converts" + where + "the read" + by, two_warps, x.data(), out.data());
  CHECK_PLANTED(adds, "adds" + where + "the write" + by, two_warps, x.data());
}

}  // namespace
