// Integer intrinsics and conversions.
#include <doctest/doctest.h>

#include <climits>
#include <cmath>
#include <simt.hpp>

namespace {

TEST_CASE("bits: counting and finding") {
  CHECK(__popc(0xf0f0u) == 8);
  CHECK(__popcll(~0ull) == 64);
  CHECK(__clz(0) == 32);
  CHECK(__clz(-1) == 0);
  CHECK(__clzll(1) == 63);
  CHECK(__ffs(0) == 0);
  CHECK(__ffs(INT_MIN) == 32);
  CHECK(__ffsll(1LL << 40) == 41);
}

TEST_CASE("bits: a reversed word has bit i where bit 31 - i was") {
  for (int i = 0; i < 32; ++i) CHECK(__brev(1u << i) == 1u << (31 - i));
  CHECK(__brevll(0x123) == 0xc480000000000000);
}

TEST_CASE("bits: bytes and shifts across two words") {
  CHECK(__byte_perm(0x33221100, 0x77665544, 0x7531) == 0x77553311);
  CHECK(__byte_perm(0x000000ff, 0, 0x0008) == 0xffffffffu);  // the sign of byte 0, then byte 0 itself
  CHECK(__funnelshift_l(0x80000000, 1, 1) == 3);
  CHECK(__funnelshift_l(5, 6, 32) == 6);
  CHECK(__funnelshift_r(0x80000000, 1, 31) == 3);
}

TEST_CASE("bits: upper halves of products") {
  CHECK(__mulhi(-1, 1) == -1);
  CHECK(__umulhi(0xffffffffu, 2) == 1);
  CHECK(__mul64hi(LLONG_MIN, 2) == -1);
  CHECK(__umul64hi(~0ull, ~0ull) == ~0ull - 1);
}

TEST_CASE("bits: conversions round as named, clamp, and make NaN 0") {
  CHECK(__float2int_rn(2.5f) == 2);
  CHECK(__float2int_rn(3.5f) == 4);
  CHECK(__float2int_rz(-2.7f) == -2);
  CHECK(__float2int_rd(-2.1f) == -3);
  CHECK(__float2int_ru(2.1f) == 3);
  CHECK(__float2int_rn(3e9f) == INT_MAX);
  CHECK(__float2int_rz(-INFINITY) == INT_MIN);
  CHECK(__float2int_rn(NAN) == 0);
  CHECK(__float2uint_rn(-1) == 0);
  CHECK(__float2uint_rz(4e9f) == 4000000000u);
  CHECK(__int_as_float(0x3f800000) == 1);
  CHECK(__float_as_int(-0.0f) == INT_MIN);
}

}  // namespace
