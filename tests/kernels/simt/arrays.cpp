// Device memory with an owner.
#include <array>
#include <cstdint>

#include "tests/kernels/simt/support.hpp"

namespace {

using simt_testing::error_of;

TEST_CASE("arrays: what is uploaded comes back") {
  simt::Array<double> array(3);
  CHECK(array.size() == 3);
  CHECK(reinterpret_cast<std::uintptr_t>(array.data()) % 256 == 0);
  const std::array<double, 3> values{1, 2, 3};
  array.upload(values);
  CHECK(array.download() == std::vector<double>(values.begin(), values.end()));
}

TEST_CASE("arrays: new memory is NaN, or a large number") {
  CHECK(simt::Array<std::uint32_t>(3).download() == std::vector<std::uint32_t>(3, 0x7fff7fffu));
  CHECK(simt::Array<std::uint8_t>(3).download() == std::vector<std::uint8_t>{0xff, 0x7f, 0xff});
}

TEST_CASE("arrays: moving hands over the memory") {
  simt::Array<int> a(2), b(3);
  const int* const memory = a.data();
  simt::Array<int> c = std::move(a);
  CHECK((c.data() == memory && c.size() == 2));
  b = std::move(c);
  CHECK((b.data() == memory && b.size() == 2));
}

TEST_CASE("arrays: none of no elements is an error") {
  simt::Array<int> empty(0);
  empty.upload({});
  CHECK(empty.download().empty());
}

TEST_CASE("arrays: errors") {
  CHECK(error_of([] { simt::Array<int>(3).upload(std::vector<int>(4)); }) ==
        "upload: the array has 3 elements, and 4 were given");
  CHECK(error_of([] { simt::Array<char> large(std::size_t{1} << 62); }) ==
        "out of device memory: 4611686018427387904 elements of 1 bytes were asked for");
  CHECK(error_of([] { simt::Array<double> large(~std::size_t{0} / 4); }) ==
        "out of device memory: 4611686018427387903 elements of 8 bytes were asked for");
}

}  // namespace
