// bfloat16: conversions, each rounded once, and arithmetic.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <type_traits>

#include "tests/kernels/simt/support.hpp"

namespace {

static_assert(sizeof(__nv_bfloat16) == 2 && sizeof(__nv_bfloat162) == 4 && alignof(__nv_bfloat162) == 4);
static_assert(std::is_trivially_copyable_v<__nv_bfloat16> && std::is_trivially_default_constructible_v<__nv_bfloat16>);

unsigned bits(__nv_bfloat16 x) { return __bfloat16_as_ushort(x); }
__nv_bfloat16 of_bits(unsigned number) { return __ushort_as_bfloat16(static_cast<unsigned short>(number)); }

enum class Mode { nearest, to_zero, down, up };

/// What x is as a bfloat16, by looking through all of those that are positive and finite.
unsigned expected_bits(long double x, Mode mode) {
  static const std::vector<long double> all = [] {
    std::vector<long double> values;
    for (unsigned i = 0; i <= 0x7f7f; ++i) values.push_back(std::bit_cast<float>(i << 16));
    values.push_back(0x1p128L);  // in the place of infinity
    return values;
  }();
  const bool negative = std::signbit(x);
  const long double magnitude = std::fabs(x);
  auto at = static_cast<unsigned>(std::upper_bound(all.begin(), all.end(), magnitude) - all.begin()) - 1;
  if (at + 1 < all.size() && all[at] != magnitude) {
    const long double below = magnitude - all[at], above = all[at + 1] - magnitude;
    if (mode == Mode::nearest) at += above < below || (above == below && at % 2 == 1);
    if (mode == Mode::down) at += negative;
    if (mode == Mode::up) at += !negative;
  }
  return at | (negative ? 0x8000u : 0u);
}

TEST_CASE("bfloat16: what a cast of a number makes") {
  CHECK(bits((__nv_bfloat16)1.5f) == 0x3fc0);
  CHECK(bits(__nv_bfloat16(1.5)) == 0x3fc0);
  CHECK(bits(__nv_bfloat16(3)) == 0x4040);
  CHECK(bits(static_cast<__nv_bfloat16>(-2ll)) == 0xc000);
  CHECK(bits(__nv_bfloat16(std::uint16_t{1})) == 0x3f80);
  CHECK(bits(__nv_bfloat16_raw{1}) == 1);
  __nv_bfloat16 x = 0.25f;
  CHECK(bits(x) == 0x3e80);
  x = 7u;
  CHECK(bits(x) == 0x40e0);
  x = 0.5;
  CHECK(bits(x) == 0x3f00);
  CHECK(bits(NAN) == 0x7fff);
  CHECK(bits(-NAN) == 0x7fff);
  CHECK(bits(INFINITY) == 0x7f80);
  CHECK(bits(-0.0f) == 0x8000);
  CHECK(bits(std::numeric_limits<float>::max()) == 0x7f80);
  CHECK(bits(-1e300) == 0xff80);
}

TEST_CASE("bfloat16: every one becomes a float and comes back") {
  unsigned wrong = 0;
  for (unsigned i = 0; i < 0x10000; ++i) {
    const auto wide = static_cast<float>(of_bits(i));
    wrong += std::isnan(wide) ? (i & 0x7fff) <= 0x7f80 || bits(wide) != 0x7fff
                              : std::bit_cast<unsigned>(wide) != i << 16 || bits(wide) != i || bits(double{wide}) != i;
  }
  CHECK(wrong == 0);
}

/// Numbers of all sizes, and those halfway between two bfloat16s and beside.
std::vector<double> numbers() {
  std::mt19937_64 random(1);
  std::vector<double> all{0,         0x1p-133,   0x1p-134,   0x1.8p-134,  0x1p-140,
                          0x1p-1074, 0x1.fep127, 0x1.ffp127, 0x1.fefp127, 1e300};
  for (int i = 0; i < 3000; ++i) {
    const auto exponent = static_cast<int>(random() % 280) - 145;
    const double near = std::ldexp(static_cast<double>(0x100 + random() % 0x100), exponent);  // a bfloat16, or halfway
    for (const double x : {near, std::nextafter(near, 0.0), std::nextafter(near, 1e308), near * (1 + 0x1p-20)})
      all.push_back(x);
  }
  const std::size_t half = all.size();
  for (std::size_t i = 0; i < half; ++i) all.push_back(-all[i]);
  return all;
}

TEST_CASE("bfloat16: floats and doubles are rounded once, in every direction") {
  unsigned wrong = 0;
  for (const double x : numbers()) {
    wrong += bits(x) != expected_bits(x, Mode::nearest) || bits(__double2bfloat16(x)) != bits(x);
    const auto single = static_cast<float>(x);
    if (std::isinf(single)) continue;
    wrong += bits(single) != expected_bits(single, Mode::nearest) || bits(__float2bfloat16(single)) != bits(single);
    wrong += bits(__float2bfloat16_rn(single)) != bits(single);
    wrong += bits(__float2bfloat16_rz(single)) != expected_bits(single, Mode::to_zero);
    wrong += bits(__float2bfloat16_rd(single)) != expected_bits(single, Mode::down);
    wrong += bits(__float2bfloat16_ru(single)) != expected_bits(single, Mode::up);
  }
  CHECK(wrong == 0);
  CHECK(bits(__float2bfloat16_rz(INFINITY)) == 0x7f80);
  CHECK(bits(__float2bfloat16_ru(-INFINITY)) == 0xff80);
  CHECK(bits(__float2bfloat16_rd(NAN)) == 0x7fff);
}

/// How many of many integers are rounded wrongly by one of a type's functions.
template <class Integer, class Cast, class Nearest, class ToZero, class Down, class Up>
unsigned wrong_from(const Cast& cast, const Nearest& rn, const ToZero& rz, const Down& rd, const Up& ru) {
  std::mt19937_64 random(2);
  unsigned wrong = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto shift = random() % 64;
    const auto wide = (random() >> shift) + (i % 2 != 0 ? (0x181ull << random() % 55) : 0);
    const auto x = static_cast<Integer>(wide);
    const auto exact = static_cast<long double>(x);
    wrong += bits(cast(x)) != expected_bits(exact, Mode::nearest) || bits(rn(x)) != bits(cast(x));
    wrong += bits(rz(x)) != expected_bits(exact, Mode::to_zero);
    wrong += bits(rd(x)) != expected_bits(exact, Mode::down);
    wrong += bits(ru(x)) != expected_bits(exact, Mode::up);
  }
  return wrong;
}
#define CHECK_FROM(Integer, name)                                                               \
  CHECK(wrong_from<Integer>([](Integer x) { return __nv_bfloat16(x); }, __##name##2bfloat16_rn, \
                            __##name##2bfloat16_rz, __##name##2bfloat16_rd, __##name##2bfloat16_ru) == 0)

TEST_CASE("bfloat16: integers are rounded once, in every direction") {
  CHECK_FROM(short, short);
  CHECK_FROM(unsigned short, ushort);
  CHECK_FROM(int, int);
  CHECK_FROM(unsigned, uint);
  CHECK_FROM(long long, ll);
  CHECK_FROM(unsigned long long, ull);
  CHECK(bits(__nv_bfloat16(std::numeric_limits<long long>::min())) == 0xdf00);
}

/// How many of all bfloat16s become a wrong integer.
template <class Integer, class Convert, class Round>
unsigned wrong_to(const Convert& convert, const Round& round) {
  constexpr auto lowest = static_cast<long double>(std::numeric_limits<Integer>::min());
  constexpr auto highest = static_cast<long double>(std::numeric_limits<Integer>::max());
  unsigned wrong = 0;
  for (unsigned i = 0; i < 0x10000; ++i) {
    const long double x = std::bit_cast<float>(i << 16);
    Integer expected = sizeof(Integer) < 8 ? 0 : static_cast<Integer>(1ull << 63);  // of NaN
    if (!std::isnan(x))
      expected = static_cast<Integer>(std::clamp(static_cast<long double>(round(x)), lowest, highest));
    wrong += convert(of_bits(i)) != expected;
  }
  return wrong;
}
#define CHECK_CAST_TO(Integer)                                                     \
  CHECK(wrong_to<Integer>([](__nv_bfloat16 x) { return static_cast<Integer>(x); }, \
                          [](long double x) { return std::trunc(x); }) == 0)
#define CHECK_TO(Integer, name)                                                                           \
  CHECK(wrong_to<Integer>(__bfloat162##name##_rn, [](long double x) { return std::nearbyint(x); }) == 0); \
  CHECK(wrong_to<Integer>(__bfloat162##name##_rz, [](long double x) { return std::trunc(x); }) == 0);     \
  CHECK(wrong_to<Integer>(__bfloat162##name##_rd, [](long double x) { return std::floor(x); }) == 0);     \
  CHECK(wrong_to<Integer>(__bfloat162##name##_ru, [](long double x) { return std::ceil(x); }) == 0)

TEST_CASE("bfloat16: every one becomes an integer, the nearest that there is") {
  CHECK_CAST_TO(signed char);
  CHECK_CAST_TO(unsigned char);
  CHECK_CAST_TO(char);
  CHECK_CAST_TO(short);
  CHECK_CAST_TO(unsigned short);
  CHECK_CAST_TO(int);
  CHECK_CAST_TO(unsigned);
  CHECK_CAST_TO(long);
  CHECK_CAST_TO(unsigned long);
  CHECK_CAST_TO(long long);
  CHECK_CAST_TO(unsigned long long);
  CHECK_TO(short, short);
  CHECK_TO(unsigned short, ushort);
  CHECK_TO(int, int);
  CHECK_TO(unsigned, uint);
  CHECK_TO(long long, ll);
  CHECK_TO(unsigned long long, ull);
  CHECK(static_cast<bool>(of_bits(1)));
  CHECK(!static_cast<bool>(of_bits(0x8000)));
  CHECK(static_cast<double>(__nv_bfloat16(1.5f)) == 1.5);
}

TEST_CASE("bfloat16: arithmetic is rounded once") {
  std::mt19937 random(3);
  const auto draw = [&] { return of_bits((random() & 0x8fff) | 0x3800 | (random() & 0x400)); };  // 2^-15 to 2^32
  unsigned wrong = 0;
  for (int i = 0; i < 20000; ++i) {
    const __nv_bfloat16 a = draw(), b = draw(), c = draw();
    const long double x = float(a), y = float(b), z = float(c);
    const auto is = [](__nv_bfloat16 got, long double exact) {
      return bits(got) == expected_bits(exact, Mode::nearest);
    };
    wrong += !is(a + b, x + y == 0 ? 0.0L : x + y) || !is(a - b, x - y == 0 ? 0.0L : x - y) || !is(a * b, x * y) ||
             !is(a / b, x / y);
    const long double sum = x * y + z;
    if (std::abs(std::ilogb(x * y) - std::ilogb(z)) < 40 && sum != 0) wrong += !is(__hfma(a, b, c), sum);
    wrong += !is(-a, -x) || !is(+a, x) || !is(__habs(a), std::fabs(x)) || !is(__hmax(a, b), std::max(x, y)) ||
             !is(__hmin(a, b), std::min(x, y));
    wrong += (a < b) != (x < y) || (a <= b) != (x <= y) || (a > b) != (x > y) || (a >= b) != (x >= y) ||
             (a == b) != (x == y) || (a != b) != (x != y);
  }
  CHECK(wrong == 0);
  // The product lies halfway between two, and the sum a little beside it.
  CHECK(bits(__hfma(1.5f, 1.0078125f, 0.0f)) == 0x3fc2);
  CHECK(bits(__hfma(1.5f, 1.0078125f, -0x1p-60f)) == 0x3fc1);
  CHECK(bits(__hfma(1.5f, 1.0078125f, 0x1p-60f)) == 0x3fc2);
  CHECK(bits(__hfma(INFINITY, 1.0f, 1.0f)) == 0x7f80);
}

TEST_CASE("bfloat16: assignments, steps, and what NaN compares to") {
  __nv_bfloat16 x = 2.0f;
  CHECK(float(x += 3.0f) == 5);
  CHECK(float(x *= 2) == 10);
  CHECK(float(x -= 4.0f) == 6);
  CHECK(float(x /= 4.0f) == 1.5f);
  CHECK(float(++x) == 2.5f);
  CHECK(float(x--) == 2.5f);
  CHECK(float(x) == 1.5f);
  const __nv_bfloat16 nan = NAN, one = 1.0f;
  CHECK((!(nan == nan) && nan != nan && !(nan < one) && !(nan >= one) && !__hne(nan, one) && __hneu(nan, one)));
  CHECK(
      (__hisnan(nan) && !__hisnan(one) && __hisinf(-INFINITY) == -1 && __hisinf(INFINITY) == 1 && __hisinf(one) == 0));
  CHECK((float(__hmax(nan, one)) == 1 && float(__hmin(one, nan)) == 1));
  CHECK((bits(__hmax(-0.0f, 0.0f)) == 0 && bits(__hmax(0.0f, -0.0f)) == 0));
  CHECK((bits(__hmin(-0.0f, 0.0f)) == 0x8000 && bits(__hmin(0.0f, -0.0f)) == 0x8000));
}

bool is_pair(__nv_bfloat162 pair, float x, float y) { return float(pair.x) == x && float(pair.y) == y; }

TEST_CASE("bfloat16: pairs") {
  const __nv_bfloat162 a = __floats2bfloat162_rn(2, 3), b = __float22bfloat162_rn({4, -1});
  CHECK(is_pair(a, 2, 3));
  CHECK(is_pair(b, 4, -1));
  CHECK(is_pair(a + b, 6, 2));
  CHECK(is_pair(a - b, -2, 4));
  CHECK(is_pair(a * b, 8, -3));
  CHECK(is_pair(a / b, 0.5f, -3));
  CHECK(is_pair(-a, -2, -3));
  CHECK(is_pair(__hfma2(a, b, a), 10, 0));
  CHECK(is_pair(__hmax2(a, b), 4, 3));
  CHECK(is_pair(__hmin2(a, b), 2, -1));
  CHECK(is_pair(__habs2(b), 4, 1));
  __nv_bfloat162 c = a;
  c += b;
  CHECK(is_pair(++c, 7, 3));
  CHECK((a == a && !(a == b) && a != b && !(a < b) && a <= a && a > -a));
  CHECK(!(a != __floats2bfloat162_rn(2, 4)));  // true of both alone, as CUDA has it
  CHECK(is_pair(__halves2bfloat162(a.x, b.y), 2, -1));
  CHECK(is_pair(__lowhigh2highlow(a), 3, 2));
  CHECK(is_pair(__lows2bfloat162(a, b), 2, 4));
  CHECK(is_pair(__highs2bfloat162(a, b), 3, -1));
  CHECK(is_pair(__low2bfloat162(a), 2, 2));
  CHECK(is_pair(__high2bfloat162(a), 3, 3));
  CHECK(is_pair(__bfloat162bfloat162(a.y), 3, 3));
  CHECK(is_pair(__float2bfloat162_rn(5), 5, 5));
  CHECK(
      (__low2float(a) == 2 && __high2float(a) == 3 && float(__low2bfloat16(a)) == 2 && float(__high2bfloat16(a)) == 3));
  const float2 floats = __bfloat1622float2(a);
  CHECK((floats.x == 2 && floats.y == 3));
  CHECK(__bfloat16_as_short(__short_as_bfloat16(-3)) == -3);
}

__global__ void halve(__nv_bfloat16* x) { x[threadIdx.x] *= 0.5f; }

TEST_CASE("bfloat16: in a kernel") {
  std::vector<__nv_bfloat16> values(64), halves(64);
  for (int i = 0; i < 64; ++i)
    values[static_cast<std::size_t>(i)] = i, halves[static_cast<std::size_t>(i)] = static_cast<float>(i) * 0.5f;
  simt::Array<__nv_bfloat16> x(64);
  x.upload(values);
  simt::launch<halve>({1, 64}, x.data());
  CHECK(x.download() == halves);
}

__global__ void count(__nv_bfloat16* one, __nv_bfloat162* two) {
  atomicAdd(one, __nv_bfloat16(1.0f));
  atomicAdd(two, __nv_bfloat162(1.0f, -2.0f));
}

TEST_CASE("bfloat16: atomicAdd of one and of a pair") {
  simt::Array<__nv_bfloat16> one(2);
  simt::Array<__nv_bfloat162> two(1);
  one.upload(std::vector<__nv_bfloat16>{0.0f, 5.0f});
  two.upload(std::vector<__nv_bfloat162>{{0.0f, 0.0f}});
  simt::launch<count>({1, 64}, one.data(), two.data());
  CHECK(one.download() == std::vector<__nv_bfloat16>{64.0f, 5.0f});
  CHECK(is_pair(two.download()[0], 64, -128));
}

}  // namespace
